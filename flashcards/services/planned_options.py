"""The options of decks that plans set, and that undo sets back."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from flashcards.models import Deck, StudySettings
from learningaier.accounts.models import User


@dataclass(frozen=True)
class OptionsChange:
    """Options of a deck by name, or of the learner's settings where `deck_id` is None."""

    deck_id: uuid.UUID | None
    values: Mapping[str, Any]


def change_options(*, owner: User, changes: Iterable[OptionsChange]) -> list[list[Any]]:
    """Set them; a deck that is gone needs nothing. Returns: what `restore_options` takes.

    A handful of queries for any number of decks.
    """
    wanted = {one.deck_id: one.values for one in changes}
    decks = (
        Deck.objects.owned_by(owner)
        .select_for_update()
        .filter(pk__in=filter(None, wanted))
        .order_by("pk")
    )
    rows: list[Deck | StudySettings] = list(decks)
    before = [[row.pk, _set(row, wanted[row.pk])] for row in rows]
    names = sorted({name for pk, values in wanted.items() if pk for name in values})
    if rows:
        Deck.objects.bulk_update(rows, [*names, "updated_at"])
    if None in wanted:
        settings, _ = StudySettings.objects.get_or_create(owner=owner)
        before.append([None, _set(settings, wanted[None])])
        settings.save(update_fields=list(wanted[None]))
    return before


def restore_options(*, owner: User, before: Iterable[list[Any]]) -> None:
    """Set options back to what they were, from JSON's types."""
    change_options(owner=owner, changes=[_read(*one) for one in before])


def _read(deck_id: str | None, values: Mapping[str, Any]) -> OptionsChange:
    model = Deck if deck_id else StudySettings
    fields = {field.name: field for field in model._meta.concrete_fields}
    read = {name: fields[name].to_python(value) for name, value in values.items()}
    return OptionsChange(uuid.UUID(deck_id) if deck_id else None, read)


def _set(row: Deck | StudySettings, values: Mapping[str, Any]) -> dict[str, Any]:
    was = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, Deck):
        row.updated_at = timezone.now()
    return was
