"""Versions of notes: what a note said at each save."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from learningaier.api.schema import also_answers
from learningaier.api.views import OwnedView
from learningaier.sync.idempotency import idempotent
from learningaier.sync.views import TaggedView
from notes.models import Note
from notes.serializers.notes import NoteSerializer
from notes.serializers.versions import VersionSerializer
from notes.services.notes import restore_version
from notes.services.versions import list_versions, read_version


class VersionsView(OwnedView[Note]):
    """The versions of one note."""

    queryset = Note.objects.all()
    pagination_class = None  # they are few

    @extend_schema(
        operation_id="notes_versions_list",
        summary="List a note's versions",
        description=(
            "One for each save that changed the text, the newest first; the newest 50, and older "
            "ones that kept answers quote."
        ),
        responses=VersionSerializer(many=True),
    )
    def get(self, request: Request, pk: Any) -> Response:
        """Each version with what the note said."""
        return Response(VersionSerializer(list_versions(self.get_object()), many=True).data)


class VersionView(OwnedView[Note]):
    """One version of a note."""

    queryset = Note.objects.all()

    @extend_schema(
        summary="Read a version of a note",
        description="What the note said; `version_link` of an answer's source leads here.",
        responses=VersionSerializer,
    )
    def get(self, request: Request, pk: Any, number: int) -> Response:
        """What the note said in this version."""
        return Response(VersionSerializer(read_version(self.get_object(), number)).data)


class RestoreVersionView(TaggedView[Note]):
    """Makes a note say again what it said."""

    bodiless_methods = frozenset({"post"})
    queryset = Note.objects.to_be_shown()
    serializer_class = NoteSerializer

    @extend_schema(
        summary="Restore a version of a note",
        description="The note says again what it said; that is a new version, which is answered.",
        request=None,
        responses=VersionSerializer,
    )
    @idempotent()
    @also_answers(
        HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED, HTTPStatus.UNPROCESSABLE_ENTITY
    )
    def post(self, request: Request, pk: Any, number: int) -> Response:
        """The version that the note says now."""
        note = self.get_object()
        self.check_precondition(note)
        note = restore_version(note=note, number=number)
        headers = {"ETag": self.respond(note)["ETag"]}
        return Response(VersionSerializer(read_version(note, note.version)).data, headers=headers)
