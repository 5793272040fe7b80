"""Reviews, and what comes of them."""

import math
from typing import Any

from rest_framework import serializers

from flashcards.models import Flashcard, Review
from flashcards.scheduling import Rating
from flashcards.serializers.cards import FlashcardSerializer
from flashcards.serializers.fields import DaysField, DueField, WholeDaysField
from learningaier.api.ids import OwnIdField
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer

MAX_DURATION = 2**31 - 1  # milliseconds; what the column holds, 24 days
MAX_REVIEWS = 1000


class RatingSerializer(StrictSerializer[Any]):
    """How well a card was remembered: 1 again, 2 hard, 3 good, 4 easy."""

    flashcard_id = OwnIdField(Flashcard)
    rating = serializers.IntegerField(min_value=Rating.AGAIN, max_value=Rating.EASY)
    duration_ms = serializers.IntegerField(
        min_value=0, max_value=MAX_DURATION, required=False, allow_null=True
    )
    id = serializers.UUIDField(required=False, help_text="The same id again changes nothing.")
    reviewed_at = serializers.DateTimeField(
        required=False,
        help_text="Not in the future, nor before the card was made; UTC if no zone is given.",
    )
    reschedule = serializers.BooleanField(
        default=True,
        help_text=(
            "False for a review outside of the schedule, as in a cram session: it is kept, with "
            "the state `cram`, and counts as work of the day; the card stays where it was."
        ),
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The fields by the names that services know them by."""
        is_cram = not attrs.pop("reschedule")
        return {**attrs, "is_cram": is_cram}


class HandedInReviewSerializer(RatingSerializer):
    """A review of a device that was offline."""

    id = serializers.UUIDField()
    reviewed_at = serializers.DateTimeField()


class HandInSerializer(StrictSerializer[Any]):
    """Reviews of a device that was offline, in any order."""

    reviews = serializers.ListField(
        child=HandedInReviewSerializer(), min_length=1, max_length=MAX_REVIEWS
    )


class RefusedSerializer(StrictSerializer[Any]):
    """A review that was not taken."""

    id = serializers.UUIDField(source="given.id")
    flashcard_id = serializers.UUIDField(source="given.flashcard_id")
    code = serializers.CharField()
    detail = serializers.CharField()


class HandedInSerializer(StrictSerializer[Any]):
    """How many reviews were taken, how many were known already, and those that were refused."""

    accepted = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = RefusedSerializer(many=True)


class ReviewedSerializer(StrictSerializer[Flashcard]):
    """What came of a review."""

    success = serializers.SerializerMethodField()
    flashcard_id = serializers.UUIDField(source="pk")
    review_id = serializers.UUIDField()
    next_review_date = DueField(read_only=True)
    next_review = DueField(read_only=True)
    interval = DaysField(read_only=True)
    interval_days = WholeDaysField(read_only=True)
    ease_factor = serializers.FloatField()
    is_leech = serializers.BooleanField()
    is_suspended = serializers.BooleanField()

    def get_success(self, card: Flashcard) -> bool:
        """True: a review that fails is an error."""
        return True


class ReviewSerializer(StrictModelSerializer[Review]):
    """A review as it was made, with the interval that followed."""

    flashcard_id = serializers.UUIDField()
    interval = DaysField(source="scheduled_days")
    interval_days = serializers.SerializerMethodField()

    class Meta:
        model = Review
        fields = [
            "id",
            "flashcard_id",
            "rating",
            "reviewed_at",
            "study_day",
            "duration_ms",
            "state",
            "elapsed_days",
            "interval",
            "interval_days",
            "created_at",
        ]
        read_only_fields = fields

    def get_interval_days(self, review: Review) -> int:
        """The interval in whole days, rounded up; 0 after a learning step of less than a day."""
        return 0 if review.scheduled_days < 1 else math.ceil(round(review.scheduled_days, 4))


class ReviewFilterSerializer(StrictSerializer[Any]):
    """What the list of reviews can be narrowed to."""

    since = serializers.DateTimeField(required=False, help_text="Reviews made at or after it.")
    card = OwnIdField(Flashcard, required=False)


class OutcomeSerializer(StrictSerializer[Any]):
    """When a card would be shown next."""

    interval = DaysField(read_only=True)
    interval_days = WholeDaysField(read_only=True)
    next_review = serializers.DateTimeField(source="due")


class PreviewSerializer(StrictSerializer[Any]):
    """What each rating would lead to; balancing the days' loads may move it a little."""

    again = OutcomeSerializer()
    hard = OutcomeSerializer()
    good = OutcomeSerializer()
    easy = OutcomeSerializer()


class UndoneSerializer(StrictSerializer[Any]):
    """The step that was taken back."""

    kind = serializers.CharField()
    cards = serializers.IntegerField()
    created_at = serializers.DateTimeField()


class UndoAnswerSerializer(FlashcardSerializer):
    """The first of the step's cards as it is again, and what was taken back."""

    undone = UndoneSerializer()


class StepUndoneSerializer(StrictSerializer[Any]):
    """What was taken back, of a step without cards: new cards are shown again."""

    undone = UndoneSerializer()
