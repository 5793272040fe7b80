"""The options of decks that plans set, and that undo sets back."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flashcards.models import Deck, StudySettings
from learningaier.accounts.models import User


@dataclass(frozen=True)
class OptionsChange:
    """Options of a deck by name, or of the learner's settings where `deck_id` is None."""

    deck_id: uuid.UUID | None
    values: Mapping[str, Any]


def change_options(*, owner: User, changes: Iterable[OptionsChange]) -> list[list[Any]]:
    """Set them; a deck that is gone needs nothing. Returns: what `restore_options` takes."""
    return [[one.deck_id, _change(owner, one)] for one in changes]


def restore_options(*, owner: User, before: Iterable[list[Any]]) -> None:
    """Set options back to what they were, from JSON's types."""
    for deck_id, values in before:
        model = Deck if deck_id else StudySettings
        read = {
            name: model._meta.get_field(name).to_python(value) for name, value in values.items()
        }
        _change(owner, OptionsChange(deck_id, read))


def _change(owner: User, change: OptionsChange) -> dict[str, Any]:
    row: Deck | StudySettings | None
    if change.deck_id is None:
        row, _ = StudySettings.objects.get_or_create(owner=owner)
    else:
        row = Deck.objects.owned_by(owner).select_for_update().filter(pk=change.deck_id).first()
    if row is None:
        return {}
    was = {name: getattr(row, name) for name in change.values}
    for name, value in change.values.items():
        setattr(row, name, value)
    updated = ["updated_at"] if isinstance(row, Deck) else []
    row.save(update_fields=[*change.values, *updated])
    return was
