"""What is done to one card or to many: suspend, bury, flag, forget, set due."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.models import ChangeKind, Flashcard
from flashcards.services.changes import (
    SCHEDULE_FIELDS,
    lock_owner,
    read_rows,
    record_change,
    reschedule_cards,
    write_rows,
)
from flashcards.services.renewal import renew_figures
from learningaier.accounts.models import User
from learningaier.core.errors import NotFound, TooLarge

MAX_MARKED = 100_000  # cards in one call
MAX_MOVED = 10_000  # cards in one call; each is scheduled anew and gets an event


@dataclass(frozen=True)
class Action:
    """What is to be done. `flag`: 0 to 7, for flag; `due_day`: the study day, for set_due."""

    kind: str
    flag: int = 0
    due_day: date | None = None


def act_on_card(*, owner: User, card_id: uuid.UUID, action: Action) -> Flashcard:
    """Do it to one card. Returns: the card as it is then. Raises: NotFound."""
    cards = Flashcard.objects.owned_by(owner).filter(pk=card_id)
    if not act_on_cards(owner=owner, cards=cards, action=action):
        raise NotFound
    return Flashcard.objects.owned_by(owner).to_be_shown().get(pk=card_id)


def choose_by_ids(*, owner: User, ids: list[uuid.UUID]) -> Any:
    """The owner's cards of these ids. Raises: NotFound if one of them is not there."""
    cards = Flashcard.objects.owned_by(owner).filter(pk__in=ids)
    if cards.count() < len(set(ids)):
        raise NotFound("One of these cards does not exist.", field="ids")
    return cards


@transaction.atomic
def act_on_cards(*, owner: User, cards: Any, action: Action, is_dry_run: bool = False) -> int:
    """Do it to these cards of the owner, as one step. Returns: how many there are.

    Raises: TooLarge (413) for more cards than one call may change.
    """
    most = MAX_MOVED if action.kind in (ChangeKind.FORGET, ChangeKind.SET_DUE) else MAX_MARKED
    count: int = cards.count()
    if count > most:
        raise TooLarge(f"One call changes at most {most} cards; these are {count}.")
    if is_dry_run or not count:
        return count
    lock_owner(owner)
    ids = list(cards.values_list("pk", flat=True))
    rows = Flashcard.objects.owned_by(owner).filter(pk__in=ids)
    if action.kind in (ChangeKind.FORGET, ChangeKind.SET_DUE):
        return _move(owner, list(rows.select_for_update().order_by("pk")), action)
    return _mark(owner, rows.order_by("pk"), action)


def _move(owner: User, cards: list[Flashcard], action: Action) -> int:
    fields = [*SCHEDULE_FIELDS, "is_leech"]
    before = read_rows(cards, fields)
    change = record_change(owner=owner, kind=action.kind, fields=fields, rows=before)
    reschedule_cards(
        owner=owner,
        cards=cards,
        change=change,
        kind=action.kind,
        due_days={card.pk: action.due_day for card in cards},
    )
    if action.kind == ChangeKind.FORGET:
        write_rows(owner, ["is_leech"], [[card.pk, False] for card in cards])
    renew_figures(owner)
    return len(cards)


def _mark(owner: User, cards: Any, action: Action) -> int:
    field, value = _find_mark(owner, action)
    before = [list(row) for row in cards.select_for_update().values_list("pk", field)]
    record_change(owner=owner, kind=action.kind, fields=[field], rows=before)
    write_rows(owner, [field], [[row[0], value] for row in before])
    renew_figures(owner)
    return len(before)


def _find_mark(owner: User, action: Action) -> tuple[str, Any]:
    tomorrow = calendar_of(owner).day_of(timezone.now()) + timedelta(days=1)
    return {
        ChangeKind.SUSPEND: ("is_suspended", True),
        ChangeKind.UNSUSPEND: ("is_suspended", False),
        ChangeKind.BURY: ("buried_until", tomorrow),
        ChangeKind.UNBURY: ("buried_until", None),
        ChangeKind.FLAG: ("flag", action.flag),
    }[ChangeKind(action.kind)]
