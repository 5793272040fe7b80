"""Fields that several shapes share. Intervals are days, as numbers."""

import math
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from flashcards.days import calendar_of
from flashcards.models.options import validate_easy_dates, validate_easy_days, validate_steps
from flashcards.scheduling import Status

UNITS = {"s": 1 / 60, "m": 1.0, "h": 60.0, "d": 1440.0}  # minutes


@extend_schema_field(float)
class DaysField(serializers.Field[float, Any, float, Any]):
    """Days, rounded to about nine seconds: a learning step of a minute is 0.0007."""

    def to_representation(self, value: float) -> float:
        """The number of days, rounded to four places."""
        return round(value, 4)


@extend_schema_field(int)
class WholeDaysField(serializers.Field[Any, Any, Any, Any]):
    """The interval of a card or schedule in whole days, for clients that show no fraction.

    Of a review card it is rounded up to at least 1; of a learning step down, 0 below a day.
    """

    def get_attribute(self, instance: Any) -> Any:
        """The card or schedule itself."""
        return instance

    def to_representation(self, value: Any) -> int:
        """The number of days."""
        days: float = round(value.interval, 4)
        return max(math.ceil(days), 1) if value.status == Status.REVIEW else math.floor(days)


@extend_schema_field(serializers.DateTimeField)
class DueField(serializers.Field[Any, Any, Any, Any]):
    """The moment from which a card is shown: of whole days, the beginning of its study day."""

    def get_attribute(self, instance: Any) -> Any:
        """The card or schedule itself."""
        return instance

    def to_representation(self, value: Any) -> Any:
        """The moment, by the learner's clock of today."""
        moment: datetime = value.due
        if value.due_day is not None:
            moment = calendar_of(self.context["request"].user).start_of(value.due_day)
        return serializers.DateTimeField().to_representation(moment)


@extend_schema_field({"type": "array", "items": {"type": "number"}})
class StepsField(serializers.ListField):
    """Learning steps in minutes; texts like 10m, 1h and 1d are understood too."""

    def to_internal_value(self, data: Any) -> list[float]:
        """The steps in minutes, as numbers. Raises: ValidationError (400)."""
        if not isinstance(data, list):
            self.fail("not_a_list", input_type=type(data).__name__)
        steps = [_read_step(step) for step in data]
        validate_steps(steps)
        return steps

    def to_representation(self, data: Any) -> list[float]:
        """The steps in minutes, as numbers."""
        return [float(step) for step in data]


def _read_step(step: Any) -> float:
    try:
        if isinstance(step, str):
            return float(step[:-1]) * UNITS[step[-1:]]
        return float("" if isinstance(step, bool) else step)
    except (ValueError, KeyError, TypeError):
        raise serializers.ValidationError(
            "A step is a number of minutes, or a text like 10m, 1h, 1d."
        ) from None


@extend_schema_field({"type": "array", "items": {"type": "string"}})
class EasyDaysField(serializers.ListField):
    """A load for each weekday, Monday first: normal, reduced or none."""

    child = serializers.ChoiceField(choices=["normal", "reduced", "none"])

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The seven loads. Raises: ValidationError (400)."""
        value = super().run_validation(data)
        if value is not None and value is not serializers.empty:
            validate_easy_days(value)
        return value


@extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
class EasyDatesField(serializers.JSONField):
    """A load for single dates: `{"2026-12-24": "none"}`."""

    def to_internal_value(self, data: Any) -> Any:
        """The dates with their loads. Raises: ValidationError (400)."""
        validate_easy_dates(data)
        return data
