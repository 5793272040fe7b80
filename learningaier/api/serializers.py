"""Serializers that refuse what they don't know, so that nothing is dropped without a word.

Read-only fields are known: a client may send back the object that it was given.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from django.db import models
from django.http import QueryDict
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

Instance = TypeVar("Instance")
Row = TypeVar("Row", bound=models.Model)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


JSON_TYPES: list[tuple[Any, Callable[[Any], bool], str]] = [
    (serializers.CharField, lambda value: isinstance(value, str), "Not a valid string."),
    (serializers.BooleanField, lambda value: isinstance(value, bool), "Must be a valid boolean."),
    (serializers.IntegerField, _is_number, "A valid integer is required."),
    (serializers.FloatField, _is_number, "A valid number is required."),
    (
        (serializers.UUIDField, serializers.RelatedField),
        lambda value: isinstance(value, str) and value != "",
        "Must be a valid UUID.",
    ),
]  # DRF itself refuses a number that is not whole where an integer is due
MAX_NAMED = 20  # unknown names that one answer lists
MAX_NAME = 100  # characters of each


class StrictSerializer(serializers.Serializer[Instance]):
    """A serializer whose input may hold its own fields and no others, each of its own JSON type.

    Forms know nothing but texts; so does a query, whose context has `is_text`.
    """

    def to_internal_value(self, data: Any) -> Any:
        """The values of the fields.

        Raises: ValidationError (400), with the unknown names beside the fields that are not valid.
        """
        sent = data if isinstance(data, Mapping) else {}
        errors: dict[str, Any] = describe_unknown(sent, self.fields, "There is no such field here.")
        if not isinstance(sent, QueryDict) and "is_text" not in self.context:
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
    """What DRF would turn into another type without a word: 0 or true, "5", an id that is ""."""
    errors = {}
    for name in sent.keys() & fields.keys():
        field, value = fields[name], sent[name]
        is_dictionary = isinstance(field, serializers.DictField) and isinstance(value, dict)
        values = list(value.values()) if is_dictionary else value
        values = values if isinstance(values, list) else [values]
        if not field.read_only and (
            fault := _find_mistyped(getattr(field, "child", field), values)
        ):
            errors[name] = [fault]
    return errors


def _find_mistyped(field: Any, values: Iterable[Any]) -> str:
    for kinds, is_right, message in JSON_TYPES:
        if isinstance(field, kinds):
            return "" if all(one is None or is_right(one) for one in values) else message
    return ""


def describe_unknown(
    sent: Iterable[str], known: Iterable[str], message: str
) -> dict[str, list[str]]:
    """The errors of the names that are not known; as the client chose them, both are bounded."""
    unknown = sorted(set(sent) - set(known))
    return {name[:MAX_NAME]: [message] for name in unknown[:MAX_NAMED]}
