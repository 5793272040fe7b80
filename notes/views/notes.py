"""Notes: one, many, and indexing them."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from learningaier.accounts.current_user import current_user
from learningaier.api.jobs import accept
from learningaier.api.views import StrictView
from learningaier.jobs.running import start_job
from learningaier.sync.idempotency import idempotent
from learningaier.sync.views import CreatableView, EditableView
from notes.indexing import index_note
from notes.models import Note, NoteVersion
from notes.serializers.notes import (
    AutosaveSerializer,
    NoteSerializer,
    ReindexedSerializer,
    ReindexingSerializer,
    ReindexSerializer,
)
from notes.services import notes as services


@extend_schema_view(
    get=extend_schema(
        summary="List notes",
        description="Your notes, newest first.",
    ),
    post=extend_schema(
        summary="Write a note",
        description="The note can be searched and asked about when the answer arrives, unless it "
        "is long: then `index_status` is `pending` until a worker has indexed it.",
    ),
)
class NotesView(CreatableView[Note]):
    """The caller's notes, newest first."""

    queryset = Note.objects.to_be_shown()
    serializer_class = NoteSerializer

    def perform_create(self, serializer: BaseSerializer[Note]) -> None:
        """Store the note and have it indexed."""
        serializer.instance = services.create_note(
            owner=current_user(self.request), **serializer.validated_data
        )


@extend_schema_view(
    get=extend_schema(summary="Read a note", description="One note with its text."),
    put=extend_schema(
        summary="Replace a note",
        description="Sets title and text (`content`, or a text in a language), both of which are "
        "needed. Other fields that are left out stay as they are.",
    ),
    patch=extend_schema(
        summary="Change a note",
        description=(
            "Sets the fields that are sent and leaves the others. `content_md_en` and "
            "`content_md_zh` are the text in that language, the note's own or a translation."
        ),
    ),
    delete=extend_schema(
        summary="Delete a note",
        description="The note leaves search and answers at once, and can be restored for 30 days.",
    ),
)
class NoteView(EditableView[Note]):
    """One note of the caller."""

    queryset = Note.objects.to_be_shown()
    serializer_class = NoteSerializer
    query_serializers = {"put": AutosaveSerializer, "patch": AutosaveSerializer}

    def perform_update(self, serializer: BaseSerializer[Note]) -> None:
        """Store the fields that were sent and index the note again."""
        assert serializer.instance is not None
        reason = NoteVersion.Reason.MANUAL
        if self.read_query().validated_data["autosave"]:
            reason = NoteVersion.Reason.AUTO
        serializer.instance = services.update_note(
            note=serializer.instance, reason=reason, **serializer.validated_data
        )

    def perform_destroy(self, instance: Note) -> None:
        """Delete the note and what the index knows of it."""
        services.delete_note(note=instance)


class ReindexView(StrictView):
    """Indexing a note again by hand."""

    @extend_schema(
        summary="Index a note again",
        description="Notes are indexed by themselves; `force` writes every chunk anew.",
        request=ReindexSerializer,
        responses=ReindexedSerializer,
    )
    def post(self, request: Request) -> Response:
        """Write the note's chunks anew."""
        asked = ReindexSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        note: Note = asked.validated_data["note"]
        indexed = index_note(note=note, is_forced=asked.validated_data["force"])
        return Response({"success": True, "chunks_created": indexed.written, "note_id": note.pk})


class ReindexAllView(StrictView):
    """Begins a job that indexes all notes again."""

    bodiless_methods = frozenset({"post"})

    @extend_schema(
        summary="Index all notes again",
        description="Has every chunk of your notes written anew, by a job whose id is answered.",
        request=None,
        responses={202: ReindexingSerializer},
    )
    @idempotent()
    def post(self, request: Request) -> Response:
        """Leave the work to a job."""
        job = start_job(owner_id=current_user(request).pk, work=services.reindex_notes)
        response = accept(job)
        response.data["message"] = "Your notes are being indexed again."
        return response
