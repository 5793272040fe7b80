"""Flashcards, their reviews, and decks."""

from http import HTTPStatus
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import (
    GenericAPIView,
    ListCreateAPIView,
    RetrieveUpdateDestroyAPIView,
)
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from flashcards import services
from flashcards.models import Deck, Flashcard
from flashcards.serializers import (
    CardFilterSerializer,
    DeckSerializer,
    FlashcardSerializer,
    PreviewSerializer,
    RatingSerializer,
    ReviewedSerializer,
)
from learningaier.accounts.current_user import current_user
from learningaier.api.schema import also_answers
from learningaier.api.views import OwnedView, StrictView

METHODS_OF_ONE = ["get", "patch", "delete", "head", "options"]


@extend_schema_view(
    get=extend_schema(
        summary="List cards",
        description="Your cards, newest first; the filters may be combined.",
    ),
    post=extend_schema(
        summary="Make a card",
        description="A card is due at once. A deck that is named and not there is made.",
    ),
)
class FlashcardsView(OwnedView[Flashcard], ListCreateAPIView[Flashcard]):
    """The caller's cards, newest first."""

    queryset = Flashcard.objects.select_related("deck")
    serializer_class = FlashcardSerializer
    query_serializers = {"get": CardFilterSerializer}

    def filter_queryset(self, queryset: Any) -> Any:
        """The cards asked for. Raises: ValidationError (400) for a filter without sense."""
        filters = self.read_query().validated_data
        return _narrow(super().filter_queryset(queryset), **filters)

    def perform_create(self, serializer: BaseSerializer[Flashcard]) -> None:
        """Make a card."""
        serializer.instance = services.create_card(
            owner=current_user(self.request), **serializer.validated_data
        )


def _narrow(cards: Any, **filters: Any) -> Any:
    if filters.get("due"):
        cards = cards.due_by(timezone.now())
    if "deck" in filters:
        cards = cards.in_deck(filters["deck"])
    if "note_id" in filters:
        cards = cards.filter(note_id=filters["note_id"])
    if "tag" in filters:
        cards = cards.filter(tags__contains=[filters["tag"]])
    return cards


@extend_schema_view(
    get=extend_schema(
        summary="Read a card",
        description="One card with its schedule.",
    ),
    patch=extend_schema(
        summary="Change a card",
        description="Sets the fields that are sent; the schedule stays.",
    ),
    delete=extend_schema(
        summary="Delete a card",
        description="The card leaves every queue.",
    ),
)
class FlashcardView(OwnedView[Flashcard], RetrieveUpdateDestroyAPIView[Flashcard]):
    """One card of the caller."""

    queryset = Flashcard.objects.select_related("deck")
    serializer_class = FlashcardSerializer
    http_method_names = METHODS_OF_ONE

    def perform_update(self, serializer: BaseSerializer[Flashcard]) -> None:
        """Change the card's text or deck."""
        assert serializer.instance is not None
        serializer.instance = services.update_card(
            card_id=serializer.instance.pk,
            owner=current_user(self.request),
            **serializer.validated_data,
        )

    def perform_destroy(self, instance: Flashcard) -> None:
        """Delete the card and its reviews."""
        services.delete_card(card_id=instance.pk, owner=current_user(self.request))


class ReviewView(StrictView):
    """Rating a card."""

    @extend_schema(
        summary="Review a card",
        description="Schedules the card by how well it was remembered: 1 again to 4 easy.",
        request=RatingSerializer,
        responses=ReviewedSerializer,
    )
    @also_answers(HTTPStatus.NOT_FOUND)
    def post(self, request: Request) -> Response:
        """Schedule the card by how well it was remembered."""
        given = RatingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        rating: dict[str, Any] = given.validated_data
        card_id = rating.pop("flashcard_id")
        card = services.review_card(card_id=card_id, owner=current_user(request), **rating)
        return Response(ReviewedSerializer(card).data)


class UndoView(StrictView):
    """Taking back a rating."""

    bodiless_methods = frozenset({"post"})

    @extend_schema(
        summary="Take back the latest review",
        description="Answers the card as it was before; 409 where there is nothing to take back.",
        request=None,
        responses=FlashcardSerializer,
    )
    @also_answers(HTTPStatus.CONFLICT)
    def post(self, request: Request) -> Response:
        """Take back the caller's latest review. Returns: the card as it was before."""
        card = services.undo_latest_review(owner=current_user(request))
        return Response(FlashcardSerializer(card, context={"request": request}).data)


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
        outcomes = services.preview_card(card=self.get_object())
        named = {rating.name.lower(): outcome for rating, outcome in outcomes.items()}
        return Response(PreviewSerializer(named).data)


@extend_schema_view(
    get=extend_schema(
        summary="List decks",
        description="Your decks, newest first, with the counts of their cards.",
    ),
    post=extend_schema(
        summary="Make a deck",
        description="A name is used once, whatever its case.",
    ),
)
class DecksView(OwnedView[Deck], ListCreateAPIView[Deck]):
    """The caller's decks, newest first, with the counts of their cards."""

    queryset = Deck.objects.all()
    serializer_class = DeckSerializer

    def get_queryset(self) -> Any:
        """The decks with their counts."""
        return super().get_queryset().with_counts()

    def perform_create(self, serializer: BaseSerializer[Deck]) -> None:
        """Make a deck."""
        deck = services.create_deck(owner=current_user(self.request), **serializer.validated_data)
        serializer.instance = self.get_queryset().get(pk=deck.pk)


@extend_schema_view(
    get=extend_schema(
        summary="Read a deck",
        description="One deck with the counts of its cards.",
    ),
    patch=extend_schema(
        summary="Change a deck",
        description="Sets the fields that are sent and leaves the others.",
    ),
    delete=extend_schema(
        summary="Delete a deck",
        description="Its cards stay, without a deck.",
    ),
)
class DeckView(OwnedView[Deck], RetrieveUpdateDestroyAPIView[Deck]):
    """One deck of the caller."""

    queryset = Deck.objects.all()
    serializer_class = DeckSerializer
    http_method_names = METHODS_OF_ONE

    def get_queryset(self) -> Any:
        """The deck with its counts."""
        return super().get_queryset().with_counts()

    def perform_update(self, serializer: BaseSerializer[Deck]) -> None:
        """Change the deck."""
        assert serializer.instance is not None
        deck = services.update_deck(
            deck_id=serializer.instance.pk,
            owner=current_user(self.request),
            **serializer.validated_data,
        )
        serializer.instance = self.get_queryset().get(pk=deck.pk)

    def perform_destroy(self, instance: Deck) -> None:
        """Delete the deck; its cards stay."""
        services.delete_deck(deck_id=instance.pk, owner=current_user(self.request))
