"""Serializers that refuse what they don't know, so that nothing is dropped without a word.

Read-only fields are known: a client may send back the object that it was given.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast

from django.db import models
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

Instance = TypeVar("Instance")
Row = TypeVar("Row", bound=models.Model)

MAX_NAMED = 20  # unknown names that one answer lists
MAX_NAME = 100  # characters of each


class StrictSerializer(serializers.Serializer[Instance]):
    """A serializer whose input may hold its own fields and no others."""

    def to_internal_value(self, data: Any) -> Any:
        """The values of the fields.

        Raises: ValidationError (400), with the unknown names beside the fields that are not valid.
        """
        sent = data if isinstance(data, Mapping) else {}
        errors: dict[str, Any] = describe_unknown(sent, self.fields, "There is no such field here.")
        errors |= _describe_mistyped(sent, self.fields)
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            errors |= cast("dict[str, Any]", error.detail)
        if errors:
            raise ValidationError(errors)
        return values


class StrictModelSerializer(StrictSerializer[Row], serializers.ModelSerializer[Row]):
    """The same for the rows of a model."""


def _describe_mistyped(sent: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, list[str]]:
    """What DRF would turn into a text (0, true), or an id into none (""), without a word."""
    if isinstance(sent, QueryDict):  # a form knows nothing but texts
        return {}
    errors = {}
    for name in sent.keys() & fields.keys():
        field, value = fields[name], sent[name]
        values = value if isinstance(value, list) else [value]
        text = getattr(field, "child", field)
        if field.read_only:
            continue
        if isinstance(text, serializers.CharField) and not all(
            isinstance(one, str) or one is None for one in values
        ):
            errors[name] = ["Not a valid string."]
        elif isinstance(text, serializers.RelatedField) and "" in values:
            errors[name] = ["Must be a valid UUID."]
    return errors


def describe_unknown(
    sent: Iterable[str], known: Iterable[str], message: str
) -> dict[str, list[str]]:
    """The errors of the names that are not known; as the client chose them, both are bounded."""
    unknown = sorted(set(sent) - set(known))
    return {name[:MAX_NAME]: [message] for name in unknown[:MAX_NAMED]}
