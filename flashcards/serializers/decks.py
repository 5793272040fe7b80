"""Decks, and a learner's settings for all of them."""

from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from flashcards.days import calendar_of
from flashcards.models import Deck, StudySettings
from flashcards.serializers.fields import EasyDatesField, EasyDaysField, StepsField
from learningaier.api.ids import ExternalIdField
from learningaier.api.serializers import StrictModelSerializer

OPTIONS = [
    "desired_retention",
    "new_per_day",
    "reviews_per_day",
    "new_mix",
    "review_order",
    "new_order",
    "learning_steps",
    "relearning_steps",
    "maximum_interval",
    "is_fuzzed",
    "easy_days",
    "easy_dates",
    "leech_threshold",
    "leech_suspends",
]


class StudyOptionsSerializer(StrictModelSerializer[Any]):
    """How cards are studied; null leaves it to the learner's settings, then to ours."""

    learning_steps = StepsField(required=False, allow_null=True)
    relearning_steps = StepsField(required=False, allow_null=True)
    easy_days = EasyDaysField(required=False, allow_null=True)
    easy_dates = EasyDatesField(required=False, allow_null=True)


class DeckSerializer(StudyOptionsSerializer):
    """A deck with the counts of its cards."""

    external_id = ExternalIdField()
    new = serializers.IntegerField(read_only=True)
    learning = serializers.IntegerField(read_only=True)
    due = serializers.IntegerField(read_only=True)
    total = serializers.IntegerField(read_only=True)

    class Meta:
        model = Deck
        fields = [
            "id",
            "name",
            *OPTIONS,
            "exam_date",
            "exam_last_days",
            "minutes_per_day",
            "external_id",
            "new_held_until",
            "new",
            "learning",
            "due",
            "total",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["new_held_until"]

    def validate_exam_date(self, exam: date | None) -> date | None:
        """An exam that is to come, by the learner's study day."""
        today = calendar_of(self.context["request"].user).day_of(timezone.now())
        if exam and exam < today:
            raise serializers.ValidationError("The exam's date has passed already.")
        return exam


class StudySettingsSerializer(StudyOptionsSerializer):
    """A learner's defaults for decks and for cards in no deck, and limits over all decks."""

    class Meta:
        model = StudySettings
        fields = [*OPTIONS, "max_new_per_day", "max_reviews_per_day"]
