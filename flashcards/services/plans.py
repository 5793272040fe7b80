"""Plans: computed and shown, then applied as one step of undo."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from flashcards.days import DAY
from flashcards.models import Deck
from flashcards.models.plans import Plan
from flashcards.services.changes import Memory, apply_moves, lock_owner
from flashcards.services.forecasts import Collection, read_collection
from flashcards.services.planners import Planned, compute_plan
from flashcards.simulation import HORIZON
from learningaier.accounts.models import User
from learningaier.core.errors import Conflict


@transaction.atomic
def make_plan(*, owner: User, kind: str, deck: Deck | None, request: dict[str, Any]) -> Plan:
    """Compute a plan and keep it; nothing changes. Raises: ValidationError (400)."""
    plan = Plan(owner=owner, kind=kind, deck=deck, request=request)
    _compute(plan)
    plan.save()
    return plan


@transaction.atomic
def apply_plan(*, owner: User, plan_id: uuid.UUID) -> tuple[Plan, bool]:
    """Move the cards and set the options as the plan says, as one step.

    Returns: the plan, and whether it was applied; where the cards have changed since it was
    computed, it is not, and the plan has the new figures. Raises: Conflict (409) the second time.
    """
    lock_owner(owner)
    plan = Plan.objects.owned_by(owner).select_for_update(of=("self",)).get(pk=plan_id)
    if plan.applied_at:
        raise Conflict("This plan has been applied already.", code="plan_applied")
    computed_from = plan.fingerprint
    found, planned = _compute(plan)
    is_current = plan.fingerprint == computed_from
    if is_current:
        plan.change = apply_moves(
            owner=owner,
            kind=plan.kind,
            due_days=_list_days(found, planned),
            memories=_list_memories(found, planned),
            options=planned.options,
        )
        plan.applied_at = timezone.now()
    plan.save()
    return plan, is_current


def _compute(plan: Plan) -> tuple[Collection, Planned]:
    """Fill in the plan from the cards as they are."""
    found = read_collection(owner=plan.owner, deck=plan.deck)
    planned = compute_plan(found, plan.kind, plan.request)
    days = _list_days(found, planned)
    plan.fingerprint = found.fingerprint()
    plan.due_days = {str(card_id): day.isoformat() for card_id, day in days.items()}
    plan.figures = _describe(found, planned) | {"cards_moved": len(days)} | planned.told
    return found, planned


def _list_days(found: Collection, planned: Planned) -> dict[uuid.UUID, date]:
    due = planned.proposal.due
    return {
        found.ids[place]: found.today + int(due[place]) * DAY
        for place in planned.proposal.moved(found.cards)
    }


def _list_memories(found: Collection, planned: Planned) -> Mapping[uuid.UUID, Memory]:
    if planned.rebuilt is None:
        return {}
    columns = (planned.rebuilt.places, planned.rebuilt.stability, planned.rebuilt.difficulty)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {found.ids[place]: (stability, difficulty) for place, stability, difficulty in rows}


def _describe(found: Collection, planned: Planned) -> dict[str, Any]:
    before, after = planned.proposal.before, planned.proposal.after
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
        "cards_simulated": planned.proposal.simulated,
        "options": [
            {"deck_id": str(one.deck_id) if one.deck_id else None, **_plain(one.values)}
            for one in planned.options
        ],
    }


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
    }
