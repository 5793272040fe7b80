"""Plans and workloads in the API."""

from typing import Any

from rest_framework import serializers

from flashcards.models.decks import MAX_MINUTES_PER_DAY
from flashcards.models.plans import Plan, PlanKind
from flashcards.names import MAX_NAME
from flashcards.scheduling import MAX_RETENTION, MIN_RETENTION
from learningaier.api.serializers import StrictModelSerializer, StrictSerializer

MAX_DAYS = 365
NEEDED = {
    PlanKind.EXAM.value: [],
    PlanKind.CATCH_UP.value: ["days"],
    PlanKind.BREAK.value: ["start", "end"],
    PlanKind.RETENTION.value: [],
}


class PlanRequestSerializer(StrictSerializer[Any]):
    """What to plan: each kind has fields of its own."""

    kind = serializers.ChoiceField(choices=PlanKind.choices)
    deck = serializers.CharField(required=False, max_length=MAX_NAME, allow_null=True)
    exam_date = serializers.DateField(required=False)
    minutes_per_day = serializers.FloatField(
        required=False, min_value=1, max_value=MAX_MINUTES_PER_DAY
    )
    days = serializers.IntegerField(required=False, min_value=1, max_value=MAX_DAYS)
    start = serializers.DateField(required=False)
    end = serializers.DateField(required=False)
    desired_retention = serializers.FloatField(
        required=False, min_value=MIN_RETENTION, max_value=MAX_RETENTION
    )
    mode = serializers.ChoiceField(choices=["reschedule", "from_now"], required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Raises: ValidationError (400) where a field that the kind needs is missing."""
        needed = NEEDED[attrs["kind"]]
        missing = {name: ["This field is required."] for name in needed if name not in attrs}
        if missing:
            raise serializers.ValidationError(missing)
        return attrs


class PlanSerializer(StrictModelSerializer[Plan]):
    """A plan with what it would lead to: 90 numbers each, one a study day from `first_day` on."""

    deck_id = serializers.UUIDField(read_only=True, allow_null=True)
    first_day = serializers.DateField(source="figures.first_day")
    due_before = serializers.ListField(
        child=serializers.IntegerField(), source="figures.due_before"
    )
    due_after = serializers.ListField(child=serializers.IntegerField(), source="figures.due_after")
    minutes_before = serializers.ListField(
        child=serializers.FloatField(), source="figures.minutes_before"
    )
    minutes_after = serializers.ListField(
        child=serializers.FloatField(), source="figures.minutes_after"
    )
    cards_moved = serializers.IntegerField(source="figures.cards_moved")

    class Meta:
        model = Plan
        fields = [
            "id",
            "kind",
            "deck_id",
            "first_day",
            "due_before",
            "due_after",
            "minutes_before",
            "minutes_after",
            "cards_moved",
            "figures",
            "created_at",
            "applied_at",
        ]
        read_only_fields = fields


class WorkloadRequestSerializer(StrictSerializer[Any]):
    """Whose workload is asked for."""

    deck = serializers.CharField(required=False, help_text="A deck's name or id.")


class LoadSerializer(StrictSerializer[Any]):
    """What a retention would cost and keep over a year."""

    desired_retention = serializers.FloatField()
    minutes_per_day = serializers.FloatField()
    minutes_error = serializers.FloatField()
    remembered = serializers.FloatField()
    remembered_error = serializers.FloatField()


class WorkloadSerializer(StrictSerializer[Any]):
    """What each retention would cost, and how much would be remembered."""

    cards = serializers.IntegerField()
    cards_simulated = serializers.IntegerField()
    loads = LoadSerializer(many=True)
