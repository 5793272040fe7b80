"""Cards computed again from their events."""

import itertools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flashcards.days import calendar_of
from flashcards.models import Flashcard, Reschedule, Review
from flashcards.replay import Move, Replayed, replay
from flashcards.scheduling import Event, Options, Rating, Schedule, Status
from learningaier.accounts.models import User

BATCH = 1000  # cards whose events are in memory together
DERIVED = ["state", "elapsed_days", "scheduled_days"]


def find_start(card: Flashcard) -> Schedule:
    """The schedule that a replay begins with."""
    if card.baseline:
        return Schedule.from_json(card.baseline)
    return Schedule(due=card.created_at)


def as_event(review: Review, options: Options) -> Event:
    """A review, as scheduling knows it."""
    return Event(
        id=review.pk,
        rating=Rating(review.rating),
        reviewed_at=review.reviewed_at,
        study_day=review.study_day,
        options=options,
        chosen_days=review.chosen_days,
    )


def load_events(card_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Event | Move]]:
    """All events of these cards that count; two queries. Options of equal content are one."""
    found: dict[uuid.UUID, list[Event | Move]] = defaultdict(list)
    made = Review.objects.on_schedule()
    reviews = made.filter(flashcard_id__in=card_ids, options__isnull=False)
    known: dict[int, Options] = {}
    for review in reviews.select_related("options").order_by().iterator(chunk_size=5000):
        kept = review.options
        assert kept is not None
        if kept.pk not in known:
            known[kept.pk] = Options.from_json(kept.content)
        found[review.flashcard_id].append(as_event(review, known[kept.pk]))
    for event in Reschedule.objects.filter(flashcard_id__in=card_ids, undone_at=None):
        found[event.flashcard_id].append(event.as_move())
    return found


def replay_card(card: Flashcard, events: Iterable[Event | Move], owner: User) -> Replayed:
    """A card's schedule from its events. What is older than the baseline is in it already."""
    start = find_start(card)
    since = start.last_review
    later = [one for one in events if since is None or _time_of(one) > since]
    return replay(start, later, card_id=card.pk, calendar=calendar_of(owner))


def _time_of(one: Event | Move) -> datetime:
    return one.at if isinstance(one, Move) else one.reviewed_at


def load_latest_reviews(cards: Sequence[Flashcard]) -> dict[uuid.UUID, uuid.UUID]:
    """The latest review of each card that has one since its baseline."""
    rows = (
        Review.objects.on_schedule()
        .filter(flashcard_id__in=[card.pk for card in cards])
        .order_by("flashcard_id", "-reviewed_at", "-id")
        .distinct("flashcard_id")
        .values_list("flashcard_id", "pk", "reviewed_at")
    )
    starts = {card.pk: find_start(card).last_review for card in cards if card.baseline}
    return {
        card_id: review_id
        for card_id, review_id, at in rows
        if (since := starts.get(card_id)) is None or at > since
    }


def store_steps(replayed: Iterable[Replayed]) -> None:
    """Store what replays have derived of each review, where it is not stored already."""
    steps = {step.review_id: step for one in replayed for step in one.steps}
    changed = []
    for review in Review.objects.filter(pk__in=list(steps)):
        step = steps[review.pk]
        told = {name: getattr(step, name) for name in DERIVED}
        if {name: getattr(review, name) for name in DERIVED} != told:
            vars(review).update(told)
            changed.append(review)
    Review.objects.bulk_update(changed, DERIVED, batch_size=500)


def renew_derived(owner: User, card_ids: Iterable[uuid.UUID]) -> None:
    """Derive again what stands in the reviews of cards from which one was taken back."""
    ids = list(card_ids)
    if not ids:
        return
    cards = Flashcard.objects.owned_by(owner).filter(pk__in=ids)
    events = load_events(ids)
    store_steps(replay_card(card, events[card.pk], owner) for card in cards if events[card.pk])


@dataclass(frozen=True)
class Difference:
    """A card whose stored schedule is not what its events give."""

    card_id: uuid.UUID
    fields: dict[str, tuple[Any, Any]]


def find_differences(owner: User) -> Iterator[tuple[Flashcard, Schedule, Difference | None]]:
    """Each card of the owner with its replayed schedule, and how the stored one differs."""
    ids = Flashcard.objects.owned_by(owner).order_by("pk").values_list("pk", flat=True)
    for batch in _batched(ids):
        events = load_events(batch)
        for card in Flashcard.objects.filter(pk__in=batch).order_by("pk"):
            schedule = replay_card(card, events[card.pk], owner).schedule
            yield card, schedule, compare_schedules(card, schedule)


def rebuild_schedules(*, owner: User, is_check: bool = False) -> Iterator[Difference | None]:
    """Replay each of the owner's cards, and store what differs. Returns: how each one differed."""
    for card, schedule, difference in find_differences(owner):
        if difference and not is_check:
            card.reschedule(schedule)
        yield difference


def _batched(ids: Any) -> Iterator[list[uuid.UUID]]:
    iterator = ids.iterator()
    while batch := list(itertools.islice(iterator, BATCH)):
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
