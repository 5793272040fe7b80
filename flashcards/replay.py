"""A card's schedule from its events, in whatever order they arrived.

A pure module. Events are put in the order of their times, then of their ids, so that the state
depends on what happened and never on when a device handed it in.
"""

import dataclasses
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from flashcards.days import Calendar
from flashcards.scheduling import Event, Schedule, Status, schedule_event


class MoveKind(StrEnum):
    """What moves a card's due date without a review."""

    FORGET = "forget"
    SET_DUE = "set_due"
    PLAN = "plan"


@dataclass(frozen=True)
class Move:
    """A card made new again, or due on another day.

    `after_review`: the card's latest review when the move was made, None for none; `study_day`:
    the day on which it was made; `stability`, `difficulty`: its memory by other parameters, both
    None where it stays.
    """

    id: uuid.UUID
    at: datetime
    kind: str
    due_day: date | None
    after_review: uuid.UUID | None
    study_day: date
    stability: float | None = None
    difficulty: float | None = None


@dataclass(frozen=True)
class Step:
    """What a replay finds of one review. `state`: the status before; both times in days."""

    review_id: uuid.UUID
    state: str
    elapsed_days: float
    scheduled_days: float


@dataclass(frozen=True)
class Replayed:
    """Where a card stands after its events; `steps`: one a review, in their order."""

    schedule: Schedule
    steps: Sequence[Step]


def order_events(events: Iterable[Event | Move]) -> list[Event | Move]:
    """By time; of the same moment, by id."""
    return sorted(events, key=lambda one: (_time_of(one), one.id))


def replay(
    start: Schedule,
    events: Iterable[Event | Move],
    *,
    card_id: uuid.UUID,
    calendar: Calendar,
) -> Replayed:
    """Replay a card's events, in any order, from where it stood before the first of them."""
    schedule, steps = start, []
    latest: uuid.UUID | None = None
    for one in order_events(events):
        if isinstance(one, Move):
            if _is_in_force(one, latest):
                schedule = move_schedule(schedule, one, calendar)
            continue
        before, schedule = (
            schedule,
            schedule_event(schedule, one, card_id=card_id, calendar=calendar),
        )
        latest = one.id
        passed = (one.study_day - before.last_day).days if before.last_day else 0
        steps.append(Step(one.id, str(before.status), max(passed, 0), schedule.interval))
    return Replayed(schedule, steps)


def move_schedule(schedule: Schedule, move: Move, calendar: Calendar) -> Schedule:
    """The schedule after a move: forgotten altogether, or due on another day."""
    if move.kind == MoveKind.FORGET:
        return Schedule(due=move.at)
    if move.stability is not None and schedule.stability is not None:
        schedule = dataclasses.replace(
            schedule, stability=move.stability, difficulty=move.difficulty
        )
    if move.due_day is None:
        return schedule
    due = calendar.start_of(move.due_day)
    if schedule.status == Status.NEW or schedule.last_day is None:
        return dataclasses.replace(schedule, due=due, due_day=move.due_day)
    days = max((move.due_day - schedule.last_day).days, 0)
    return dataclasses.replace(schedule, due=due, due_day=move.due_day, interval=float(days))


def _time_of(one: Event | Move) -> datetime:
    return one.at if isinstance(one, Move) else one.reviewed_at


def _is_in_force(move: Move, latest: uuid.UUID | None) -> bool:
    """A new due date was meant for a card as it was known: a review that it did not know of,
    because a device handed it in later, outweighs it. To forget a card is meant in any case.
    """
    return move.kind == MoveKind.FORGET or move.after_review == latest
