"""Notes, and questions about them."""

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from learningaier.accounts.current_user import current_user
from learningaier.api.jobs import accept
from learningaier.api.ratelimit import ratelimit
from learningaier.api.views import StrictView
from learningaier.jobs.running import start_job
from learningaier.knowledge.answering.answers import answer_question
from learningaier.knowledge.serializers import AnswerSerializer, QuestionSerializer
from learningaier.sync.views import CreatableView, EditableView
from notes import services
from notes.indexing import index_note
from notes.models import Note
from notes.serializers import (
    NoteSerializer,
    ReindexedSerializer,
    ReindexingSerializer,
    ReindexSerializer,
)


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

    queryset = Note.objects.all()
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
        description="Sets every field; a field that may be left out becomes empty.",
    ),
    patch=extend_schema(
        summary="Change a note",
        description="Sets the fields that are sent and leaves the others.",
    ),
    delete=extend_schema(
        summary="Delete a note",
        description="The note leaves search and answers at once.",
    ),
)
class NoteView(EditableView[Note]):
    """One note of the caller."""

    queryset = Note.objects.all()
    serializer_class = NoteSerializer

    def perform_update(self, serializer: BaseSerializer[Note]) -> None:
        """Store the fields that were sent and index the note again."""
        assert serializer.instance is not None
        services.update_note(note=serializer.instance, **serializer.validated_data)

    def perform_destroy(self, instance: Note) -> None:
        """Delete the note and what the index knows of it."""
        services.delete_note(note=instance)


class QuestionView(StrictView):
    """Questions to the library, or to a part of it."""

    @extend_schema(
        summary="Ask your library",
        description=(
            "An answer whose every sentence cites a passage of your notes and documents, or "
            "`not_found`. Without a scope the whole library is asked. Answers are kept for half an "
            "hour while nothing in their scope changes; `cached` says so."
        ),
        request=QuestionSerializer,
        responses=AnswerSerializer,
    )
    @ratelimit(group="ai_qa", setting="RATE_LIMIT_RAG_CHAT", is_paid=True)
    def post(self, request: Request) -> Response:
        """An answer with its citations, or `not_found`."""
        asked = QuestionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        scope = asked.make_scope(current_user(request))
        question, top_k = asked.validated_data["question"], asked.validated_data["top_k"]
        return Response(answer_question(question, scope=scope, top_k=top_k))


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
    def post(self, request: Request) -> Response:
        """Leave the work to a job."""
        job = start_job(owner_id=current_user(request).pk, work=services.reindex_notes)
        response = accept(job)
        response.data["message"] = "Your notes are being indexed again."
        return response
