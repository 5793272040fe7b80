"""Cards: one, many, and many at once."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from flashcards.models import Flashcard
from flashcards.serializers.cards import (
    MAX_BATCH,
    BatchSerializer,
    CardListSerializer,
    FlashcardSerializer,
    OperationResultSerializer,
    OperationSerializer,
)
from flashcards.serializers.reviews import PreviewSerializer
from flashcards.services import cards as services
from flashcards.services.cards import Changed, Operation
from flashcards.services.previews import preview_card
from flashcards.views.selection import narrow_cards, sort_cards
from learningaier.accounts.current_user import current_user
from learningaier.accounts.models import User
from learningaier.api.schema import also_answers
from learningaier.api.views import OwnedView, StrictView
from learningaier.sync.pagination import SyncPagination
from learningaier.sync.views import CreatableView, EditableView

METHODS_OF_ONE = ["get", "patch", "delete", "head", "options"]


class CardPagination(SyncPagination):
    """The list of cards, in the order that was asked for."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """The order that the view has chosen."""
        return view.ordering_of_cards  # type: ignore[no-any-return]


@extend_schema_view(
    get=extend_schema(
        summary="List cards",
        description="Your cards, newest first unless `sort` says otherwise; filters combine.",
    ),
    post=extend_schema(
        summary="Make a card",
        description=(
            "A fact with its cards, due at once: one card, two for the kind `reversed`, one for "
            "each number of a `cloze`. The first is answered, `siblings` names the others. A deck "
            "that is named and not there is made."
        ),
    ),
)
class FlashcardsView(CreatableView[Flashcard]):
    """Lists the caller's cards and makes new ones."""

    queryset = Flashcard.objects.to_be_shown()
    serializer_class = FlashcardSerializer
    query_serializers = {"get": CardListSerializer}
    pagination_class = CardPagination
    ordering_of_cards: tuple[str, ...] = ("-created_at", "-id")

    def filter_queryset(self, queryset: Any) -> Any:
        """The cards asked for. Raises: ValidationError (400) for a filter without sense."""
        filters: dict[str, Any] = self.read_query().validated_data
        user = current_user(self.request)
        cards = narrow_cards(super().filter_queryset(queryset), user, filters)
        cards, self.ordering_of_cards = sort_cards(cards, user, filters.get("sort"))
        return cards

    def perform_create(self, serializer: BaseSerializer[Flashcard]) -> None:
        """Make the fact and its cards."""
        user = current_user(self.request)
        card = services.create_card(owner=user, **serializer.validated_data)
        serializer.instance = _show(user, Changed(card))


@extend_schema_view(
    get=extend_schema(
        summary="Read a card",
        description="One card with its schedule.",
    ),
    patch=extend_schema(
        summary="Change a card",
        description=(
            "Sets the fields that are sent; the schedule stays. The text is the fact's, so its "
            "other cards change too. A cloze that is taken away takes its card with it, which "
            "`warnings` tell; one that is added makes a card."
        ),
    ),
    delete=extend_schema(
        summary="Delete a card",
        description="The card leaves every list; its reviews still count in your figures.",
    ),
)
class FlashcardView(EditableView[Flashcard]):
    """One card of the caller."""

    queryset = Flashcard.objects.to_be_shown()
    serializer_class = FlashcardSerializer
    http_method_names = METHODS_OF_ONE

    def perform_update(self, serializer: BaseSerializer[Flashcard]) -> None:
        """Change the card's text or deck."""
        assert serializer.instance is not None
        user = current_user(self.request)
        changed = services.update_card(
            card_id=serializer.instance.pk, owner=user, **serializer.validated_data
        )
        serializer.instance = _show(user, changed)

    def perform_destroy(self, instance: Flashcard) -> None:
        """Delete the card; its reviews stay in the history."""
        services.delete_card(card_id=instance.pk, owner=current_user(self.request))


def _show(user: User, changed: Changed) -> Flashcard:
    card = services.read_shown(owner=user, card_ids=[changed.card.pk])[changed.card.pk]
    vars(card)["warnings"] = changed.warnings
    return card


class BatchView(StrictView):
    """Many creations, updates and deletions at once."""

    @extend_schema(
        summary="Make, change and delete cards in one go",
        description=f"Up to {MAX_BATCH} entries, all or nothing; one answer for each, in order.",
        request=OperationSerializer(many=True),
        responses=OperationResultSerializer(many=True),
    )
    @also_answers(HTTPStatus.NOT_FOUND)
    def post(self, request: Request) -> Response:
        """Apply all entries, or none."""
        user = current_user(request)
        operations = _read_operations(request)
        results = services.apply_batch(owner=user, operations=operations)
        return Response(_describe_results(request, user, operations, results))


def _read_operations(request: Request) -> list[Operation]:
    """The entries of a batch. Raises: ValidationError (400) that names the place and the field."""
    entries = request.data
    if isinstance(entries, dict):
        whole = BatchSerializer(data=entries)
        whole.is_valid(raise_exception=True)
        entries = whole.validated_data["operations"]
    if not isinstance(entries, list) or not 1 <= len(entries) <= MAX_BATCH:
        raise ValidationError({"non_field_errors": [f"Send an array of 1 to {MAX_BATCH} entries."]})
    return [_read_operation(request, place, entry) for place, entry in enumerate(entries)]


def _read_operation(request: Request, place: int, entry: Any) -> Operation:
    rest = dict(entry) if isinstance(entry, dict) else {}
    head = OperationSerializer(data={key: rest.pop(key) for key in ("op", "id") if key in rest})
    fields = FlashcardSerializer(
        data=rest, partial=entry_is_partial(entry), context={"request": request}
    )
    for part in (head, fields) if entry_has_fields(entry) else (head,):
        if not part.is_valid():
            raise ValidationError({f"{place}.{key}": one for key, one in part.errors.items()})
    told = fields.validated_data if entry_has_fields(entry) else {}
    return Operation(head.validated_data["op"], head.validated_data.get("id"), told)


def entry_has_fields(entry: Any) -> bool:
    """Whether an entry of a batch writes a card's fields."""
    return not (isinstance(entry, dict) and entry.get("op") == "delete")


def entry_is_partial(entry: Any) -> bool:
    """Whether an entry of a batch may leave fields as they are."""
    return isinstance(entry, dict) and entry.get("op") == "update"


def _describe_results(
    request: Request, user: User, operations: list[Operation], results: list[Changed | None]
) -> Any:
    shown = services.read_shown(owner=user, card_ids=[one.card.pk for one in results if one])
    answers = []
    for operation, result in zip(operations, results, strict=True):
        card = shown.get(result.card.pk) if result else None
        if card is not None and result is not None:
            vars(card)["warnings"] = result.warnings
        card_id = result.card.pk if result else operation.card_id
        answers.append({"op": operation.op, "id": card_id, "card": card})
    return OperationResultSerializer(answers, many=True, context={"request": request}).data


@extend_schema_view(
    get=extend_schema(
        summary="Preview the four ratings",
        description="When the card would come back for each rating. Nothing is stored.",
    ),
)
class PreviewView(OwnedView[Flashcard], GenericAPIView[Flashcard]):
    """What a rating would lead to."""

    queryset = Flashcard.objects.to_be_scheduled()
    serializer_class = PreviewSerializer

    def get(self, request: Request, pk: Any) -> Response:
        """The next interval for each of the four ratings."""
        outcomes = preview_card(card=self.get_object(), owner=current_user(request))
        named = {rating.name.lower(): outcome for rating, outcome in outcomes.items()}
        return Response(PreviewSerializer(named).data)
