"""What has happened to cards: append-only, and enough to compute each schedule again."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from flashcards.days import Calendar
from flashcards.models.cards import Flashcard
from flashcards.models.changes import StudyChange
from flashcards.replay import Move, move_schedule
from flashcards.scheduling import Rating, Schedule
from learningaier.core.ownership import OwnedModel, OwnedQuerySet

CRAM = "cram"  # the state of a review that was made outside of the schedule


class SchedulingOptions(models.Model):
    """By what reviews were scheduled: retention, parameters, steps …; kept once however often used.

    `content`: `scheduling.Options.to_json()`; `digest`: its SHA-256.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    content = models.JSONField()

    class Meta:
        verbose_name_plural = "scheduling options"
        constraints = [
            models.UniqueConstraint(fields=["owner", "digest"], name="options_once_an_owner")
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class EventQuerySet(OwnedQuerySet[Any]):
    """The events of one owner."""

    def on_schedule(self) -> Self:
        """The reviews that schedules follow from: none that was made outside of them."""
        return self.exclude(state=CRAM)


class ReviewManager(models.Manager["Review"]):
    """The reviews that count: what was undone stays, but says nothing any more."""

    def get_queryset(self) -> Any:
        """The events that count: none that was undone."""
        return EventQuerySet(self.model, using=self._db).filter(undone_at__isnull=True)

    def owned_by(self, user: Any) -> Any:
        """The reviews of this user that count."""
        return self.get_queryset().owned_by(user)

    def on_schedule(self) -> Any:
        """The reviews that schedules follow from."""
        return self.get_queryset().on_schedule()


class Review(OwnedModel):
    """One rating of one card.

    The event, never changed: `id` (the client may choose it), `rating`, `reviewed_at`,
    `study_day`, `duration_ms`, `options` (null: unknown, from before there were events) and
    `chosen_days` (the interval that load balancing chose; null: fuzz did).
    What a replay derives from the events: `state` (the status before), `elapsed_days` (since the
    review before, 0 for the first), `scheduled_days` (the interval that followed). A review whose
    state is `cram` was made outside of the schedule: it counts as work, and no replay reads it.
    It outlives its card: what was learned stays in all figures, so `flashcard_id` may be of a card
    that was deleted, and a join to the card leaves such reviews out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    flashcard = models.ForeignKey(
        Flashcard,
        on_delete=models.DO_NOTHING,
        related_name="reviews",
        db_index=False,
        db_constraint=False,
    )
    rating = models.PositiveSmallIntegerField(
        choices=[(rating.value, rating.name.capitalize()) for rating in Rating]
    )
    reviewed_at = models.DateTimeField()
    study_day = models.DateField()
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    options = models.ForeignKey(
        SchedulingOptions, null=True, blank=True, on_delete=models.RESTRICT, related_name="+",
        db_index=False,
    )  # fmt: skip
    chosen_days = models.PositiveIntegerField(null=True, blank=True)
    change = models.ForeignKey(
        StudyChange,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reviews",
        db_index=False,
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    elapsed_days = models.FloatField(default=0.0)
    scheduled_days = models.FloatField(default=0.0)
    state = models.CharField(max_length=10)

    objects = ReviewManager()
    events = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-reviewed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__range=(Rating.AGAIN.value, Rating.EASY.value)),
                name="review_rating_in_range",
            )
        ]
        indexes = [
            # What analytics read of a review is in the index, so they need not touch the rows.
            models.Index(
                fields=["owner", "-reviewed_at"],
                include=["rating", "flashcard"],
                name="review_owner_latest",
            ),
            models.Index(
                fields=["owner", "-study_day"],
                include=["rating", "state", "flashcard"],
                condition=Q(undone_at__isnull=True),
                name="review_owner_study_day",
            ),
            models.Index(fields=["flashcard", "reviewed_at"], name="review_card_in_order"),
            models.Index(fields=["change"], name="review_change"),
        ]

    def __str__(self) -> str:
        return f"{self.rating} at {self.reviewed_at}"


class RescheduleKind(models.TextChoices):
    """What moved a card without a review."""

    FORGET = "forget"
    SET_DUE = "set_due"
    PLAN = "plan"


class Reschedule(models.Model):
    """A card was given another day, or was made new again.

    `after_review`: the card's latest review as known then. A review that comes in later, from a
    device that was offline, outweighs the reschedule: it no longer follows what it was based on.
    `stability`, `difficulty`: its memory, as computed by other parameters; null: it stays.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    flashcard = models.ForeignKey(
        Flashcard, on_delete=models.CASCADE, related_name="reschedules", db_index=False
    )
    change = models.ForeignKey(
        StudyChange, null=True, blank=True, on_delete=models.SET_NULL, related_name="reschedules"
    )
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=RescheduleKind)
    at = models.DateTimeField()
    study_day = models.DateField()
    due_day = models.DateField(null=True, blank=True)
    after_review = models.UUIDField(null=True, blank=True)
    stability = models.FloatField(null=True, blank=True)
    difficulty = models.FloatField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index(fields=["flashcard", "at"], name="reschedule_card_in_order"),
            models.Index(F("owner"), F("at").desc(), name="reschedule_owner_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at}"

    def as_move(self) -> Move:
        """The reschedule, as scheduling knows it."""
        return Move(
            id=self.pk,
            at=self.at,
            kind=self.kind,
            due_day=self.due_day,
            after_review=self.after_review,
            study_day=self.study_day,
            stability=self.stability,
            difficulty=self.difficulty,
        )

    def apply(self, schedule: Schedule, calendar: Calendar) -> Schedule:
        """The schedule that this event leads to."""
        return move_schedule(schedule, self.as_move(), calendar)
