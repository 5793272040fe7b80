"""How cards are studied: what a deck may say, and a learner for all decks that say nothing."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.dateparse import parse_date

from flashcards.scheduling import DEFAULT_RETENTION, MAX_RETENTION, MIN_RETENTION

MAX_PER_DAY = 9999
MAX_STEPS = 10
MAX_STEP_MINUTES = 7 * 24 * 60
MAX_INTERVAL_DAYS = 36_500
MAX_EASY_DATES = 400
MIN_LEECH_LAPSES, DEFAULT_LEECH_LAPSES, MAX_LEECH_LAPSES = 1, 8, 99
DEFAULT_NEW_PER_DAY, DEFAULT_REVIEWS_PER_DAY = 20, 200


class NewMix(models.TextChoices):
    """Where new cards come among the reviews."""

    MIXED = "mixed"
    BEFORE = "before"
    AFTER = "after"


class ReviewOrder(models.TextChoices):
    """In which order reviews come."""

    DUE = "due"
    RETRIEVABILITY = "retrievability"
    RANDOM = "random"
    DIFFICULTY = "difficulty"


class NewOrder(models.TextChoices):
    """In which order new cards come."""

    ADDED = "added"
    RANDOM = "random"


class DayLoad(models.TextChoices):
    """How much a learner wants to study on a day."""

    NORMAL = "normal"
    REDUCED = "reduced"
    NONE = "none"


def validate_steps(steps: list[float]) -> None:
    """Raises: ValidationError unless steps are at most ten, of some seconds to seven days."""
    if len(steps) > MAX_STEPS:
        raise ValidationError(f"At most {MAX_STEPS} steps.")
    if not all(0 < minutes <= MAX_STEP_MINUTES for minutes in steps):
        raise ValidationError(f"A step has more than 0 and at most {MAX_STEP_MINUTES} minutes.")


def validate_easy_days(days: list[str]) -> None:
    """Raises: ValidationError unless there is a load for each weekday, and not `none` for all."""
    if len(days) != 7:
        raise ValidationError("Give one value for each of the seven weekdays, Monday first.")
    if all(day == DayLoad.NONE for day in days):
        raise ValidationError("On one weekday at least there must be reviews.")


def validate_easy_dates(dates: Any) -> None:
    """Raises: ValidationError unless it maps ISO dates to loads."""
    if not isinstance(dates, dict) or len(dates) > MAX_EASY_DATES:
        raise ValidationError(f"Give an object of at most {MAX_EASY_DATES} dates.")
    for day, load in dates.items():
        if not _is_date(day):
            raise ValidationError(f"“{str(day)[:20]}” is not a date like 2026-12-24.")
        if load not in DayLoad.values:
            raise ValidationError(f"A date's load is one of {', '.join(DayLoad.values)}.")


FIELD_VALIDATORS: dict[str, Callable[[Any], None]] = {
    "learning_steps": validate_steps,
    "relearning_steps": validate_steps,
    "easy_days": validate_easy_days,
    "easy_dates": validate_easy_dates,
}


def _is_date(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except ValueError:  # well formed, but no day of the calendar
        return False


def _minutes() -> "ArrayField[Any, Any]":
    return ArrayField(
        models.FloatField(), null=True, blank=True,
        help_text="minutes; empty: the default",
    )  # fmt: skip


def _limit(default: int) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(
        default=default, db_default=default, validators=[MaxValueValidator(MAX_PER_DAY)]
    )


class StudyOptions(models.Model):
    """How cards are studied. What is null here is left to the learner's settings, then to us.

    `parameters`: FSRS-6's 21, as fitted; null: those of the learner, then FSRS' own.
    `new_held_until`: a plan shows no new card before that study day. `planned_new`,
    `planned_reviews`: before `planned_until`, a plan lets at least so many come a day.
    """

    desired_retention = models.FloatField(
        default=DEFAULT_RETENTION,
        validators=[MinValueValidator(MIN_RETENTION), MaxValueValidator(MAX_RETENTION)],
    )
    new_per_day = _limit(DEFAULT_NEW_PER_DAY)
    reviews_per_day = _limit(DEFAULT_REVIEWS_PER_DAY)
    new_mix = models.CharField(
        max_length=8, choices=NewMix, default=NewMix.MIXED, db_default=NewMix.MIXED
    )
    review_order = models.CharField(
        max_length=16, choices=ReviewOrder, default=ReviewOrder.DUE, db_default=ReviewOrder.DUE
    )
    new_order = models.CharField(
        max_length=8, choices=NewOrder, default=NewOrder.ADDED, db_default=NewOrder.ADDED
    )
    leech_threshold = models.PositiveSmallIntegerField(
        default=DEFAULT_LEECH_LAPSES,
        db_default=DEFAULT_LEECH_LAPSES,
        validators=[MinValueValidator(MIN_LEECH_LAPSES), MaxValueValidator(MAX_LEECH_LAPSES)],
    )
    leech_suspends = models.BooleanField(default=False, db_default=False)
    learning_steps = _minutes()
    relearning_steps = _minutes()
    maximum_interval = models.PositiveIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_INTERVAL_DAYS)],
        help_text="days",
    )
    is_fuzzed = models.BooleanField(null=True, blank=True)
    easy_days = ArrayField(
        models.CharField(max_length=8, choices=DayLoad),
        null=True, blank=True,
    )  # fmt: skip
    easy_dates = models.JSONField(null=True, blank=True)
    parameters = ArrayField(models.FloatField(), null=True, blank=True, editable=False)
    new_held_until = models.DateField(null=True, blank=True, editable=False)
    planned_until = models.DateField(null=True, blank=True, editable=False)
    planned_new = models.PositiveIntegerField(null=True, blank=True, editable=False)
    planned_reviews = models.PositiveIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def new_limit_on(self, today: date) -> int:
        """How many new cards may come on a study day, unless a plan holds them back."""
        return max(self.new_per_day, self._planned(self.planned_new, today))

    def review_limit_on(self, today: date) -> int:
        """How many reviews may come on a study day."""
        return max(self.reviews_per_day, self._planned(self.planned_reviews, today))

    def _planned(self, limit: int | None, today: date) -> int:
        is_in_force = self.planned_until is not None and today < self.planned_until
        return limit or 0 if is_in_force else 0

    def clean(self) -> None:
        """Check what no validator of a single field can: migrations would import our validators."""
        super().clean()
        self.easy_days = self.easy_days or None  # a form has no null
        for name, validate in FIELD_VALIDATORS.items():
            value = getattr(self, name)
            if value is not None:
                _validate_field(name, value, validate)


def _validate_field(name: str, value: Any, validate: Callable[[Any], None]) -> None:
    try:
        validate(value)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from None
