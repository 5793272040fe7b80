"""Plans, and what a retention would cost."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from flashcards.models.plans import Plan
from flashcards.serializers.plans import (
    PlanRequestSerializer,
    PlanSerializer,
    WorkloadRequestSerializer,
    WorkloadSerializer,
)
from flashcards.services.plans import apply_plan, make_plan
from flashcards.services.workloads import read_workload
from flashcards.views.selection import find_deck
from learningaier.accounts.current_user import current_user
from learningaier.api.schema import also_answers
from learningaier.api.views import OwnedView, StrictView
from learningaier.sync.idempotency import idempotent

OUTDATED = {
    "detail": "The cards have changed since this plan was made; here are its new figures.",
    "code": "plan_outdated",
}


class PlansView(StrictView):
    """Computes what a plan would change, and keeps it to be applied."""

    @extend_schema(
        summary="Plan ahead",
        description=(
            "Computes a plan for an exam, a backlog, a break or another retention, and shows what "
            "it would lead to. Nothing changes before it is applied; `figures.options` are the "
            "options of decks that it will set. `retention` without `desired_retention` is for "
            "parameters that a fit has changed."
        ),
        request=PlanRequestSerializer,
        responses={HTTPStatus.CREATED: PlanSerializer},
    )
    @idempotent()
    @also_answers(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    def post(self, request: Request) -> Response:
        """Compute the plan and answer its figures."""
        given = PlanRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user, kind = current_user(request), given.validated_data["kind"]
        deck = find_deck(user, given.validated_data.get("deck"))
        wanted = {k: v for k, v in given.data.items() if k not in ("kind", "deck")}
        plan = make_plan(owner=user, kind=kind, deck=deck, request=wanted)
        return Response(PlanSerializer(plan).data, status=HTTPStatus.CREATED)


class PlanView(OwnedView[Plan], GenericAPIView[Plan]):
    """One plan of the caller."""

    queryset = Plan.objects.all()
    serializer_class = PlanSerializer

    @extend_schema(
        summary="Read a plan", description="The plan as it was computed, with its figures."
    )
    def get(self, request: Request, pk: Any) -> Response:
        """The plan with its figures."""
        return Response(PlanSerializer(self.get_object()).data)


class ApplyPlanView(OwnedView[Plan], GenericAPIView[Plan]):
    """Applies a plan as one step of undo."""

    queryset = Plan.objects.all()
    serializer_class = PlanSerializer
    bodiless_methods = frozenset({"post"})

    @extend_schema(
        summary="Apply a plan",
        description=(
            "Moves its cards and sets its options as one step, which undo takes back. Where the "
            "cards have changed "
            "since it was made: 409, with the new figures in `plan`; apply it again to agree."
        ),
        request=None,
        responses=PlanSerializer,
    )
    @also_answers(HTTPStatus.CONFLICT)
    def post(self, request: Request, pk: Any) -> Response:
        """Apply the plan, unless the cards have changed since."""
        chosen = self.get_object()
        plan, is_applied = apply_plan(owner=current_user(request), plan_id=chosen.pk)
        told = PlanSerializer(plan).data
        if is_applied:
            return Response(told)
        return Response({**OUTDATED, "plan": told}, status=HTTPStatus.CONFLICT)


class WorkloadView(StrictView):
    """Shows what different retentions would cost and bring."""

    query_serializers = {"get": WorkloadRequestSerializer}

    @extend_schema(
        summary="Estimate the workload by retention",
        description=(
            "For retentions from 0.70 to 0.97: minutes a day over a year and the cards remembered "
            "at its end, simulated from the cards as they are and the time that reviews take. Of "
            "more than 2,000 cards a random sample is simulated; the errors say, with a certainty "
            "of 95 %, how far the figures may be off by that."
        ),
        responses=WorkloadSerializer,
    )
    @also_answers(HTTPStatus.NOT_FOUND)
    def get(self, request: Request) -> Response:
        """The loads of ten retentions, simulated over a year."""
        user = current_user(request)
        deck = find_deck(user, self.read_query().validated_data.get("deck"))
        loads, cards, simulated = read_workload(owner=user, deck=deck)
        told = {"cards": cards, "cards_simulated": simulated, "loads": loads}
        return Response(WorkloadSerializer(told).data)
