"""Cards: one, many, and many at once."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from flashcards.models import Flashcard
from flashcards.serializers.cards import (
    CardListSerializer,
    FlashcardSerializer,
)
from flashcards.serializers.reviews import PreviewSerializer
from flashcards.services import cards as services
from flashcards.services.cards import Changed
from flashcards.services.previews import preview_card
from flashcards.views.selection import is_sorted_by_figure, narrow_cards, sort_cards
from learningaier.accounts.current_user import current_user
from learningaier.accounts.models import User
from learningaier.api.views import OwnedView
from learningaier.sync.pagination import SyncPagination
from learningaier.sync.views import CreatableView, EditableView

METHODS_OF_ONE = ["get", "patch", "delete", "head", "options"]


class CardPagination(SyncPagination):
    """The list of cards, in the order that was asked for."""

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        """The order that the view has chosen."""
        return view.ordering_of_cards  # type: ignore[no-any-return]

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """One page. Where all cards are sorted by a figure, their texts are read of the page's."""
        if not is_sorted_by_figure(self.get_ordering(request, queryset, view)):
            return super().paginate_queryset(queryset, request, view)
        bare = queryset.select_related(None).only("pk")
        page = super().paginate_queryset(bare, request, view) or []
        shown = Flashcard.objects.to_be_shown().in_bulk([card.pk for card in page])
        return [shown[card.pk] for card in page if card.pk in shown]


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
