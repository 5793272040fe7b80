"""The day's queue, sessions outside of the schedule, and what is done to many cards."""

from typing import Any

from rest_framework import serializers

from flashcards.models.cards import MAX_FLAG
from flashcards.models.options import MAX_INTERVAL_DAYS, MAX_PER_DAY
from flashcards.names import MAX_NAME
from flashcards.serializers.cards import CardFilterSerializer, FlashcardSerializer
from flashcards.serializers.reviews import PreviewSerializer
from learningaier.api.serializers import StrictSerializer

DEFAULT_QUEUE, MAX_QUEUE, MAX_OFFSET = 20, 200, 20_000
MAX_IDS = 10_000
ACTIONS = ["suspend", "unsuspend", "bury", "unbury", "flag", "forget", "set_due"]


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


class ExtraSerializer(StrictSerializer[Any]):
    """What was asked for on this study day in all."""

    study_day = serializers.DateField()
    new = serializers.IntegerField()
    reviews = serializers.IntegerField()


class CramSerializer(StrictSerializer[Any]):
    """What to go through outside of the schedule.

    `filter`: `all`, `due` (within `days` days), `failed` (today). With `reschedule` the client
    hands in the ratings as reviews; without, it keeps them to itself.
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


class FlagSerializer(StrictSerializer[Any]):
    """A flag of 0 (none) to 7."""

    flag = serializers.IntegerField(min_value=0, max_value=MAX_FLAG)


class SetDueSerializer(StrictSerializer[Any]):
    """The study day on which a card is due: `due` itself, or `days` from today."""

    due = serializers.DateField(required=False)
    days = serializers.IntegerField(min_value=0, max_value=MAX_INTERVAL_DAYS, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that new cards or reviews are asked for, or both."""
        if ("due" in attrs) == ("days" in attrs):
            raise serializers.ValidationError({"due": ["Give either a date or a number of days."]})
        return attrs


class BulkSerializer(StrictSerializer[Any]):
    """What is to be done to which cards: those of `ids`, or those that a `filter` finds."""

    action = serializers.ChoiceField(choices=[*ACTIONS, "set-due"])
    ids = serializers.ListField(
        child=serializers.UUIDField(), max_length=MAX_IDS, allow_empty=False, required=False
    )
    filter = CardFilterSerializer(required=False)
    dry_run = serializers.BooleanField(default=False)
    flag = serializers.IntegerField(min_value=0, max_value=MAX_FLAG, required=False)
    due = serializers.DateField(required=False)
    days = serializers.IntegerField(min_value=0, max_value=MAX_INTERVAL_DAYS, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way to choose cards, and what the action needs."""
        if ("ids" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError({"ids": ["Give either ids or a filter."]})
        if "filter" in attrs and not attrs["filter"]:
            raise serializers.ValidationError({"filter": ["Give at least one condition."]})
        attrs["action"] = attrs["action"].replace("-", "_")
        needed = {"flag": FlagSerializer, "set_due": SetDueSerializer}.get(attrs["action"])
        if needed:
            needed(data=self.initial_data_of(attrs)).is_valid(raise_exception=True)
        return attrs

    def initial_data_of(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What belongs to the action."""
        return {name: attrs[name] for name in ("flag", "due", "days") if name in attrs}


class CountSerializer(StrictSerializer[Any]):
    """How many cards were, or would be, changed."""

    count = serializers.IntegerField()
    dry_run = serializers.BooleanField()
