"""What is done to cards apart from reviews: to one by its address, to many by ids or a filter."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from flashcards.days import DAY, calendar_of
from flashcards.models import Flashcard
from flashcards.models.options import MAX_INTERVAL_DAYS
from flashcards.serializers.actions import (
    BulkSerializer,
    CountSerializer,
    FlagSerializer,
    SetDueSerializer,
)
from flashcards.serializers.cards import FlashcardSerializer
from flashcards.services.bulk import Action, act_on_card, act_on_cards, choose_by_ids
from flashcards.views.selection import narrow_cards
from learningaier.accounts.current_user import current_user
from learningaier.accounts.models import User
from learningaier.api.schema import also_answers
from learningaier.api.scopes import Scope, needs_scope
from learningaier.api.views import OwnedView, StrictView


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
        given = BulkSerializer(data=request.data, context={"request": request})
        given.is_valid(raise_exception=True)
        user, asked = current_user(request), given.validated_data
        count = act_on_cards(
            owner=user,
            cards=_choose(user, asked),
            action=_read_action(user, asked["action"], asked),
            is_dry_run=asked["dry_run"],
        )
        return Response({"count": count, "dry_run": asked["dry_run"]})


def _choose(user: User, asked: Mapping[str, Any]) -> Any:
    if "ids" in asked:
        return choose_by_ids(owner=user, ids=asked["ids"])
    return narrow_cards(Flashcard.objects.owned_by(user), user, asked["filter"])


def _read_action(user: User, kind: str, told: Mapping[str, Any]) -> Action:
    """Raises: ValidationError (400) for a day that has passed or is too far ahead."""
    today, due_day = calendar_of(user).day_of(timezone.now()), told.get("due")
    if "days" in told:
        due_day = today + told["days"] * DAY
    if due_day is not None and not 0 <= (due_day - today).days <= MAX_INTERVAL_DAYS:
        raise ValidationError(
            {"due": [f"Give a day from today on, at most {MAX_INTERVAL_DAYS} days ahead."]}
        )
    return Action(kind, told.get("flag", 0), due_day)


class CardActionView(OwnedView[Flashcard]):
    """One action on one card. `kind`: which; `fields`: what its body holds, if it has one."""

    queryset = Flashcard.objects.all()
    kind = ""
    fields: type[Serializer[Any]] | None = None

    @needs_scope(Scope.REVIEW)
    def post(self, request: Request, pk: Any) -> Response:
        """Do it. Returns: the card as it is then."""
        user = current_user(request)
        self.get_object()
        action = _read_action(user, self.kind, self._read_body(request))
        card = act_on_card(owner=user, card_id=pk, action=action)
        return Response(FlashcardSerializer(card, context={"request": request}).data)

    def _read_body(self, request: Request) -> Mapping[str, Any]:
        if self.fields is None:
            return {}
        given = self.fields(data=request.data)
        given.is_valid(raise_exception=True)
        return given.validated_data  # type: ignore[no-any-return]


def _action(
    kind: str, summary: str, description: str, fields: type[Serializer[Any]] | None = None
) -> type[CardActionView]:
    """The view of one action, with its words in the API's description."""
    described = extend_schema(
        summary=summary, description=description, request=fields, responses=FlashcardSerializer
    )
    told = {
        "__doc__": summary + ".",
        "kind": kind,
        "fields": fields,
        "bodiless_methods": frozenset() if fields else frozenset({"post"}),
    }
    return extend_schema_view(post=described)(type(f"{kind.title()}View", (CardActionView,), told))


CARD_ACTIONS = {
    "suspend": _action("suspend", "Suspend a card", "It is in no queue until it is unsuspended."),
    "unsuspend": _action(
        "unsuspend",
        "Unsuspend a card",
        "It comes back to the queue with the schedule that it had.",
    ),
    "bury": _action("bury", "Bury a card", "It comes back on the next study day."),
    "unbury": _action("unbury", "Unbury a card", "It is shown today again."),
    "flag": _action("flag", "Flag a card", "A flag from 1 to 7; 0 takes it away.", FlagSerializer),
    "forget": _action(
        "forget", "Forget a card", "It is new again; its reviews stay in the history."
    ),
    "set-due": _action(
        "set_due",
        "Set the day on which a card is due",
        "What FSRS knows of the card stays; the next review goes on from there.",
        SetDueSerializer,
    ),
}  # by the last part of their addresses
