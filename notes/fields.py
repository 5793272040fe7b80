"""A note of the caller, in the body or the query of any endpoint."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from learningaier.core.errors import NotFound
from notes.models import Folder, Note


@extend_schema_field(serializers.UUIDField(allow_null=True))
class OwnNoteField(serializers.PrimaryKeyRelatedField[Note]):
    """A note of the caller by its id; someone else's is not found, like one that is not there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pk_field=serializers.UUIDField(), **options)

    def get_queryset(self) -> Any:
        """The caller's notes: anyone else's do not exist here."""
        return Note.objects.owned_by(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Note:
        """The note. Raises: ValidationError (400) for no UUID, NotFound (404)."""
        if not isinstance(data, str):  # a number would be taken for a UUID's
            raise serializers.ValidationError("Must be a valid UUID.")
        key = serializers.UUIDField().run_validation(data)
        note: Note | None = self.get_queryset().filter(pk=key).first()
        if note is None:
            raise NotFound("There is no such note.", field=self.field_name)
        return note


@extend_schema_field(serializers.UUIDField(allow_null=True))
class OwnFolderField(serializers.PrimaryKeyRelatedField[Folder]):
    """A folder of the caller by its id; someone else's is not found."""

    def __init__(self, **options: Any) -> None:
        super().__init__(pk_field=serializers.UUIDField(), **options)

    def get_queryset(self) -> Any:
        """The caller's folders: anyone else's do not exist here."""
        return Folder.objects.owned_by(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Folder:
        """The folder. Raises: ValidationError (400) for no UUID, NotFound (404)."""
        key = serializers.UUIDField().run_validation(data)
        folder: Folder | None = self.get_queryset().filter(pk=key).first()
        if folder is None:
            raise NotFound("There is no such folder.", field=self.field_name)
        return folder
