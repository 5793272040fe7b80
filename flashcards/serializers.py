"""The shapes of flashcards in the API. Intervals are days, as numbers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from flashcards.models import Deck, Flashcard
from flashcards.names import MAX_NAME
from flashcards.scheduling import Rating
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer
from notes.models import Note

MAX_TEXT = 20_000  # characters; about eight printed pages
MAX_TAGS = 50
MAX_DURATION = 2**31 - 1  # milliseconds; what the column holds, 24 days


@extend_schema_field(float)
class DaysField(serializers.Field[float, Any, float, Any]):
    """Days, rounded to about nine seconds: a learning step of a minute is 0.0007."""

    def to_representation(self, value: float) -> float:
        """The rounded number."""
        return round(value, 4)


class OwnNoteField(serializers.PrimaryKeyRelatedField[Note]):
    """One of the caller's notes, by its id."""

    def get_queryset(self) -> Any:
        """The caller's notes: anyone else's do not exist here."""
        return Note.objects.owned_by(self.context["request"].user)


class FlashcardSerializer(StrictModelSerializer[Flashcard]):
    """A card with its schedule; `deck` may be a name, made on first use, or a deck's id."""

    deck = serializers.CharField(
        source="deck_name",
        max_length=MAX_NAME,
        required=False,
        allow_null=True,
        allow_blank=True,
    )
    deck_id = serializers.UUIDField(read_only=True, allow_null=True)
    note_id = OwnNoteField(
        source="note",
        queryset=Note.objects.all(),
        pk_field=serializers.UUIDField(),
        required=False,
        allow_null=True,
    )
    tags = serializers.ListField(
        child=serializers.CharField(max_length=50), max_length=MAX_TAGS, required=False
    )
    interval = DaysField(read_only=True)
    ease_factor = serializers.FloatField(read_only=True)

    class Meta:
        model = Flashcard
        content_fields = ["term", "definition", "context", "tags", "deck", "deck_id", "note_id"]
        read_only_fields = [
            "status",
            "due",
            "last_review",
            "interval",
            "ease_factor",
            "stability",
            "difficulty",
            "reps",
            "lapses",
            "source",
            "created_at",
            "updated_at",
        ]
        fields = ["id", *content_fields, *read_only_fields]
        extra_kwargs = {
            "definition": {"max_length": MAX_TEXT},
            "context": {"max_length": MAX_TEXT},
        }


class CardFilterSerializer(StrictSerializer[Any]):
    """What the list of cards can be narrowed to; `due=false` narrows nothing."""

    due = serializers.BooleanField(required=False)
    deck = serializers.CharField(required=False, help_text="A deck's name or id.")
    note_id = serializers.UUIDField(required=False)
    tag = serializers.CharField(required=False)


class RatingSerializer(StrictSerializer[Any]):
    """How well a card was remembered: 1 again, 2 hard, 3 good, 4 easy."""

    flashcard_id = serializers.UUIDField()
    rating = serializers.IntegerField(min_value=Rating.AGAIN, max_value=Rating.EASY)
    duration_ms = serializers.IntegerField(
        min_value=0, max_value=MAX_DURATION, required=False, allow_null=True
    )


class ReviewedSerializer(StrictSerializer[Flashcard]):
    """What came of a review."""

    success = serializers.SerializerMethodField()
    flashcard_id = serializers.UUIDField(source="pk")
    next_review_date = serializers.DateTimeField(source="due")
    next_review = serializers.DateTimeField(source="due")
    interval = DaysField(read_only=True)
    ease_factor = serializers.FloatField()

    def get_success(self, card: Flashcard) -> bool:
        """True: a review that fails is an error."""
        return True


class OutcomeSerializer(StrictSerializer[Any]):
    """When a card would be shown next."""

    interval = DaysField(read_only=True)
    next_review = serializers.DateTimeField(source="due")


class PreviewSerializer(StrictSerializer[Any]):
    """What each rating would lead to; a real review spreads longer intervals a little."""

    again = OutcomeSerializer()
    hard = OutcomeSerializer()
    good = OutcomeSerializer()
    easy = OutcomeSerializer()


class DeckSerializer(StrictModelSerializer[Deck]):
    """A deck with the counts of its cards."""

    new = serializers.IntegerField(read_only=True)
    learning = serializers.IntegerField(read_only=True)
    due = serializers.IntegerField(read_only=True)
    total = serializers.IntegerField(read_only=True)

    class Meta:
        model = Deck
        fields = [
            "id",
            "name",
            "desired_retention",
            "new_per_day",
            "exam_date",
            "new",
            "learning",
            "due",
            "total",
            "created_at",
            "updated_at",
        ]
