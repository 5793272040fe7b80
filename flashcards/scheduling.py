"""When a card is shown next: FSRS-6, as py-fsrs computes it, in study days.

A pure module: no database, no clock of its own, every time aware and in UTC.
The model is described at https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm.

FSRS is told how many study days have passed since the review before, so a card that was learned
late in the evening and comes back the next morning has been kept for a day. The interval that it
finds is then spread within fuzz's range (`intervals.py`), and whole days end at the beginning of
their study day; steps below a day keep their minutes.
"""

import dataclasses
import functools
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any, Self

import fsrs

from flashcards.days import DAY, Calendar
from flashcards.intervals import (
    ALL_NORMAL,
    EasyDates,
    avoid_break,
    draw_fraction,
    find_fuzz_range,
    keep_before_exam,
    pick_by_chance,
    pick_least_loaded,
    weigh_days,
)

DEFAULT_RETENTION = 0.90
MIN_RETENTION = 0.70  # below, FSRS forgets faster than it saves
MAX_RETENTION = 0.99
DEFAULT_LEARNING_STEPS = (1.0, 10.0)  # minutes
DEFAULT_RELEARNING_STEPS = (10.0,)  # minutes
MAX_INTERVAL = 36_500  # days

Parameters = tuple[float, ...]  # FSRS-6 has 21
Load = Callable[[date, date], Mapping[date, int]]  # cards due on each day from one to another
ORIGIN = datetime(2000, 1, 1, tzinfo=UTC)  # py-fsrs is given moments whole days from here


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


_STATES: dict[str, fsrs.State] = {
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
    recall falls to 90 %; `difficulty`: 1 to 10; `interval`: days from the last review to `due`;
    `due_day`: the study day with which the card is due, None where minutes count and for new
    cards; `last_day`: the study day of the last review.
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
    due_day: date | None = None
    last_day: date | None = None

    @classmethod
    def names(cls) -> list[str]:
        """The names of the fields."""
        return [field.name for field in dataclasses.fields(cls)]

    def to_json(self) -> dict[str, Any]:
        """The schedule in JSON's types; `from_json` gives back an equal one."""
        moments = ("due", "last_review", "due_day", "last_day")
        told = {name: getattr(self, name) for name in moments}
        return dataclasses.asdict(self) | {
            "status": str(self.status),
            **{name: when.isoformat() if when else None for name, when in told.items()},
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The schedule that `to_json` wrote, also before there were study days."""
        read = {"due": datetime, "last_review": datetime, "due_day": date, "last_day": date}
        told = {
            name: kind.fromisoformat(stored[name]) if stored.get(name) else None
            for name, kind in read.items()
        }
        return cls(**{**stored, **told})


@dataclass(frozen=True)
class Options:
    """How a learner or a deck wants cards scheduled.

    `parameters`: those fitted to the learner or the deck, None: FSRS' own; steps in minutes;
    `maximum_interval` in days; `easy_days`: seven of `EasyDay`, Monday first; `easy_dates`: pairs
    of ISO date and level; `exam_date`: the day of an exam, in the `last_days` before which each
    card is seen once more.
    """

    desired_retention: float = DEFAULT_RETENTION
    parameters: Parameters | None = None
    learning_steps: tuple[float, ...] = DEFAULT_LEARNING_STEPS
    relearning_steps: tuple[float, ...] = DEFAULT_RELEARNING_STEPS
    maximum_interval: int = MAX_INTERVAL
    is_fuzzed: bool = True
    easy_days: tuple[str, ...] = ALL_NORMAL
    easy_dates: EasyDates = ()
    exam_date: date | None = None
    last_days: int = 0

    def to_json(self) -> dict[str, Any]:
        """The options in JSON's types, the same ones always written alike."""
        told = dataclasses.asdict(self) | {
            "easy_dates": dict(sorted(self.easy_dates)),
            "exam_date": self.exam_date.isoformat() if self.exam_date else None,
        }
        return {
            name: list(value) if type(value) is tuple else value for name, value in told.items()
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """The options that `to_json` wrote."""
        dates = tuple(sorted(dict(stored.get("easy_dates", {})).items()))
        listed: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
        }
        exam = stored.get("exam_date")
        told = {"easy_dates": dates, "exam_date": date.fromisoformat(exam) if exam else None}
        return cls(**{**listed, **told})


@dataclass(frozen=True)
class Event:
    """One review, as it was made.

    `study_day`: as the learner's calendar was then; `options`: as they were then; `chosen_days`:
    the interval that the balance of loads chose then, None where the draw decides.
    """

    id: uuid.UUID
    rating: Rating
    reviewed_at: datetime
    study_day: date
    options: Options = Options()
    chosen_days: int | None = None


def schedule_event(
    schedule: Schedule,
    event: Event,
    *,
    card_id: uuid.UUID,
    calendar: Calendar,
    load: Load | None = None,
) -> Schedule:
    """The schedule after a review.

    `load`: for reviews made now; the day with the least load within fuzz's range is taken. Who
    stores the event then keeps `interval` as its `chosen_days`.
    Raises: ValueError for a time without a zone.
    """
    if event.reviewed_at.tzinfo is None:
        raise ValueError("A review's time needs a time zone.")
    card, wait = _ask_fsrs(schedule, event)
    status = _STATUSES[card.state]
    days = wait // DAY
    if days and status == Status.REVIEW:
        days = _choose_days(days, event, draw_fraction(card_id, schedule.reps), load)
    due_day = event.study_day + days * DAY if days else None
    is_lapse = schedule.status == Status.REVIEW and event.rating == Rating.AGAIN
    return Schedule(
        due=calendar.start_of(due_day) if due_day else event.reviewed_at.astimezone(UTC) + wait,
        status=status,
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        last_review=event.reviewed_at.astimezone(UTC),
        interval=float(days or wait / DAY),
        reps=schedule.reps + 1,
        lapses=schedule.lapses + is_lapse,
        due_day=due_day,
        last_day=event.study_day,
    )


def preview_events(
    schedule: Schedule,
    *,
    now: datetime,
    study_day: date,
    options: Options,
    card_id: uuid.UUID,
    calendar: Calendar,
) -> dict[Rating, Schedule]:
    """What each rating would lead to now; the balance of loads may still move it a little."""
    return {
        rating: schedule_event(
            schedule,
            Event(card_id, rating, now, study_day, options),
            card_id=card_id,
            calendar=calendar,
        )
        for rating in Rating
    }


def _choose_days(days: int, event: Event, fraction: float, load: Load | None) -> int:
    """The interval: the one chosen then, the one to the least loaded day, or the drawn one."""
    allowed = _allow(days, event)
    if event.chosen_days is not None and event.chosen_days in allowed:
        return event.chosen_days
    if len(allowed) == 1:
        return allowed[0]
    ends = [event.study_day + number * DAY for number in allowed]
    weights = weigh_days(ends, event.options.easy_days, event.options.easy_dates)
    if load is None:
        return allowed[pick_by_chance(weights, fraction)]
    return allowed[pick_least_loaded(weights, fraction, ends, load(ends[0], ends[-1]))]


def _allow(days: int, event: Event) -> Sequence[int]:
    """The intervals that may stand for one of so many days, in order."""
    options, today = event.options, event.study_day
    allowed = range(days, days + 1)
    if options.is_fuzzed:
        allowed = find_fuzz_range(days, options.maximum_interval)
    within = keep_before_exam(allowed, days, today, options.exam_date, options.last_days)
    if within != allowed:
        return within
    return avoid_break(allowed, days, today, options.easy_dates)


def _ask_fsrs(schedule: Schedule, event: Event) -> tuple[Any, timedelta]:
    """py-fsrs' card after the review, and how long it is to wait; nothing is spread yet.

    The study days that have passed are told as moments that lie so many days apart.
    """
    passed = max((event.study_day - schedule.last_day).days, 0) if schedule.last_day else 0
    card = fsrs.Card(
        card_id=0,  # left out, py-fsrs would sleep to find a free one
        state=_STATES[schedule.status],
        step=schedule.step,
        stability=schedule.stability,
        difficulty=schedule.difficulty,
        due=ORIGIN,
        last_review=None if schedule.stability is None else ORIGIN,
    )
    now = ORIGIN + passed * DAY
    after, _ = _scheduler(event.options).review_card(card, fsrs.Rating(event.rating), now)
    return after, after.due - now


@functools.lru_cache(maxsize=256)
def _scheduler(options: Options) -> Any:
    return fsrs.Scheduler(
        parameters=options.parameters or fsrs.scheduler.DEFAULT_PARAMETERS,
        desired_retention=options.desired_retention,
        learning_steps=[timedelta(minutes=step) for step in options.learning_steps],
        relearning_steps=[timedelta(minutes=step) for step in options.relearning_steps],
        maximum_interval=options.maximum_interval,
        enable_fuzzing=False,
    )
