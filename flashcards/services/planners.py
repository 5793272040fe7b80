"""What each kind of plan moves and sets: from what was asked for to a proposal with its options."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from rest_framework.exceptions import ValidationError

from flashcards.days import DAY
from flashcards.exams import MAX_EXAM, find_earliest_exam, find_retention, plan_exam
from flashcards.models import Deck
from flashcards.models.options import MAX_EASY_DATES, MAX_PER_DAY, DayLoad
from flashcards.models.plans import PlanKind
from flashcards.planning import Proposal, Rebuilt, catch_up, change_retention, take_break
from flashcards.services.forecasts import Collection, rebuild_collection
from flashcards.services.planned_options import OptionsChange

DEFAULT_BREAK_FACTOR = 1.5  # times the mean load of the days around it
MAX_BREAK = 180  # days
ROOM = 1.25  # times the reviews of a plan's fullest day may come, as some days get more
Request = Mapping[str, Any]


@dataclass(frozen=True)
class Planned:
    """A proposal; `told`: figures of its own; `options`: what is set with it; `rebuilt`: memory."""

    proposal: Proposal
    told: dict[str, Any] = field(default_factory=dict)
    options: list[OptionsChange] = field(default_factory=list)
    rebuilt: Rebuilt | None = None


def compute_plan(found: Collection, kind: str, request: Request) -> Planned:
    """Plan for the cards as they are. Raises: ValidationError (400) by field; TooLarge (413)."""
    return _PLANNERS[kind](found, request)


def _plan_exam(found: Collection, request: Request) -> Planned:
    deck = found.deck
    day = _read_date(request, "exam_date") or (deck.exam_date if deck else None)
    if day is None:
        raise ValidationError({"exam_date": ["Give the date of the exam."]})
    exam = _days_ahead(found, day, "exam_date")
    if deck is None:
        raise ValidationError({"deck": ["Name the deck that the exam is about."]})
    minutes: float | None = request.get("minutes_per_day") or deck.minutes_per_day
    plan = plan_exam(found.cards, found.learner, exam, minutes)
    could: dict[str, Any] = {"date": None, "retention": None}
    if minutes is not None and not plan.fits(minutes):
        later = find_earliest_exam(found.cards, found.learner, exam, minutes)
        could["date"] = (found.today + later * DAY).isoformat() if later else None
        could["retention"] = find_retention(found.cards, found.learner, exam, minutes)
    recall = {"before": round(plan.recall_before, 4), "after": round(plan.recall, 4)}
    told = {
        "expected_recall": {"day": day.isoformat()} | recall,
        "minutes_per_day": round(plan.minutes, 1),
        "is_feasible": plan.fits(minutes),
        "could": could,
        "last_days": plan.last_days,
        "new_per_day": plan.new_per_day,
    }
    values: dict[str, Any] = {"exam_date": day, "exam_last_days": plan.last_days}
    values |= _limits(day, plan.proposal.after.due[:exam], plan.new_per_day)
    if minutes is not None:
        values["minutes_per_day"] = math.ceil(minutes)
    return Planned(plan.proposal, told, [OptionsChange(deck.pk, values)])


def _plan_catch_up(found: Collection, request: Request) -> Planned:
    days: int = request["days"]
    proposal = catch_up(found.cards, found.learner, days)
    until = found.today + days * DAY
    values = {"new_held_until": until, **_limits(until, proposal.after.due[:days])}
    return Planned(proposal, {}, _for_all(found, values))


def _plan_break(found: Collection, request: Request) -> Planned:
    first, last = _read_date(request, "start"), _read_date(request, "end")
    assert first is not None
    assert last is not None
    begins, ends = (first - found.today).days, (last - found.today).days
    _check_break(begins, ends)
    bound = _bound(found, request.get("minutes_per_day"))
    proposal = take_break(found.cards, found.learner, begins, ends, bound)
    moved = proposal.due[proposal.due != found.cards.due]
    until = found.today + (max(ends, int(moved.max(initial=0))) + 1) * DAY
    away = {(first + number * DAY).isoformat() for number in range(ends - begins + 1)}
    options = [
        OptionsChange(
            one.pk if isinstance(one, Deck) else None,
            _limits(until, np.asarray([bound]))
            | {"easy_dates": _add_break(found, one.easy_dates, away)},
        )
        for one in found.groups
        # A deck without dates of its own has those of the settings, unless it alone takes a break.
        if one is found.deck or not isinstance(one, Deck) or one.easy_dates is not None
    ]
    return Planned(proposal, {"cards_per_day": bound}, options)


def _plan_retention(found: Collection, request: Request) -> Planned:
    wanted: float | None = request.get("desired_retention")
    is_rescheduled = request.get("mode", "reschedule") == "reschedule"
    # Without another retention it is the parameters that have changed, by a fit.
    rebuilt = rebuild_collection(found) if is_rescheduled and wanted is None else None
    retention = found.learner.conditions.retention if wanted is None else wanted
    proposal = change_retention(found.cards, found.learner, retention, rebuilt, is_rescheduled)
    options = [] if wanted is None else _for_all(found, {"desired_retention": wanted})
    told: dict[str, Any] = {"desired_retention": retention}
    if rebuilt is not None:
        told["memories_changed"] = len(rebuilt.places)
    return Planned(proposal, told, options, rebuilt)


_PLANNERS = {
    PlanKind.EXAM.value: _plan_exam,
    PlanKind.CATCH_UP.value: _plan_catch_up,
    PlanKind.BREAK.value: _plan_break,
    PlanKind.RETENTION.value: _plan_retention,
}


def _read_date(request: Request, name: str) -> date | None:
    return date.fromisoformat(request[name]) if request.get(name) else None


def _days_ahead(found: Collection, day: date, name: str) -> int:
    days = (day - found.today).days
    if not 1 <= days <= MAX_EXAM:
        raise ValidationError({name: [f"Give a day from tomorrow on, at most {MAX_EXAM} ahead."]})
    return days


def _check_break(begins: int, ends: int) -> None:
    if ends < begins:
        raise ValidationError({"end": ["A break ends after it begins."]})
    if begins < 0:
        raise ValidationError({"start": ["A break is planned ahead, from today on."]})
    if ends > MAX_EXAM or ends - begins >= MAX_BREAK:
        told = f"A break has at most {MAX_BREAK} days and ends within {MAX_EXAM}."
        raise ValidationError({"end": [told]})


def _bound(found: Collection, minutes_per_day: float | None) -> int:
    """Cards a day: those of so many minutes, or half as many again as are usual."""
    seconds = found.learner.habits.seconds_a_review(found.learner.conditions.retention)
    if minutes_per_day:
        return max(1, int(minutes_per_day * 60 / seconds))
    due = found.cards.due[~found.cards.is_new]
    usual = np.count_nonzero((due >= 0) & (due < 30)) / 30
    return max(1, math.ceil(DEFAULT_BREAK_FACTOR * usual))


def _limits(until: date, due: Any, new: int = 0) -> dict[str, Any]:
    """Limits of a day until the plan is over, so that the queue brings what it has planned."""
    most = math.ceil(ROOM * int(due.max(initial=0)))
    return {
        "planned_until": until,
        "planned_reviews": min(most, MAX_PER_DAY),
        "planned_new": min(new, MAX_PER_DAY),
    }


def _for_all(found: Collection, values: Mapping[str, Any]) -> list[OptionsChange]:
    """The same for the deck, or for the settings and each deck."""
    return [
        OptionsChange(one.pk if isinstance(one, Deck) else None, values) for one in found.groups
    ]


def _add_break(
    found: Collection, dates: Mapping[str, str] | None, away: set[str]
) -> dict[str, str]:
    """The dates with those of the break, without those that have passed."""
    today = found.today.isoformat()
    kept = {day: load for day, load in (dates or {}).items() if day >= today}
    merged = kept | dict.fromkeys(sorted(away), DayLoad.NONE.value)
    if len(merged) > MAX_EASY_DATES:
        raise ValidationError(
            {"end": [f"More than {MAX_EASY_DATES} dates have loads of their own."]}
        )
    return merged
