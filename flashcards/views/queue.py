"""What to study now: the day's queue, and sessions outside of the schedule."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from flashcards.models import Flashcard
from flashcards.serializers.queue import (
    CrammedSerializer,
    CramSerializer,
    ExtraSerializer,
    MoreSerializer,
    QueueRequestSerializer,
    QueueSerializer,
)
from flashcards.services.queue import Cram, QueuedCard, ask_for_more, build_cram, build_queue
from flashcards.views.selection import find_deck
from learningaier.accounts.current_user import current_user
from learningaier.api.schema import also_answers
from learningaier.api.scopes import Scope, needs_scope
from learningaier.api.views import StrictView
from learningaier.sync.idempotency import idempotent


def _read(serializer: type[Serializer[Any]], data: Any) -> dict[str, Any]:
    given = serializer(data=data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def _with_outcomes(queued: list[QueuedCard]) -> list[Flashcard]:
    for one in queued:
        named = {rating.name.lower(): outcome for rating, outcome in one.outcomes.items()}
        vars(one.card)["outcomes"] = named
    return [one.card for one in queued]


class QueueView(StrictView):
    """Shows what to study now, in order."""

    query_serializers = {"get": QueueRequestSerializer}

    @extend_schema(
        summary="Read the day's queue",
        description=(
            "The cards to study now, in order, with what each rating would lead to: steps that are "
            "due, then reviews and new cards within the day's limits. The same moment gives the "
            "same order on every device."
        ),
        responses=QueueSerializer,
    )
    @also_answers(HTTPStatus.NOT_FOUND)
    def get(self, request: Request) -> Response:
        """The cards to study now, with counts and outcomes."""
        asked = dict(self.read_query().validated_data)
        user = current_user(request)
        deck = find_deck(user, asked.pop("deck", None))
        queue = build_queue(owner=user, deck=deck, **asked)
        answer = {**vars(queue), "cards": _with_outcomes(queue.cards)}
        return Response(QueueSerializer(answer, context={"request": request}).data)


class MoreView(StrictView):
    """More than the limits of today."""

    @extend_schema(
        summary="Ask for more cards today",
        description="Raises today's limits of a deck, or of all decks; tomorrow they are as ever.",
        request=MoreSerializer,
        responses=ExtraSerializer,
    )
    @idempotent()
    @needs_scope(Scope.REVIEW)
    @also_answers(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    def post(self, request: Request) -> Response:
        """Raise today's limits, for today alone."""
        asked = _read(MoreSerializer, request.data)
        user = current_user(request)
        deck = find_deck(user, asked.pop("deck", None))
        return Response(ExtraSerializer(ask_for_more(owner=user, deck=deck, **asked)).data)


class CramView(StrictView):
    """A session outside of the schedule."""

    @extend_schema(
        summary="Study outside of the schedule",
        description=(
            "Cards to go through whatever their schedule says: all of a deck, by tag, due within "
            "some days, failed today. This call changes nothing. Hand in each rating with the "
            "`reschedule` that is answered here: false keeps the review as work of the day and "
            "leaves the card where it was, true schedules it as any review does."
        ),
        request=CramSerializer,
        responses=CrammedSerializer,
    )
    @needs_scope(Scope.READ)
    @also_answers(HTTPStatus.NOT_FOUND)
    def post(self, request: Request) -> Response:
        """The cards of a session outside the schedule."""
        asked = _read(CramSerializer, request.data)
        user, reschedule = current_user(request), asked.pop("reschedule")
        deck = find_deck(user, asked.pop("deck", None))
        cram = Cram(**{**asked, "tag": asked.get("tag") or ""})
        cards = _with_outcomes(build_cram(owner=user, deck=deck, cram=cram))
        answer = {"cards": cards, "reschedule": reschedule}
        return Response(CrammedSerializer(answer, context={"request": request}).data)
