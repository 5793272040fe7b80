"""The shapes of analytics in the API. Intervals are days, as numbers."""

from typing import Any

from rest_framework import serializers

from analytics.services import MAX_CARDS
from learningaier.api.serializers import StrictSerializer


class FiguresSerializer(StrictSerializer[Any]):
    """The user's figures as of now."""

    total_notes = serializers.IntegerField()
    total_flashcards = serializers.IntegerField()
    total_reviews = serializers.IntegerField()
    avg_interval = serializers.FloatField()
    mastery_rate_percent = serializers.FloatField()
    streak_days = serializers.IntegerField()
    due_today = serializers.IntegerField()


class DaySerializer(StrictSerializer[Any]):
    """One day that had reviews, in the user's time zone."""

    review_date = serializers.DateField()
    review_count = serializers.IntegerField()
    avg_rating = serializers.FloatField()


class OverviewSerializer(StrictSerializer[Any]):
    """The figures, and the last 30 days that had reviews, newest first."""

    overview = FiguresSerializer()
    activity = DaySerializer(many=True)


class DifficultyQuerySerializer(StrictSerializer[Any]):
    """How many cards to tell, as an array or as an object that holds it."""

    limit = serializers.IntegerField(min_value=1, max_value=MAX_CARDS, default=20)
    shape = serializers.ChoiceField(choices=["array", "object"], default="array")


class HardCardSerializer(StrictSerializer[Any]):
    """A card, how it was rated, and how hard that makes it: (3 × again + hard) × 100 / reviews."""

    flashcard_id = serializers.UUIDField()
    note_id = serializers.UUIDField(allow_null=True)
    term = serializers.CharField()
    status = serializers.CharField()
    current_interval = serializers.FloatField()
    current_ease_factor = serializers.FloatField()
    total_reviews = serializers.IntegerField()
    again_count = serializers.IntegerField()
    hard_count = serializers.IntegerField()
    good_count = serializers.IntegerField()
    easy_count = serializers.IntegerField()
    difficulty_score = serializers.FloatField()


class HardCardsSerializer(StrictSerializer[Any]):
    """The array within an object, as `shape=object` asks."""

    flashcards = HardCardSerializer(many=True)
