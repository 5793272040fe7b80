"""What is done to cards apart from reviews, one or many."""

from typing import Any

from rest_framework import serializers

from flashcards.models import Flashcard
from flashcards.models.cards import MAX_FLAG
from flashcards.models.options import MAX_INTERVAL_DAYS
from flashcards.serializers.cards import CardFilterSerializer
from learningaier.api.ids import OwnIdField
from learningaier.api.serializers import StrictSerializer

MAX_IDS = 10_000
ACTIONS = ["suspend", "unsuspend", "bury", "unbury", "flag", "forget", "set_due"]


class FlagSerializer(StrictSerializer[Any]):
    """A flag of 0 (none) to 7."""

    flag = serializers.IntegerField(min_value=0, max_value=MAX_FLAG)


class SetDueSerializer(StrictSerializer[Any]):
    """The study day on which a card is due: `due` itself, or `days` from today."""

    due = serializers.DateField(required=False)
    days = serializers.IntegerField(min_value=0, max_value=MAX_INTERVAL_DAYS, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way to name the day."""
        if ("due" in attrs) == ("days" in attrs):
            raise serializers.ValidationError({"due": ["Give either a date or a number of days."]})
        return attrs


class NothingSerializer(StrictSerializer[Any]):
    """What the other actions need."""


NEEDED: dict[str, type[StrictSerializer[Any]]] = {
    "flag": FlagSerializer,
    "set_due": SetDueSerializer,
}


class BulkSerializer(StrictSerializer[Any]):
    """What is to be done to which cards: those of `ids`, or those that a `filter` finds."""

    action = serializers.ChoiceField(choices=[*ACTIONS, "set-due"])
    ids = serializers.ListField(
        child=OwnIdField(Flashcard), min_length=1, max_length=MAX_IDS, required=False
    )
    filter = CardFilterSerializer(required=False)
    dry_run = serializers.BooleanField(default=False)
    flag = serializers.IntegerField(min_value=0, max_value=MAX_FLAG, required=False)
    due = serializers.DateField(required=False)
    days = serializers.IntegerField(min_value=0, max_value=MAX_INTERVAL_DAYS, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One way to choose cards, and just what the action needs."""
        if ("ids" in attrs) == ("filter" in attrs):
            raise serializers.ValidationError({"ids": ["Give either ids or a filter."]})
        if "filter" in attrs and not attrs["filter"]:
            raise serializers.ValidationError({"filter": ["Give at least one condition."]})
        attrs["action"] = attrs["action"].replace("-", "_")
        told = {name: attrs[name] for name in ("flag", "due", "days") if name in attrs}
        NEEDED.get(attrs["action"], NothingSerializer)(data=told).is_valid(raise_exception=True)
        return attrs


class CountSerializer(StrictSerializer[Any]):
    """How many cards were, or would be, changed."""

    count = serializers.IntegerField()
    dry_run = serializers.BooleanField()
