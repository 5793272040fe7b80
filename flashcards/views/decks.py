"""Decks, and what a learner wants of all of them."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import RetrieveUpdateAPIView
from rest_framework.serializers import BaseSerializer

from flashcards.days import calendar_of
from flashcards.models import Deck, StudySettings
from flashcards.serializers.decks import DeckSerializer, StudySettingsSerializer
from flashcards.services import decks as services
from flashcards.services.options import find_settings
from flashcards.views.cards import METHODS_OF_ONE
from learningaier.accounts.current_user import current_user
from learningaier.api.views import OwnedView, StrictView
from learningaier.sync.views import CreatableView, EditableView


class CountedDecks(OwnedView[Deck]):
    """The caller's decks with the counts of their cards."""

    queryset = Deck.objects.all()
    serializer_class = DeckSerializer

    def get_queryset(self) -> Any:
        """The decks with their counts."""
        now = timezone.now()
        decks = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return decks
        return decks.with_counts(now, calendar_of(current_user(self.request)).day_of(now))


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
class DecksView(CountedDecks, CreatableView[Deck]):
    """The caller's decks, newest first, with the counts of their cards."""

    def perform_create(self, serializer: BaseSerializer[Deck]) -> None:
        """Store the deck and answer it with its counts."""
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
        description="Its cards stay, without a deck; for 30 days it can be restored with them.",
    ),
)
class DeckView(CountedDecks, EditableView[Deck]):
    """One deck of the caller."""

    http_method_names = METHODS_OF_ONE

    def perform_update(self, serializer: BaseSerializer[Deck]) -> None:
        """Store the fields of the deck that were sent."""
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


@extend_schema_view(
    get=extend_schema(
        summary="Read your study settings",
        description="The defaults of your decks and of cards in no deck; limits over all decks.",
    ),
    patch=extend_schema(
        summary="Change your study settings",
        description="Sets the fields that are sent; they count from the next review on.",
    ),
)
class StudySettingsView(StrictView, RetrieveUpdateAPIView[StudySettings]):
    """What the caller wants of all decks."""

    serializer_class = StudySettingsSerializer
    http_method_names = ["get", "patch", "head", "options"]

    def get_object(self) -> StudySettings:
        """The caller's settings, or ours."""
        return find_settings(current_user(self.request))

    def perform_update(self, serializer: BaseSerializer[StudySettings]) -> None:
        """Store the settings that were sent."""
        serializer.instance = services.update_settings(
            owner=current_user(self.request), **serializer.validated_data
        )
