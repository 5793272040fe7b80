"""When a card is shown next: FSRS-6, as py-fsrs computes it.

A pure module: no database, no clock of its own, every time aware and in UTC.
The model is described at https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm.
"""

import dataclasses
import functools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Self

import fsrs

DEFAULT_RETENTION = 0.90
LOWEST_RETENTION = 0.70  # below, FSRS forgets faster than it saves
HIGHEST_RETENTION = 0.99

DAY = timedelta(days=1)
HIGHEST_EASE, LOWEST_EASE, EASE_OF_NEW = 3.3, 1.3, 2.5
Parameters = tuple[float, ...]  # FSRS-6 has 21
MOMENT = timedelta(microseconds=1)  # the finest step that PostgreSQL keeps


class Rating(IntEnum):
    """How well the learner remembered."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Status(StrEnum):
    """Where a card stands. FSRS has no `new`: its cards begin as learning ones without memory."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


_STATES = {
    Status.NEW: fsrs.State.Learning,
    Status.LEARNING: fsrs.State.Learning,
    Status.REVIEW: fsrs.State.Review,
    Status.RELEARNING: fsrs.State.Relearning,
}
_STATUSES = {
    fsrs.State.Learning: Status.LEARNING,
    fsrs.State.Review: Status.REVIEW,
    fsrs.State.Relearning: Status.RELEARNING,
}


@dataclass(frozen=True)
class Schedule:
    """All that scheduling knows of one card.

    `step`: place within the learning or relearning steps, None in review; `stability`: days until
    recall falls to 90 %; `difficulty`: 1 to 10; `interval`: days from the last review to `due`.
    """

    due: datetime
    status: str = Status.NEW
    step: int | None = None
    stability: float | None = None
    difficulty: float | None = None
    last_review: datetime | None = None
    interval: float = 0.0
    reps: int = 0
    lapses: int = 0

    @classmethod
    def names(cls) -> list[str]:
        """The names of the fields."""
        return [field.name for field in dataclasses.fields(cls)]

    def to_json(self) -> dict[str, Any]:
        """The schedule in JSON's types; `from_json` gives back an equal one."""
        last_review = self.last_review.isoformat() if self.last_review else None
        return dataclasses.asdict(self) | {
            "due": self.due.isoformat(),
            "status": str(self.status),
            "last_review": last_review,
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        """The schedule that `to_json` wrote."""
        last_review = stored["last_review"]
        return cls(
            **stored
            | {
                "due": datetime.fromisoformat(stored["due"]),
                "last_review": datetime.fromisoformat(last_review) if last_review else None,
            }
        )

    def days_since_review(self, now: datetime) -> float:
        """Days from the last review to now; 0 before the first review."""
        return 0.0 if self.last_review is None else (now - self.last_review) / DAY


def schedule_review(
    schedule: Schedule,
    *,
    rating: Rating,
    reviewed_at: datetime,
    desired_retention: float = DEFAULT_RETENTION,
    parameters: Parameters | None = None,
    is_fuzzed: bool = True,
) -> Schedule:
    """The schedule after a review.

    `desired_retention`: the probability of recall, 0.70 to 0.99, at which the card comes back.
    `parameters`: those fitted to the learner; None: FSRS' own.
    `is_fuzzed`: spread intervals of 3 days and more a little, so that cards that were learned
    together do not stay together.
    Raises: ValueError for a time without a zone.
    """
    now = _moment_after(schedule.last_review, reviewed_at)
    card, _ = _scheduler(desired_retention, parameters, is_fuzzed).review_card(
        _as_card(schedule), fsrs.Rating(rating), now
    )
    is_lapse = schedule.status == Status.REVIEW and rating == Rating.AGAIN
    return Schedule(
        due=card.due,
        status=_STATUSES[card.state],
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        last_review=now,
        interval=(card.due - now) / DAY,
        reps=schedule.reps + 1,
        lapses=schedule.lapses + is_lapse,
    )


def preview_reviews(
    schedule: Schedule,
    *,
    now: datetime,
    desired_retention: float = DEFAULT_RETENTION,
    parameters: Parameters | None = None,
) -> dict[Rating, Schedule]:
    """What each rating would lead to now, without fuzz, so that two looks show the same."""
    return {
        rating: schedule_review(
            schedule,
            rating=rating,
            reviewed_at=now,
            desired_retention=desired_retention,
            parameters=parameters,
            is_fuzzed=False,
        )
        for rating in Rating
    }


def derive_ease_factor(difficulty: float | None) -> float:
    """An SM-2 ease factor for clients that show one; FSRS has none and never reads it.

    Difficulty 1 (easiest) to 10 (hardest) mapped linearly onto 3.3 to 1.3, the range in which
    SM-2's factors live; 2.5, with which SM-2 begins, before the first review.
    """
    if difficulty is None:
        return EASE_OF_NEW
    return round(HIGHEST_EASE - (difficulty - 1) / 9 * (HIGHEST_EASE - LOWEST_EASE), 4)


def _moment_after(last_review: datetime | None, reviewed_at: datetime) -> datetime:
    """The review's time in UTC, and later than the one before it even if a clock went back.

    Without that, the latest review of a card would not be the one to undo first.
    """
    if reviewed_at.tzinfo is None:
        raise ValueError("A review's time needs a time zone.")
    now = reviewed_at.astimezone(UTC)
    return now if last_review is None else max(now, last_review.astimezone(UTC) + MOMENT)


def _as_card(schedule: Schedule) -> Any:
    """The card of py-fsrs. Its own id is not used; left out, it would sleep to find a free one."""
    return fsrs.Card(
        card_id=0,
        state=_STATES[Status(schedule.status)],
        step=schedule.step,
        stability=schedule.stability,
        difficulty=schedule.difficulty,
        due=schedule.due,
        last_review=schedule.last_review,
    )


@functools.lru_cache(maxsize=128)
def _scheduler(desired_retention: float, parameters: Parameters | None, is_fuzzed: bool) -> Any:
    return fsrs.Scheduler(
        parameters=parameters or fsrs.scheduler.DEFAULT_PARAMETERS,
        desired_retention=desired_retention,
        enable_fuzzing=is_fuzzed,
    )
