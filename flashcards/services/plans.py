"""Plans: computed and shown, then applied as one step of undo."""

import math
import uuid
from datetime import date
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from flashcards.days import DAY
from flashcards.exams import MAX_EXAM, find_earliest_exam, find_retention, plan_exam
from flashcards.models import Deck
from flashcards.models.plans import Plan, PlanKind
from flashcards.planning import Proposal, catch_up, change_retention, take_break
from flashcards.services.changes import apply_moves, lock_owner
from flashcards.services.forecasts import Collection, read_collection
from flashcards.simulation import HORIZON
from flashcards.workload import Load, estimate_workload
from learningaier.accounts.models import User
from learningaier.core.errors import Conflict

DEFAULT_BREAK_FACTOR = 1.5  # times the mean load of the days around it


@transaction.atomic
def make_plan(*, owner: User, kind: str, deck: Deck | None, request: dict[str, Any]) -> Plan:
    """Compute a plan and keep it; no card moves. Raises: ValidationError (400)."""
    plan = Plan(owner=owner, kind=kind, deck=deck, request=request)
    _compute(plan)
    plan.save()
    return plan


@transaction.atomic
def apply_plan(*, owner: User, plan_id: uuid.UUID) -> tuple[Plan, bool]:
    """Move the cards as the plan says, as one step.

    Returns: the plan, and whether it was applied; where the cards have changed since it was
    computed, it is not, and the plan has the new figures. Raises: Conflict (409) the second time.
    """
    lock_owner(owner)
    plan = Plan.objects.owned_by(owner).select_for_update(of=("self",)).get(pk=plan_id)
    if plan.applied_at:
        raise Conflict("This plan has been applied already.", code="plan_applied")
    computed_from = plan.fingerprint
    days = _compute(plan)
    is_current = plan.fingerprint == computed_from
    if is_current:
        plan.change = apply_moves(
            owner=owner,
            kind=plan.kind,
            due_days=days,
            hold_new_until=_held_until(plan),
            deck=plan.deck,
        )
        plan.applied_at = timezone.now()
    plan.save()
    return plan, is_current


def read_workload(*, owner: User, deck: Deck | None) -> list[Load]:
    """What retentions from 0.70 to 0.97 would cost and keep over a year."""
    found = read_collection(owner=owner, deck=deck)
    return estimate_workload(found.cards, found.learner)


def _compute(plan: Plan) -> dict[uuid.UUID, date]:
    """Fill in the plan from the cards as they are. Returns: the new days of those that move."""
    found = read_collection(owner=plan.owner, deck=plan.deck)
    proposal, told = _PLANNERS[plan.kind](found, plan.request)
    moved = proposal.moved(found.cards)
    days = {found.ids[place]: found.today + int(proposal.due[place]) * DAY for place in moved}
    plan.fingerprint = found.fingerprint()
    plan.due_days = {str(card_id): day.isoformat() for card_id, day in days.items()}
    plan.figures = _describe(found, proposal) | {"cards_moved": len(days)} | told
    return days


def _describe(found: Collection, proposal: Proposal) -> dict[str, Any]:
    before, after = proposal.before, proposal.after
    return {
        "first_day": found.today.isoformat(),
        "due_before": before.due[:HORIZON].tolist(),
        "due_after": after.due[:HORIZON].tolist(),
        "minutes_before": before.minutes[:HORIZON].round(1).tolist(),
        "minutes_after": after.minutes[:HORIZON].round(1).tolist(),
        "expected_recall": {
            "day": (found.today + HORIZON * DAY).isoformat(),
            "before": round(before.recall_on(HORIZON), 4),
            "after": round(after.recall_on(HORIZON), 4),
        },
    }


def _plan_exam(found: Collection, request: dict[str, Any]) -> tuple[Proposal, dict[str, Any]]:
    day = date.fromisoformat(request["exam_date"])
    exam = _days_ahead(found, day, "exam_date")
    minutes: float | None = request.get("minutes_per_day")
    plan = plan_exam(found.cards, found.learner, exam, minutes)
    fits = plan.fits(minutes)
    told: dict[str, Any] = {"date": None, "retention": None}
    if minutes is not None and not fits:
        could = find_earliest_exam(found.cards, found.learner, exam, minutes)
        told["date"] = (found.today + could * DAY).isoformat() if could else None
        told["retention"] = find_retention(found.cards, found.learner, exam, minutes)
    recall = {"before": round(plan.recall_before, 4), "after": round(plan.recall, 4)}
    return plan.proposal, {
        "expected_recall": {"day": day.isoformat()} | recall,
        "minutes_per_day": round(plan.minutes, 1),
        "is_feasible": fits,
        "could": told,
        "last_days": plan.last_days,
        "new_per_day": plan.new_per_day,
    }


def _plan_catch_up(found: Collection, request: dict[str, Any]) -> tuple[Proposal, dict[str, Any]]:
    return catch_up(found.cards, found.learner, request["days"]), {}


def _plan_break(found: Collection, request: dict[str, Any]) -> tuple[Proposal, dict[str, Any]]:
    first, last = (date.fromisoformat(request[name]) for name in ("start", "end"))
    if last < first:
        raise ValidationError({"end": ["A break ends after it begins."]})
    begins, ends = (first - found.today).days, (last - found.today).days
    if begins < 0:
        raise ValidationError({"start": ["A break is planned ahead, from today on."]})
    if ends > MAX_EXAM:
        raise ValidationError({"end": [f"A break ends within {MAX_EXAM} days."]})
    bound = _bound(found, request.get("minutes_per_day"))
    proposal = take_break(found.cards, found.learner, begins, ends, bound)
    return proposal, {"cards_per_day": bound}


def _plan_retention(found: Collection, request: dict[str, Any]) -> tuple[Proposal, dict[str, Any]]:
    wanted = request.get("desired_retention") or found.learner.conditions.retention
    is_rescheduled = request.get("mode", "reschedule") == "reschedule"
    proposal = change_retention(found.cards, found.learner, wanted, None, is_rescheduled)
    return proposal, {"desired_retention": wanted}


_PLANNERS = {
    PlanKind.EXAM.value: _plan_exam,
    PlanKind.CATCH_UP.value: _plan_catch_up,
    PlanKind.BREAK.value: _plan_break,
    PlanKind.RETENTION.value: _plan_retention,
}


def _days_ahead(found: Collection, day: date, name: str) -> int:
    days = (day - found.today).days
    if not 1 <= days <= MAX_EXAM:
        raise ValidationError({name: [f"Give a day from tomorrow on, at most {MAX_EXAM} ahead."]})
    return days


def _bound(found: Collection, minutes_per_day: float | None) -> int:
    """Cards a day: those of so many minutes, or half as many again as are usual."""
    seconds = found.learner.habits.seconds_a_review(found.learner.conditions.retention)
    if minutes_per_day:
        return max(1, int(minutes_per_day * 60 / seconds))
    due = found.cards.due[~found.cards.is_new]
    usual = np.count_nonzero((due >= 0) & (due < 30)) / 30
    return max(1, math.ceil(DEFAULT_BREAK_FACTOR * usual))


def _held_until(plan: Plan) -> date | None:
    if plan.kind != PlanKind.CATCH_UP:
        return None
    days: int = plan.request["days"]
    return date.fromisoformat(plan.figures["first_day"]) + days * DAY
