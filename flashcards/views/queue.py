"""What to study now, and what is done to cards apart from reviews."""

from http import HTTPStatus
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from flashcards.days import DAY, calendar_of
from flashcards.models import Flashcard
from flashcards.serializers.cards import FlashcardSerializer
from flashcards.serializers.queue import (
    BulkSerializer,
    CountSerializer,
    CrammedSerializer,
    CramSerializer,
    ExtraSerializer,
    FlagSerializer,
    MoreSerializer,
    QueueRequestSerializer,
    QueueSerializer,
    SetDueSerializer,
)
from flashcards.services.bulk import Action, act_on_card, act_on_cards, choose_by_ids
from flashcards.services.queue import Cram, QueuedCard, ask_for_more, build_cram, build_queue
from flashcards.views.selection import find_deck, narrow_cards
from learningaier.accounts.current_user import current_user
from learningaier.accounts.models import User
from learningaier.api.schema import also_answers
from learningaier.api.views import StrictView


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
    @also_answers(HTTPStatus.NOT_FOUND)
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
            "some days, failed today. Nothing is rescheduled unless their ratings are handed in "
            "as reviews."
        ),
        request=CramSerializer,
        responses=CrammedSerializer,
    )
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


class BulkView(StrictView):
    """One action on many cards."""

    @extend_schema(
        summary="Suspend, bury, flag, forget or set due many cards",
        description="Those of `ids` or of a `filter`, as one step of undo; `dry_run` only counts.",
        request=BulkSerializer,
        responses=CountSerializer,
    )
    @also_answers(HTTPStatus.NOT_FOUND)
    def post(self, request: Request) -> Response:
        """Do it to all that are meant, or count them."""
        asked = _read(BulkSerializer, request.data)
        user = current_user(request)
        count = act_on_cards(
            owner=user,
            cards=_choose(user, asked),
            action=_read_action(user, asked["action"], asked),
            is_dry_run=asked["dry_run"],
        )
        return Response({"count": count, "dry_run": asked["dry_run"]})


def _choose(user: User, asked: dict[str, Any]) -> Any:
    if "ids" in asked:
        return choose_by_ids(owner=user, ids=asked["ids"])
    return narrow_cards(Flashcard.objects.owned_by(user), user, asked["filter"])


def _read_action(user: User, kind: str, told: dict[str, Any]) -> Action:
    due_day = told.get("due")
    if "days" in told:
        due_day = calendar_of(user).day_of(timezone.now()) + told["days"] * DAY
    return Action(kind, told.get("flag", 0), due_day)


class CardActionView(StrictView):
    """One action on one card; each address has a subclass."""

    kind = ""
    fields: type[Serializer[Any]] | None = None

    def act(self, request: Request, pk: Any) -> Response:
        """Do it. Returns: the card as it is then."""
        user = current_user(request)
        get_object_or_404(Flashcard.objects.owned_by(user).only("pk"), pk=pk)
        told = _read(self.fields, request.data) if self.fields else {}
        card = act_on_card(owner=user, card_id=pk, action=_read_action(user, self.kind, told))
        return Response(FlashcardSerializer(card, context={"request": request}).data)


class SuspendView(CardActionView):
    """Takes a card out of study until it is unsuspended."""

    kind = "suspend"
    bodiless_methods = frozenset({"post"})

    @extend_schema(
        summary="Suspend a card",
        description="It is in no queue until it is unsuspended.",
        request=None,
        responses=FlashcardSerializer,
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Suspend the card and answer it."""
        return self.act(request, pk)


class UnsuspendView(CardActionView):
    """Brings a suspended card back into study."""

    kind = "unsuspend"
    bodiless_methods = frozenset({"post"})

    @extend_schema(
        summary="Unsuspend a card",
        description="It comes back to the queue with the schedule that it had.",
        request=None,
        responses=FlashcardSerializer,
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Unsuspend the card and answer it."""
        return self.act(request, pk)


class BuryView(CardActionView):
    """Hides a card until the next study day."""

    kind = "bury"
    bodiless_methods = frozenset({"post"})

    @extend_schema(
        summary="Bury a card",
        description="It comes back on the next study day.",
        request=None,
        responses=FlashcardSerializer,
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Bury the card and answer it."""
        return self.act(request, pk)


class FlagView(CardActionView):
    """Marks a card with a flag from 0 to 7."""

    kind, fields = "flag", FlagSerializer

    @extend_schema(
        summary="Flag a card",
        description="A flag from 1 to 7; 0 takes it away.",
        request=FlagSerializer,
        responses=FlashcardSerializer,
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Flag the card and answer it."""
        return self.act(request, pk)


class ForgetView(CardActionView):
    """Makes a card new again."""

    kind = "forget"
    bodiless_methods = frozenset({"post"})

    @extend_schema(
        summary="Forget a card",
        description="It is new again; its reviews stay in the history.",
        request=None,
        responses=FlashcardSerializer,
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Make the card new again."""
        return self.act(request, pk)


class SetDueView(CardActionView):
    """Sets the study day on which a card is due."""

    kind, fields = "set_due", SetDueSerializer

    @extend_schema(
        summary="Set the day on which a card is due",
        description="What FSRS knows of the card stays; the next review goes on from there.",
        request=SetDueSerializer,
        responses=FlashcardSerializer,
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Give the card another day."""
        return self.act(request, pk)
