"""The shapes of notes in the API."""

from typing import Any

from rest_framework import serializers

from learningaier.api.jobs import AcceptedSerializer
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer
from notes.models import Note

MAX_CONTENT = 1_000_000  # characters; about 400 printed pages
MAX_TAGS = 50


class IndexErrorSerializer(StrictSerializer[Any]):
    """Why a note whose `index_status` is `failed` can't be searched."""

    code = serializers.CharField()
    message = serializers.CharField()


class NoteSerializer(StrictModelSerializer[Note]):
    """A note; `content` is Markdown."""

    content = serializers.CharField(
        max_length=MAX_CONTENT, allow_blank=True, trim_whitespace=False, default=""
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=MAX_TAGS, required=False
    )

    index_error = IndexErrorSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Note
        fields = [
            "id",
            "title",
            "content",
            "folder",
            "tags",
            "word_count",
            "index_status",
            "index_error",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["word_count", "index_status"]


class ReindexSerializer(StrictSerializer[Any]):
    """Which note to index again; `force` writes even what did not change."""

    note_id = serializers.UUIDField()
    force = serializers.BooleanField(default=False)


class ReindexedSerializer(StrictSerializer[Any]):
    """How many chunks were written for which note."""

    success = serializers.BooleanField()
    chunks_created = serializers.IntegerField()
    note_id = serializers.UUIDField()


class ReindexingSerializer(AcceptedSerializer):
    """The job that indexes all notes."""

    message = serializers.CharField()
