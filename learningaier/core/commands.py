"""What operators' commands have in common."""

from contextlib import suppress
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db.models import Q


def find_user_id(text: str) -> Any:
    """The id of the one user with this id, name or address. Raises: CommandError."""
    users = get_user_model().objects.all()
    fitting = users.filter(Q(username=text) | Q(email__iexact=text))
    with suppress(ValidationError, ValueError):
        fitting = fitting | users.filter(pk=text)
    found = list(fitting.values_list("pk", flat=True)[:2])
    if len(found) != 1:
        raise CommandError(f"{'Several users' if found else 'No user'} fit “{text}”.")
    return found[0]
