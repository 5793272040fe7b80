"""Documents: upload, state, original and text."""

from http import HTTPStatus
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.generics import ListAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from documents import services
from documents.events import stream_events
from documents.files import open_original
from documents.models import Document, DocumentText
from documents.serializers import DocumentSerializer, DocumentTextSerializer, UploadSerializer
from learningaier.api.events import event_response
from learningaier.api.negotiation import AnyMedia
from learningaier.api.parsers import UploadParser
from learningaier.api.ratelimit import ratelimit
from learningaier.api.views import OwnedView


class DocumentsView(OwnedView[Document], ListAPIView[Document]):
    """The caller's documents, newest first."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer


class UploadView(APIView):
    """Taking in a file."""

    parser_classes = [UploadParser]

    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={202: DocumentSerializer, 200: DocumentSerializer},
    )
    @ratelimit(group="upload", setting="RATE_LIMIT_DOCUMENT_UPLOAD")
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
        return Response(DocumentSerializer(document).data, status=status)


class DocumentView(OwnedView[Document], RetrieveUpdateDestroyAPIView[Document]):
    """One document of the caller."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer
    http_method_names = ["get", "patch", "delete", "head", "options"]

    def perform_update(self, serializer: BaseSerializer[Document]) -> None:
        """Change title or note."""
        assert serializer.instance is not None
        services.update_document(document=serializer.instance, **serializer.validated_data)

    def perform_destroy(self, instance: Document) -> None:
        """Delete the document."""
        services.delete_document(document=instance)


class RetryView(OwnedView[Document]):
    """Processing once more."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer

    @extend_schema(request=None, responses=DocumentSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """The document, queued again; 409 unless it has failed or was cancelled."""
        document = services.retry_document(document=self.get_object())
        return Response(DocumentSerializer(document).data)


class CancelView(OwnedView[Document]):
    """Stopping the processing."""

    queryset = Document.objects.all()
    serializer_class = DocumentSerializer

    @extend_schema(request=None, responses=DocumentSerializer)
    def post(self, request: Request, pk: str) -> Response:
        """The document, cancelled; 409 if its processing has ended otherwise."""
        document = services.cancel_document(document=self.get_object())
        return Response(DocumentSerializer(document).data)


class EventsView(OwnedView[Document]):
    """Following the processing."""

    queryset = Document.objects.all()
    content_negotiation_class = AnyMedia

    @extend_schema(
        responses={(200, "text/event-stream"): OpenApiResponse(OpenApiTypes.STR)},
    )
    def get(self, request: Request, pk: str) -> StreamingHttpResponse:
        """Server-sent events of status, stage and progress, until the processing has ended."""
        document = self.get_object()
        return event_response(stream_events(document.pk))


class FileView(OwnedView[Document]):
    """The original."""

    queryset = Document.objects.all()
    content_negotiation_class = AnyMedia

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
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
    """The extracted text."""

    queryset = Document.objects.all()

    @extend_schema(responses=DocumentTextSerializer)
    def get(self, request: Request, pk: str) -> Response:
        """The text by page; no page while nothing has been extracted."""
        stored = DocumentText.objects.filter(document=self.get_object()).first()
        return Response({"pages": stored.as_pages() if stored else []})
