"""Folders, and the order of the notes in them."""

from typing import Any

from rest_framework import serializers

from learningaier.api.ids import ExternalIdField, OwnIdField
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer
from notes.fields import OwnFolderField
from notes.models import Folder, Note
from notes.names import MAX_NAME, SEPARATOR
from notes.serializers.fields import FiniteFloatField


class FolderSerializer(StrictModelSerializer[Folder]):
    """A folder; `note_count` counts the notes in itself, not those further down."""

    name = serializers.CharField(max_length=MAX_NAME)
    parent_id = OwnFolderField(
        source="parent", required=False, allow_null=True, help_text="Null: at the top."
    )
    sort_order = FiniteFloatField(required=False)
    external_id = ExternalIdField()
    note_count = serializers.SerializerMethodField()

    class Meta:
        model = Folder
        fields = [
            "id",
            "name",
            "parent_id",
            "sort_order",
            "note_count",
            "external_id",
            "created_at",
            "updated_at",
        ]

    def get_note_count(self, folder: Folder) -> int:
        """How many notes lie in the folder itself."""
        counted: int | None = getattr(folder, "note_count", None)
        return folder.notes.count() if counted is None else counted

    def validate_name(self, name: str) -> str:
        """A name that can stand in a path."""
        clean = " ".join(name.split())
        if SEPARATOR in clean:
            raise serializers.ValidationError("A folder's name has no slash: it parts a path.")
        if not clean.isprintable():
            raise serializers.ValidationError("A folder's name has no control characters.")
        return clean


class MoveToSerializer(StrictSerializer[Any]):
    """Where the content of a folder goes before it is deleted."""

    move_to = OwnFolderField(
        required=False, allow_null=True, help_text="A folder's id; empty: the top."
    )


class PlaceSerializer(StrictSerializer[Any]):
    """Where one note stands; without `folder_id` it stays in its folder, null takes it out."""

    id = OwnIdField(Note)
    sort_order = FiniteFloatField()
    folder_id = OwnIdField(Folder, required=False, allow_null=True)


class OrderSerializer(StrictSerializer[Any]):
    """The order as an object; the plain array of its places does as well."""

    notes = serializers.ListField(child=serializers.JSONField())
