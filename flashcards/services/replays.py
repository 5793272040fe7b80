"""Cards computed again from their events."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from flashcards.days import calendar_of
from flashcards.models import Flashcard, Reschedule, Review, SchedulingOptions
from flashcards.replay import Move, Replayed, replay
from flashcards.scheduling import Event, Options, Rating, Schedule
from learningaier.accounts.models import User

EVENT_FIELDS = ("pk", "rating", "reviewed_at", "study_day", "chosen_days")
RATINGS = {rating.value: rating for rating in Rating}
STORE_STEPS = """
UPDATE flashcards_review AS review
SET state = step.state, elapsed_days = step.elapsed, scheduled_days = step.scheduled
FROM unnest(%s::uuid[], %s::text[], %s::float8[], %s::float8[])
  AS step(id, state, elapsed, scheduled)
WHERE review.id = step.id AND (review.state, review.elapsed_days, review.scheduled_days)
  IS DISTINCT FROM (step.state, step.elapsed, step.scheduled)
"""


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
    """All events of these cards that count; three queries. Reviews are read as plain rows."""
    found: dict[uuid.UUID, list[Event | Move]] = defaultdict(list)
    made = Review.objects.on_schedule()
    reviews = made.filter(flashcard_id__in=card_ids, options__isnull=False).order_by()
    rows = list(reviews.values_list("flashcard_id", "options_id", *EVENT_FIELDS))
    kept = SchedulingOptions.objects.in_bulk({row[1] for row in rows})
    known = {pk: Options.from_json(options.content) for pk, options in kept.items()}
    for card_id, options_id, review_id, rating, at, study_day, chosen_days in rows:
        found[card_id].append(
            Event(review_id, RATINGS[rating], at, study_day, known[options_id], chosen_days)
        )
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
    steps = [step for one in replayed for step in one.steps]
    columns: list[list[Any]] = [
        [step.review_id for step in steps],
        [step.state for step in steps],
        [float(step.elapsed_days) for step in steps],
        [float(step.scheduled_days) for step in steps],
    ]
    if steps:
        with connection.cursor() as cursor:
            cursor.execute(STORE_STEPS, columns)


def renew_derived(owner: User, card_ids: Iterable[uuid.UUID]) -> None:
    """Derive again what stands in the reviews of cards from which one was taken back."""
    ids = list(card_ids)
    if not ids:
        return
    cards = Flashcard.objects.owned_by(owner).filter(pk__in=ids)
    events = load_events(ids)
    store_steps(replay_card(card, events[card.pk], owner) for card in cards if events[card.pk])
