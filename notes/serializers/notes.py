"""The shapes of notes in the API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from learningaier.api.ids import ExternalIdField
from learningaier.api.jobs import AcceptedSerializer
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer
from notes.fields import OwnFolderField, OwnNoteField
from notes.languages import base_of
from notes.models import MAX_DEPTH, Note
from notes.names import MAX_NAME
from notes.serializers.fields import (
    FiniteFloatField,
    LanguageTagField,
    MarkdownField,
    TextInLanguageField,
    TranslationsField,
)

MAX_TAGS = 50
MAX_PATH = MAX_DEPTH * (MAX_NAME + 1)  # characters
NAMED = ("en", "zh")  # languages whose texts have fields of their own


class IndexErrorSerializer(StrictSerializer[Any]):
    """Why a note whose `index_status` is `failed` can't be searched."""

    code = serializers.CharField()
    message = serializers.CharField()


class LinkSerializer(StrictSerializer[Any]):
    """A title that the text links to; `note_id` is null while there is no such note."""

    title = serializers.CharField()
    note_id = serializers.UUIDField(source="target_id", allow_null=True)


class BacklinkSerializer(StrictSerializer[Any]):
    """A note that links here."""

    note_id = serializers.UUIDField(source="source_id")
    title = serializers.CharField(source="source.title")


class NoteSerializer(StrictModelSerializer[Note]):
    """A note; `content` is Markdown in `primary_language`."""

    content = MarkdownField(required=False)
    primary_language = LanguageTagField(required=False, allow_null=True)
    content_md_en = TextInLanguageField("en", required=False, allow_null=True)
    content_md_zh = TextInLanguageField("zh", required=False, allow_null=True)
    translations = TranslationsField(required=False)
    folder = serializers.CharField(
        max_length=MAX_PATH,
        required=False,
        allow_blank=True,
        help_text="The path, as `Biology/Plants`; what is missing of it is made.",
    )
    folder_id = OwnFolderField(source="in_folder", required=False, allow_null=True)
    sort_order = FiniteFloatField(required=False)
    tags = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=MAX_TAGS, required=False
    )
    external_id = ExternalIdField()
    links = LinkSerializer(many=True, read_only=True)
    backlinks = serializers.SerializerMethodField()
    index_error = IndexErrorSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Note
        fields = [
            "id",
            "title",
            "content",
            "primary_language",
            "content_md_en",
            "content_md_zh",
            "translations",
            "folder",
            "folder_id",
            "tags",
            "sort_order",
            "word_count",
            "reading_time_seconds",
            "source_document_id",
            "is_processing",
            "links",
            "backlinks",
            "version",
            "external_id",
            "index_status",
            "index_error",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [
            "word_count",
            "reading_time_seconds",
            "source_document_id",
            "is_processing",
            "version",
            "index_status",
        ]

    @extend_schema_field(BacklinkSerializer(many=True))
    def get_backlinks(self, note: Note) -> Any:
        """The notes that link to this one, but for itself and what is in the trash."""
        others = [
            link
            for link in note.backlinks.all()
            if link.source_id != note.pk and link.source.deleted_at is None
        ]
        return BacklinkSerializer(others, many=True).data

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The fields as services know them: texts by their languages.

        Raises: ValidationError (400) for a whole note (PUT) without a text.
        """
        texts = {name: attrs.pop(f"text_{name}") for name in NAMED if f"text_{name}" in attrs}
        others = attrs.get("translations", {})
        for tag in [tag for tag in others if base_of(tag) in NAMED]:
            texts.setdefault(base_of(tag), others.pop(tag))
        if texts:
            attrs["texts"] = texts
        elif self.instance is not None and not self.partial and "content" not in attrs:
            raise serializers.ValidationError({"content": ["This field is required."]})
        return attrs


class AutosaveSerializer(StrictSerializer[Any]):
    """How a note is saved."""

    autosave = serializers.BooleanField(
        default=False, help_text="Saved by the editor, not by a person: at most a version a minute."
    )


class ReindexSerializer(StrictSerializer[Any]):
    """Which note to index again; `force` writes even what did not change."""

    note_id = OwnNoteField(source="note")
    force = serializers.BooleanField(default=False)


class ReindexedSerializer(StrictSerializer[Any]):
    """How many chunks were written for which note."""

    success = serializers.BooleanField()
    chunks_created = serializers.IntegerField()
    note_id = serializers.UUIDField()


class ReindexingSerializer(AcceptedSerializer):
    """The job that indexes all notes."""

    message = serializers.CharField()
