"""Fields of models: whose migrations import no live code, and set by their names.

Django writes a field's validators and its `upload_to` into every migration by their dotted paths,
so a function that moves would break migrations that were applied long ago. Neither changes the
database, so these fields leave both out.
"""

from collections.abc import Mapping
from typing import Any

from django.db import models

Deconstructed = tuple[str, str, list[Any], dict[str, Any]]


class ValidatedCharField(models.CharField[str, str]):
    """A CharField with validators of ours."""

    def deconstruct(self) -> Deconstructed:
        """The field as migrations know it: an ordinary CharField."""
        name, _path, args, options = super().deconstruct()
        options.pop("validators", None)
        return name, "django.db.models.CharField", list(args), dict(options)


class StoredFileField(models.FileField):
    """A FileField whose name in the storage is made by a function of ours."""

    def deconstruct(self) -> Deconstructed:
        """The field as migrations know it: an ordinary FileField."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.FileField", list(args), {**options, "upload_to": ""}


def set_fields(row: models.Model, values: Mapping[str, Any]) -> None:
    """Set fields of a row by their names; it is not saved.

    Raises: FieldDoesNotExist for a name that is no field, which `setattr` would take in silently.
    """
    for name, value in values.items():
        row._meta.get_field(name)
        setattr(row, name, value)
