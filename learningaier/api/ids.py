"""Ids of other programs: what was imported keeps its id, and is reached by it wherever an id is.

A text that reads as a UUID is an id of ours; any other is an `external_id`, so no external id may
read as one. Paths have them by `<id:pk>`, bodies and queries by `OwnIdField` and `OwnRowField`.
Routes with words of their own stand before those with an id in `urls.py`.
"""

import re
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.urls import register_converter
from django.urls.converters import StringConverter
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from learningaier.core.errors import NotFound
from learningaier.core.ownership import MAX_EXTERNAL_ID, ImportableModel, parse_uuid

Row = TypeVar("Row", bound=models.Model)

PATTERN = "[A-Za-z0-9._~-]{2,128}"
FORM = "Give 2 to 128 letters, digits, dots, dashes, tildes or underscores, no UUID."


class IdConverter(StringConverter):
    """The part of a path that is an id, ours or of another program."""

    regex = PATTERN

    def to_python(self, value: str) -> Any:
        """A UUID for an id of ours, a text for any other."""
        return parse_uuid(value) or value


register_converter(IdConverter, "id")


def find_own_id(model: type[models.Model], user: Any, text: str) -> UUID | None:
    """The id of the row of a user that another program calls so."""
    is_external = parse_uuid(text) is None and re.fullmatch(PATTERN, text)
    if not is_external or not issubclass(model, ImportableModel):
        return None
    rows = model._default_manager.filter(owner=user, external_id=text)
    found: UUID | None = rows.values_list("pk", flat=True).first()
    return found


class OwnIdField(serializers.UUIDField):
    """The id of a row of the caller in a body or a query, or its external id.

    Whether there is a row of an id of ours is for the service to tell; a text that is neither is no
    id. `model`: of the row.
    """

    def __init__(self, model: type[models.Model], **options: Any) -> None:
        self.model = model
        super().__init__(**options)

    def to_internal_value(self, data: Any) -> UUID:
        """The id. Raises: ValidationError (400) for what is none."""
        user = self.context["request"].user
        found = find_own_id(self.model, user, data) if isinstance(data, str) else None
        return found or super().to_internal_value(data)


@extend_schema_field(serializers.UUIDField(allow_null=True))
class OwnRowField(serializers.PrimaryKeyRelatedField[Row]):
    """A row of the caller by its id or external id; someone else's is not found."""

    model: type[models.Model]

    def __init__(self, **options: Any) -> None:
        super().__init__(pk_field=serializers.UUIDField(), **options)

    def get_queryset(self) -> Any:
        """The caller's rows: anyone else's do not exist here."""
        rows: Any = self.model._default_manager
        return rows.owned_by(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Any:
        """The row. Raises: ValidationError (400) for no id, NotFound (404)."""
        if not isinstance(data, str):  # a number would be taken for a UUID's
            raise serializers.ValidationError("Must be a valid UUID.")
        key = find_own_id(self.model, self.context["request"].user, data)
        key = key or serializers.UUIDField().run_validation(data)
        row = self.get_queryset().filter(pk=key).first()
        if row is None:
            kind = self.model._meta.verbose_name
            raise NotFound(f"There is no such {kind}.", field=self.field_name)
        return row


class ExternalIdField(serializers.CharField):
    """The id that another program has for a row: told when the row is made, and kept."""

    def __init__(self, **options: Any) -> None:
        told = {"required": False, "allow_blank": True, "max_length": MAX_EXTERNAL_ID}
        super().__init__(**{**told, **options})

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The id. An empty text is looked at too, which DRF takes as it is."""
        value = super().run_validation(data)
        return self.to_internal_value(value) if value == "" else value

    def to_internal_value(self, data: Any) -> str:
        """The id. Raises: ValidationError (400) for another form, or another id than before."""
        text = super().to_internal_value(data)
        if text and (parse_uuid(text) or not re.fullmatch(PATTERN, text)):
            raise serializers.ValidationError(FORM)
        row, is_partial = (
            getattr(self.parent, "instance", None),
            getattr(self.parent, "partial", False),
        )
        if row is None and not is_partial:
            return text
        if row is None or text != row.external_id:
            raise serializers.ValidationError("This is told when something is made, and kept.")
        raise serializers.SkipField
