"""FSRS and SM-2 side by side."""

from typing import Any

from rest_framework import serializers

from flashcards.models import Flashcard
from flashcards.scheduling import MAX_INTERVAL, Rating
from learningaier.api.ids import OwnIdField
from learningaier.api.serializers import StrictSerializer

MAX_COUNT = 2**31 - 1
UNREAD = "Taken for clients of the earlier service; FSRS does without it."


class RecommendationRequestSerializer(StrictSerializer[Any]):
    """A rating, and how many days the card had been kept for."""

    flashcard_id = OwnIdField(
        Flashcard, required=False, allow_null=True, help_text="The card whose memory FSRS reads."
    )
    rating = serializers.IntegerField(min_value=Rating.AGAIN, max_value=Rating.EASY)
    current_interval = serializers.FloatField(
        min_value=0, max_value=MAX_INTERVAL, help_text="Days; 0 for a new card."
    )
    category = serializers.CharField(
        max_length=100, required=False, allow_blank=True, allow_null=True, help_text=UNREAD
    )
    word_count = serializers.IntegerField(
        min_value=0, max_value=MAX_COUNT, required=False, allow_null=True, help_text=UNREAD
    )
    review_sequence_number = serializers.IntegerField(
        min_value=0, max_value=MAX_COUNT, required=False, allow_null=True, help_text=UNREAD
    )
    user_review_count_7d = serializers.IntegerField(
        min_value=0, max_value=MAX_COUNT, required=False, allow_null=True, help_text=UNREAD
    )


class RecommendationSerializer(StrictSerializer[Any]):
    """The next interval by either, in whole days; 0: again today."""

    ml_interval = serializers.IntegerField(help_text="FSRS', with your own parameters.")
    sm2_interval = serializers.IntegerField(help_text="SM-2's.")
    difference = serializers.IntegerField(help_text="`ml_interval` less `sm2_interval`.")
