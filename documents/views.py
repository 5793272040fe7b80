"""Documents: upload, state, original and text."""

from http import HTTPStatus
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.generics import ListAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from documents import services
from documents.bucket_uploads import take_from_bucket
from documents.events import stream_events
from documents.files import open_original
from documents.models import Document, DocumentText
from documents.serializers import (
    BucketFileSerializer,
    DocumentSerializer,
    DocumentTextSerializer,
    TakenInSerializer,
    UploadedSerializer,
    UploadSerializer,
)
from learningaier.accounts.current_user import current_user
from learningaier.api.events import event_response
from learningaier.api.negotiation import AnyMedia
from learningaier.api.parsers import UploadParser
from learningaier.api.ratelimit import ratelimit
from learningaier.api.schema import also_answers
from learningaier.api.views import OwnedView, StrictView
from learningaier.sync.idempotency import idempotent
from learningaier.sync.views import DeletableView


@extend_schema(
    summary="List documents",
    description="Your documents, newest first, with the state of their processing.",
)
class DocumentsView(OwnedView[Document], ListAPIView[Document]):
    """The caller's documents, newest first."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer


class UploadView(StrictView):
    """Takes in a file and queues it for a worker."""

    parser_classes = [UploadParser]

    @extend_schema(
        summary="Upload a document",
        description=(
            "Takes in a file and answers 202 while a worker extracts, chunks, embeds and indexes "
            "it; `status` and `progress` tell how far it is. The same bytes again answer 200 with "
            "the document that is there."
        ),
        request={"multipart/form-data": UploadSerializer},
        responses={202: UploadedSerializer, 200: UploadedSerializer},
    )
    @idempotent()
    @ratelimit(group="upload", setting="RATE_LIMIT_DOCUMENT_UPLOAD")
    @also_answers(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    def post(self, request: Request) -> Response:
        """The document, to be processed; the same bytes again are the existing one."""
        asked = UploadSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        fields: dict[str, Any] = asked.validated_data
        document, is_new = services.create_document(
            owner=request.user,  # type: ignore[arg-type]  # authenticated by now
            upload=fields.pop("file"),
            **fields,
        )
        status = HTTPStatus.ACCEPTED if is_new else HTTPStatus.OK
        shown = UploadedSerializer(document, context={"existing": not is_new})
        return Response(shown.data, status=status)


class UploadProcessView(StrictView):
    """Takes in a file that is in the bucket already."""

    @extend_schema(
        summary="Take in a file of the bucket",
        description=(
            "For clients that upload to Firebase storage themselves: makes a document of the "
            "object `file_path`, below your own folder `documents/{uid}/`, and a note that gets "
            "its text (`is_processing` until then). The same `document_id` again answers 200 with "
            "what is there. A path of someone else's, or without an object, is 404."
        ),
        request=BucketFileSerializer,
        responses={202: TakenInSerializer, 200: TakenInSerializer},
    )
    @idempotent()
    @ratelimit(group="upload", setting="RATE_LIMIT_DOCUMENT_UPLOAD")
    @also_answers(HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    def post(self, request: Request) -> Response:
        """The document and the note of its text."""
        asked = BucketFileSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        taken = take_from_bucket(
            owner=current_user(request),
            document_id=asked.validated_data["document_id"],
            path=asked.validated_data["file_path"],
        )
        answer = {
            "success": True,
            "document_id": taken.document.pk,
            "note_id": taken.note.pk,
            "chunks_created": -1,
            "text_preview": taken.preview,
        }
        return Response(answer, status=HTTPStatus.ACCEPTED if taken.is_new else HTTPStatus.OK)


@extend_schema_view(
    get=extend_schema(
        summary="Read a document",
        description="One document with the state of its processing.",
    ),
    patch=extend_schema(
        summary="Change a document",
        description="Sets title or note. Answers cite the new title from then on.",
    ),
    delete=extend_schema(
        summary="Delete a document",
        description="It leaves search and answers at once, and can be restored for 30 days.",
    ),
)
class DocumentView(DeletableView[Document], RetrieveUpdateDestroyAPIView[Document]):
    """One document of the caller."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def perform_update(self, serializer: BaseSerializer[Document]) -> None:
        """Store the new title or note and index them."""
        assert serializer.instance is not None
        services.update_document(document=serializer.instance, **serializer.validated_data)

    def perform_destroy(self, instance: Document) -> None:
        """Delete the document, its file and its index."""
        services.delete_document(document=instance)


class RetryView(OwnedView[Document]):
    """Queues a failed or cancelled document once more."""

    queryset = Document.objects.all()
    bodiless_methods = frozenset({"post"})
    serializer_class = DocumentSerializer

    @extend_schema(
        summary="Process a document again",
        description="Queues a failed or cancelled document once more; any other answers 409.",
        request=None,
        responses=DocumentSerializer,
    )
    @also_answers(HTTPStatus.CONFLICT)
    def post(self, request: Request, pk: str) -> Response:
        """The document, queued again; 409 unless it has failed or was cancelled."""
        document = services.retry_document(document=self.get_object())
        return Response(DocumentSerializer(document).data)


class CancelView(OwnedView[Document]):
    """Stops the processing of a document."""

    queryset = Document.objects.all()
    bodiless_methods = frozenset({"post"})
    serializer_class = DocumentSerializer

    @extend_schema(
        summary="Cancel the processing of a document",
        description="Its worker stops within seconds. A document that is done answers 409.",
        request=None,
        responses=DocumentSerializer,
    )
    @also_answers(HTTPStatus.CONFLICT)
    def post(self, request: Request, pk: str) -> Response:
        """The document, cancelled; 409 if its processing has ended otherwise."""
        document = services.cancel_document(document=self.get_object())
        return Response(DocumentSerializer(document).data)


class EventsView(OwnedView[Document]):
    """Streams how far the processing of a document is."""

    queryset = Document.objects.all()
    content_negotiation_class = AnyMedia

    @extend_schema(
        summary="Follow the processing of a document",
        description="Server-sent events with `status`, `stage` and `progress` until it ends.",
        responses={(200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR)},
    )
    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """Server-sent events of status, stage and progress, until the processing has ended."""
        document = self.get_object()
        return event_response(stream_events(document.pk))


class FileView(OwnedView[Document]):
    """Gives the uploaded file back, byte for byte."""

    queryset = Document.objects.all()
    content_negotiation_class = AnyMedia

    @extend_schema(
        summary="Download the original",
        description="The file as it was uploaded, as an attachment of its own media type.",
        responses={(200, "*/*"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: str) -> FileResponse:
        """The file as it was uploaded, to be saved, never to be shown as a page of ours."""
        document = self.get_object()
        response = FileResponse(
            open_original(document),
            as_attachment=True,
            filename=document.filename,
            content_type=document.content_type,
        )
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "sandbox; default-src 'none'"
        response["Cache-Control"] = "private"
        return response


class TextView(OwnedView[Document]):
    """Shows what was read from the file."""

    queryset = Document.objects.all()

    @extend_schema(
        summary="Read the extracted text",
        description="The text by page, empty while nothing has been extracted.",
        responses=DocumentTextSerializer,
    )
    def get(self, request: Request, pk: str) -> Response:
        """The text by page; no page while nothing has been extracted."""
        stored = DocumentText.objects.filter(document=self.get_object()).first()
        return Response({"pages": stored.as_pages() if stored else []})
