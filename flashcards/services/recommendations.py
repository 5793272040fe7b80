"""What FSRS and SM-2 would each recommend after a rating, side by side."""

import dataclasses
import math
import uuid
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils import timezone

from flashcards.days import DAY, Calendar, calendar_of
from flashcards.memory import Memory
from flashcards.models import Flashcard
from flashcards.scheduling import (
    MAX_INTERVAL,
    Event,
    Options,
    Rating,
    Schedule,
    Status,
    schedule_event,
)
from flashcards.services.options import find_settings, options_of, resolve_options
from learningaier.accounts.models import User
from learningaier.core.errors import NotFound

SM2_FIRST, SM2_SECOND, SM2_FACTOR = 1, 6, 2.5  # days, days, as SM-2 has them before any review


@dataclass(frozen=True)
class Recommendation:
    """Intervals in whole days; 0: again today. `difference`: FSRS' less SM-2's."""

    ml_interval: int
    sm2_interval: int

    @property
    def difference(self) -> int:
        """How many days longer FSRS would wait."""
        return self.ml_interval - self.sm2_interval


def recommend_next(
    *, owner: User, rating: Rating, current_interval: float, card_id: uuid.UUID | None = None
) -> Recommendation:
    """What follows a rating given now. Nothing is stored.

    `current_interval`: days that the card had been kept for. FSRS reads the memory of the card
    `card_id`; without one, of a card of average difficulty that is due after that interval.
    Raises: NotFound (404) for a card that is not the owner's.
    """
    calendar = calendar_of(owner)
    today = calendar.day_of(timezone.now())
    if card_id is not None:
        card = Flashcard.objects.owned_by(owner).to_be_scheduled().filter(pk=card_id).first()
        if card is None:
            raise NotFound("There is no such card.", field="flashcard_id")
        schedule, options = card.schedule, options_of(card)
    else:
        options = resolve_options(None, find_settings(owner))
        schedule = _assume_schedule(current_interval, today, options)
    days = _ask_fsrs(schedule, rating, today, options, calendar)
    return Recommendation(days, recommend_sm2(rating, current_interval))


def recommend_sm2(rating: Rating, current_interval: float) -> int:
    """SM-2's next interval in days, rounded up (Wozniak 1990, supermemo.com/en/archives1990-2015).

    Again: 0; after 0 days 1, after 1 day 6, then 2.5 times as long.
    """
    days = math.ceil(round(current_interval, 4))
    if rating == Rating.AGAIN:
        return 0
    if days <= 1:
        return SM2_SECOND if days else SM2_FIRST
    return min(math.ceil(round(current_interval * SM2_FACTOR, 4)), MAX_INTERVAL)


def _assume_schedule(interval: float, today: date, options: Options) -> Schedule:
    """A card in review that is due today after so many days; a new one after none."""
    now = timezone.now()
    if interval < 1:
        return Schedule(due=now)
    memory = Memory(options.parameters)
    _, difficulty = memory.begin(np.array([Rating.GOOD]))
    return Schedule(
        due=now,
        status=Status.REVIEW,
        stability=memory.stability_of(interval, options.desired_retention),
        difficulty=float(difficulty[0]),
        last_review=now - round(interval) * DAY,
        interval=interval,
        reps=1,
        last_day=today - round(interval) * DAY,
    )


def _ask_fsrs(
    schedule: Schedule, rating: Rating, today: date, options: Options, calendar: Calendar
) -> int:
    """FSRS' whole days, as memory alone has it: without learning steps, fuzz and loads."""
    if rating == Rating.AGAIN:
        return 0
    bare = dataclasses.replace(options, is_fuzzed=False, learning_steps=(), relearning_steps=())
    event = Event(uuid.UUID(int=0), rating, timezone.now(), today, bare)
    after = schedule_event(schedule, event, card_id=event.id, calendar=calendar)
    return int(after.interval)
