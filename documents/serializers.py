"""The shapes of documents in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from documents.failures import Failure
from documents.models import Document
from documents.warnings import WarningCode
from learningaier.api.ids import ExternalIdField
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer
from learningaier.core.ownership import MAX_EXTERNAL_ID
from notes.fields import OwnNoteField

MAX_TITLE = 300  # characters
WRITABLE = {"title", "note_id", "external_id", "error"}


class DocumentErrorSerializer(StrictSerializer[Any]):
    """Why processing failed; `message` is a sentence for the learner."""

    code = serializers.ChoiceField(choices=list(Failure))
    message = serializers.CharField()


class DocumentWarningSerializer(StrictSerializer[Any]):
    """Something that the text lacks or may have wrong; `page` is null where it is not one page."""

    code = serializers.ChoiceField(choices=list(WarningCode))
    page = serializers.IntegerField(allow_null=True)
    message = serializers.CharField()


class DocumentSerializer(StrictModelSerializer[Document]):
    """A document: `size` in bytes, `progress` in per cent, `stage` empty unless it is processed."""

    title = serializers.CharField(max_length=MAX_TITLE)
    note_id = OwnNoteField(source="note", required=False, allow_null=True)
    external_id = ExternalIdField()
    error = DocumentErrorSerializer(read_only=True, allow_null=True)
    warnings = DocumentWarningSerializer(many=True, read_only=True)

    class Meta:
        model = Document
        fields = [
            "id",
            "title",
            "filename",
            "content_type",
            "size",
            "sha256",
            "status",
            "stage",
            "progress",
            "pages",
            "chunks",
            "error",
            "warnings",
            "note_id",
            "external_id",
            "created_at",
            "processed_at",
        ]
        read_only_fields = [name for name in fields if name not in WRITABLE]


class UploadedSerializer(DocumentSerializer):
    """The document of an upload; `existing`: its bytes were there before."""

    existing = serializers.SerializerMethodField()

    class Meta(DocumentSerializer.Meta):
        fields = [*DocumentSerializer.Meta.fields, "existing"]

    def get_existing(self, _document: Document) -> bool:
        """Whether nothing was stored, as the document was there."""
        return bool(self.context["existing"])


@extend_schema_field({"anyOf": [{"type": "string", "format": "uuid"}, {"const": ""}]})
class NoteOfFormField(OwnNoteField):
    """A note in a form, which knows no null: an empty text stands for no note."""


class UploadSerializer(StrictSerializer[Any]):
    """A file to take in; without a title, its name becomes the title."""

    file = serializers.FileField(allow_empty_file=True)
    title = serializers.CharField(max_length=MAX_TITLE, required=False, allow_blank=True)
    note_id = NoteOfFormField(source="note", required=False, allow_null=True)
    external_id = ExternalIdField()


class PageSerializer(StrictSerializer[Any]):
    """A page of the text; `start` and `end` count characters of the whole text."""

    page = serializers.IntegerField(allow_null=True)
    start = serializers.IntegerField()
    end = serializers.IntegerField()
    text = serializers.CharField()


class DocumentTextSerializer(StrictSerializer[Any]):
    """The extracted text by page; one page without number where the format has none."""

    pages = PageSerializer(many=True)


class BucketFileSerializer(StrictSerializer[Any]):
    """A file that the client has put into the bucket itself."""

    document_id = serializers.RegexField(
        r"^[A-Za-z0-9_.:-]+$", max_length=MAX_EXTERNAL_ID, help_text="A UUID, or an id of your own."
    )
    file_path = serializers.CharField(
        max_length=1024, help_text="The object's name, below `documents/{uid}/`."
    )
    chunk_size = serializers.IntegerField(
        min_value=1,
        max_value=100_000,
        required=False,
        allow_null=True,
        help_text="Taken for clients of the earlier service; passages follow the text.",
    )


class TakenInSerializer(StrictSerializer[Any]):
    """The document and the note of its text; `chunks_created` is -1 as they are still to come."""

    success = serializers.BooleanField()
    document_id = serializers.UUIDField()
    note_id = serializers.UUIDField()
    chunks_created = serializers.IntegerField()
    text_preview = serializers.CharField(allow_blank=True)
