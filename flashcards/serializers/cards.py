"""Cards, and what a list of them can be narrowed to."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from flashcards.days import calendar_of
from flashcards.faces import show_answer, show_question
from flashcards.models import Flashcard
from flashcards.models.cards import MAX_FLAG
from flashcards.names import MAX_NAME
from flashcards.scheduling import Status
from flashcards.serializers.fields import DaysField, DueField, WholeDaysField
from learningaier.api.ids import ExternalIdField, OwnIdField
from learningaier.api.serializers import StrictSerializer
from notes.fields import OwnNoteField
from notes.models import Note

MAX_TEXT = 20_000  # characters; about eight printed pages
MAX_TAGS = 50
MAX_BATCH = 500
KINDS = ["basic", "reversed", "cloze", "typed"]
STATUSES = [one.value for one in Status]
SORTS = ["due", "created", "difficulty", "retrievability"]


class FactFieldsSerializer(StrictSerializer[Flashcard]):
    """What a client may write of a card; `deck` is a name, made on first use, or a deck's id."""

    term = serializers.CharField(source="fact.term", max_length=MAX_TEXT, allow_null=True)
    definition = serializers.CharField(
        source="fact.definition", max_length=MAX_TEXT, required=False, allow_blank=True
    )
    context = serializers.CharField(  # type: ignore[assignment]  # DRF's own is set elsewhere
        source="fact.context",
        max_length=MAX_TEXT,
        required=False,
        allow_blank=True,
        allow_null=True,
    )
    kind = serializers.ChoiceField(source="fact.kind", choices=KINDS, required=False)
    tags = serializers.ListField(
        source="fact.tags",
        child=serializers.CharField(max_length=50),
        max_length=MAX_TAGS,
        required=False,
    )
    category = serializers.CharField(
        source="fact.category", max_length=100, required=False, allow_blank=True, allow_null=True
    )
    note_id = OwnNoteField(source="fact.note", required=False, allow_null=True)
    deck = serializers.CharField(
        source="deck_name",
        max_length=MAX_NAME,
        required=False,
        allow_null=True,
        allow_blank=True,
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The fields by the names that services know them by."""
        fields: dict[str, Any] = {**attrs.pop("fact", {}), **attrs}
        if fields.get("category", "") is None:
            fields["category"] = ""
        is_cloze = fields.get("kind") == "cloze"
        if not self.partial and not is_cloze and "definition" not in fields:
            raise serializers.ValidationError({"definition": ["This field is required."]})
        return fields


class FlashcardSerializer(FactFieldsSerializer):
    """A card with its schedule."""

    id = serializers.UUIDField(read_only=True)
    external_id = ExternalIdField()
    fact_id = serializers.UUIDField(read_only=True)
    ordinal = serializers.IntegerField(read_only=True)
    question = serializers.SerializerMethodField(help_text="Markdown; formulas are kept.")
    answer = serializers.SerializerMethodField(help_text="Markdown; formulas are kept.")
    siblings = serializers.SerializerMethodField(help_text="The fact's other cards.")
    deck_id = serializers.UUIDField(read_only=True, allow_null=True)
    status = serializers.ChoiceField(choices=STATUSES, read_only=True)
    due = DueField(read_only=True)
    last_review = serializers.DateTimeField(read_only=True, allow_null=True)
    interval = DaysField(read_only=True)
    interval_days = WholeDaysField(read_only=True)
    ease_factor = serializers.FloatField(read_only=True)
    stability = serializers.FloatField(read_only=True, allow_null=True)
    difficulty = serializers.FloatField(read_only=True, allow_null=True)
    reps = serializers.IntegerField(read_only=True)
    lapses = serializers.IntegerField(read_only=True)
    is_suspended = serializers.BooleanField(read_only=True)
    is_buried = serializers.SerializerMethodField()
    is_leech = serializers.BooleanField(read_only=True)
    flag = serializers.IntegerField(read_only=True)
    source = serializers.JSONField(  # type: ignore[assignment]  # as above
        source="fact.source", read_only=True
    )
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)
    warnings = serializers.SerializerMethodField(
        help_text="Cards that were deleted with their clozes, after a change of the text."
    )

    def get_fields(self) -> dict[str, Any]:
        """The fields of the class, the id first, as in every row."""
        fields = super().get_fields()
        return {"id": fields.pop("id"), **fields}

    def get_question(self, card: Flashcard) -> str:
        """The question that the card asks, as Markdown."""
        return show_question(card.fact, card.ordinal)

    def get_answer(self, card: Flashcard) -> str:
        """The answer that the card expects, as Markdown."""
        return show_answer(card.fact, card.ordinal)

    def get_siblings(self, card: Flashcard) -> list[str]:
        """The ids of the fact's other cards."""
        return [str(pk) for pk in getattr(card, "siblings", [])]

    def get_is_buried(self, card: Flashcard) -> bool:
        """Whether the card waits for another study day."""
        if card.buried_until is None:
            return False
        user = self.fields["due"].context["request"].user  # a field is called `context` here
        return card.is_buried(calendar_of(user).day_of(timezone.now()))

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_warnings(self, card: Flashcard) -> list[Any]:
        """What the change of the text has deleted."""
        return list(getattr(card, "warnings", []))


class CardFilterSerializer(StrictSerializer[Any]):
    """What the list of cards can be narrowed to; `due=false` narrows nothing."""

    due = serializers.BooleanField(required=False)
    deck = serializers.CharField(required=False, help_text="A deck's name or id.")
    note_id = OwnIdField(Note, required=False)
    tag = serializers.CharField(required=False)
    q = serializers.CharField(required=False, max_length=200, help_text="A text within the card.")
    status = serializers.ChoiceField(choices=STATUSES, required=False)
    is_leech = serializers.BooleanField(required=False)
    is_suspended = serializers.BooleanField(required=False)
    fact_id = serializers.UUIDField(required=False)
    flag = serializers.IntegerField(min_value=0, max_value=MAX_FLAG, required=False)
    kind = serializers.ChoiceField(choices=[*KINDS, "custom"], required=False)


class CardListSerializer(CardFilterSerializer):
    """The filters of the list, and its order."""

    sort = serializers.ChoiceField(
        choices=[f"{sign}{name}" for name in SORTS for sign in ("", "-")],
        required=False,
        help_text="With a leading - the other way round; without it, newest first.",
    )


class OperationSerializer(StrictSerializer[Any]):
    """One entry of a batch: `{op: "create", …}`, `{op: "update", id, …}`, `{op: "delete", id}`."""

    op = serializers.ChoiceField(choices=["create", "update", "delete"])
    id = OwnIdField(Flashcard, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An id is there just where it is needed."""
        if (attrs["op"] == "create") == ("id" in attrs):
            raise serializers.ValidationError(
                {"id": ["Name the card to update or delete; a new one has no id yet."]}
            )
        return attrs


class OperationResultSerializer(StrictSerializer[Any]):
    """What came of one entry of a batch; `card` is null after a deletion."""

    op = serializers.CharField()
    id = serializers.UUIDField()
    card = FlashcardSerializer(allow_null=True)


class BatchSerializer(StrictSerializer[Any]):
    """A batch as an object; the plain array of its entries does as well."""

    operations = serializers.ListField(child=serializers.JSONField())
