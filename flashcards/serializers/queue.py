"""The day's queue, and sessions outside of the schedule."""

from typing import Any

from rest_framework import serializers

from flashcards.models.options import MAX_PER_DAY
from flashcards.names import MAX_NAME
from flashcards.serializers.cards import FlashcardSerializer
from flashcards.serializers.reviews import PreviewSerializer
from learningaier.api.serializers import StrictSerializer

DEFAULT_QUEUE, MAX_QUEUE, MAX_OFFSET = 20, 200, 20_000


class QueueRequestSerializer(StrictSerializer[Any]):
    """Which part of the queue is asked for."""

    deck = serializers.CharField(required=False, help_text="A deck's name or id.")
    limit = serializers.IntegerField(min_value=1, max_value=MAX_QUEUE, default=DEFAULT_QUEUE)
    offset = serializers.IntegerField(min_value=0, max_value=MAX_OFFSET, default=0)


class QueuedCardSerializer(FlashcardSerializer):
    """A card to study, with what each rating would lead to."""

    outcomes = PreviewSerializer()


class CountsSerializer(StrictSerializer[Any]):
    """How many cards are left of today."""

    new = serializers.IntegerField()
    learning = serializers.IntegerField()
    review = serializers.IntegerField()
    buried = serializers.IntegerField()


class QueueSerializer(StrictSerializer[Any]):
    """What to study now, in order."""

    cards = QueuedCardSerializer(many=True)
    counts = CountsSerializer()
    next_learning_at = serializers.DateTimeField(allow_null=True)


class MoreSerializer(StrictSerializer[Any]):
    """More cards than the limits of today."""

    deck = serializers.CharField(required=False, max_length=MAX_NAME, allow_null=True)
    new = serializers.IntegerField(min_value=0, max_value=MAX_PER_DAY, default=0)
    reviews = serializers.IntegerField(min_value=0, max_value=MAX_PER_DAY, default=0)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises: ValidationError (400) where nothing is asked for."""
        if not attrs["new"] and not attrs["reviews"]:
            raise serializers.ValidationError("Ask for more new cards, more reviews, or both.")
        return attrs


class ExtraSerializer(StrictSerializer[Any]):
    """What was asked for on this study day in all."""

    study_day = serializers.DateField()
    new = serializers.IntegerField()
    reviews = serializers.IntegerField()


class CramSerializer(StrictSerializer[Any]):
    """What to go through outside of the schedule.

    `filter`: `all`, `due` (within `days` days), `failed` (today). `reschedule`: whether the
    ratings are to schedule the cards; the client hands them in as reviews with the same value.
    """

    deck = serializers.CharField(required=False, max_length=MAX_NAME, allow_null=True)
    tag = serializers.CharField(required=False, max_length=50, allow_null=True)
    filter = serializers.ChoiceField(choices=["all", "due", "failed"], default="all")
    days = serializers.IntegerField(min_value=0, max_value=365, default=0)
    limit = serializers.IntegerField(min_value=1, max_value=MAX_QUEUE, default=100)
    reschedule = serializers.BooleanField(default=False)


class CrammedSerializer(StrictSerializer[Any]):
    """The cards of the session, in order."""

    cards = QueuedCardSerializer(many=True)
    reschedule = serializers.BooleanField()
