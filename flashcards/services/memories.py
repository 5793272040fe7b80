"""What cards' memory would be, had other parameters counted from their first review on."""

import uuid
from collections.abc import Sequence
from typing import Any

import numpy as np
from django.db.models import F, Max, OuterRef, Q, Subquery

from flashcards.memory import Array, Memory, Whole
from flashcards.models import Reschedule, Review
from learningaier.core.errors import TooLarge

MAX_REBUILT = 400_000  # reviews that one request reads


def rebuild_memories(
    *, cards: Any, ids: Sequence[uuid.UUID], memory: Memory
) -> tuple[Whole, Array, Array]:
    """The memory of those cards that have reviews since they were last forgotten.

    `cards`: the rows that the ids are of. Returns: places within `ids`, stability and difficulty of
    each. Raises: TooLarge (413) for more reviews than one request reads.
    """
    rows = _read_reviews(cards)
    if len(rows) > MAX_REBUILT:
        raise TooLarge(f"These cards have more than {MAX_REBUILT} reviews. Name one deck.")
    place_of = {card_id: place for place, card_id in enumerate(ids)}
    kept = [
        (place_of[card_id], day, rating) for card_id, day, rating in rows if card_id in place_of
    ]
    if not kept:
        return np.zeros(0, np.int64), np.zeros(0), np.zeros(0)
    places, days, ratings = (np.asarray(column) for column in zip(*kept, strict=True))
    numbers = np.cumsum(np.diff(places, prepend=places[0]) != 0)
    passed = np.diff([day.toordinal() for day in days], prepend=0).astype(float)
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    passed[starts] = 0
    return places[starts], *memory.rebuild(numbers, np.maximum(passed, 0), ratings)


def _read_reviews(cards: Any) -> list[Any]:
    """Card, study day and rating of each review, card by card, in order."""
    forgotten = (
        Reschedule.objects.filter(flashcard=OuterRef("flashcard"), kind="forget", undone_at=None)
        .order_by()
        .values("flashcard")
        .annotate(latest=Max("at"))
        .values("latest")
    )
    reviews = Review.events.on_schedule().filter(flashcard__in=cards, undone_at=None)
    since = reviews.annotate(forgotten=Subquery(forgotten)).filter(
        Q(forgotten=None) | Q(reviewed_at__gt=F("forgotten"))
    )
    rows = since.order_by("flashcard_id", "reviewed_at", "pk")
    return list(rows.values_list("flashcard_id", "study_day", "rating")[: MAX_REBUILT + 1])
