"""Every card computed again from its events, and what differs: nothing, as it should be."""

import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from flashcards.models import Flashcard
from flashcards.scheduling import Schedule, Status
from flashcards.services.changes import SCHEDULE_FIELDS, lock_owner, write_rows
from flashcards.services.replays import load_events, replay_card
from learningaier.accounts.models import User

BATCH = 1000  # cards whose events are in memory together

Compared = tuple[Flashcard, Schedule, "Difference | None"]


@dataclass(frozen=True)
class Difference:
    """A card whose stored schedule is not what its events give."""

    card_id: uuid.UUID
    fields: dict[str, tuple[Any, Any]]


def rebuild_schedules(*, owner: User, is_check: bool = False) -> Iterator[Difference | None]:
    """Replay each of the owner's cards, and store what differs. Returns: how each one differed.

    A thousand cards at a time are locked against reviews while they are replayed and stored; a
    check locks nobody out, so a review that is made meanwhile may show as a difference.
    """
    for batch in _batches(owner):
        yield from _check(owner, batch) if is_check else _rebuild(owner, batch)


def _check(owner: User, batch: Sequence[uuid.UUID]) -> list[Difference | None]:
    return [difference for _, _, difference in compare_cards(owner, batch)]


@transaction.atomic
def _rebuild(owner: User, batch: Sequence[uuid.UUID]) -> list[Difference | None]:
    lock_owner(owner)
    compared = list(compare_cards(owner, batch))
    rows = [
        [card.pk, *(getattr(schedule, name) for name in SCHEDULE_FIELDS)]
        for card, schedule, difference in compared
        if difference
    ]
    if rows:
        write_rows(owner, SCHEDULE_FIELDS, rows)
    return [difference for _, _, difference in compared]


def find_differences(owner: User) -> Iterator[Compared]:
    """Each card of the owner with its replayed schedule, and how the stored one differs."""
    for batch in _batches(owner):
        yield from compare_cards(owner, batch)


def compare_cards(owner: User, batch: Sequence[uuid.UUID]) -> Iterator[Compared]:
    """These cards with their replayed schedules, and how the stored ones differ; three queries."""
    events = load_events(batch)
    for card in Flashcard.objects.owned_by(owner).filter(pk__in=batch).order_by("pk"):
        schedule = replay_card(card, events[card.pk], owner).schedule
        yield card, schedule, compare_schedules(card, schedule)


def _batches(owner: User) -> Iterator[list[uuid.UUID]]:
    ids = Flashcard.objects.owned_by(owner).order_by("pk").values_list("pk", flat=True).iterator()
    while batch := list(itertools.islice(ids, BATCH)):
        yield batch


def compare_schedules(card: Flashcard, schedule: Schedule) -> Difference | None:
    """How a stored schedule differs.

    `due` counts for steps of less than a day alone: where a day is due it follows the zone of
    today, and a new card is due from about when it was made, which no event says.
    """
    is_timed = schedule.due_day is None and schedule.status != Status.NEW
    names = [name for name in Schedule.names() if name != "due" or is_timed]
    fields = {
        name: (getattr(card, name), getattr(schedule, name))
        for name in names
        if not _is_equal(getattr(card, name), getattr(schedule, name))
    }
    return Difference(card.pk, fields) if fields else None


def _is_equal(stored: Any, computed: Any) -> bool:
    if isinstance(stored, float) and isinstance(computed, float):
        return abs(stored - computed) <= 1e-9 * max(1.0, abs(stored))
    return bool(stored == computed)
