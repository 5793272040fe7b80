"""Plans: other due days for cards, computed and shown, perhaps applied."""

from django.db import models

from flashcards.models.changes import StudyChange
from flashcards.models.decks import Deck
from learningaier.core.ownership import OwnedModel, OwnedQuerySet


class PlanKind(models.TextChoices):
    """What a plan is for."""

    EXAM = "exam"
    CATCH_UP = "catch_up"
    BREAK = "break"
    RETENTION = "retention"


class Plan(OwnedModel):
    """A plan and what it would lead to.

    `request`: what was asked for; `figures`: what is shown; `due_days`: ISO dates by card, of
    those that it moves; `fingerprint`: of the cards that it was computed from; `change`: the step
    by which it was applied.
    """

    kind = models.CharField(max_length=10, choices=PlanKind)
    deck = models.ForeignKey(
        Deck, null=True, blank=True, on_delete=models.CASCADE, related_name="plans"
    )
    request = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    due_days = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    applied_at = models.DateTimeField(null=True, blank=True)
    change = models.ForeignKey(
        StudyChange, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = OwnedQuerySet["Plan"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind}, {len(self.due_days)} cards"
