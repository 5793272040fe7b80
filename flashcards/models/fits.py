"""The history of fits of FSRS' parameters."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from flashcards.models.decks import Deck
from learningaier.core.ownership import OwnedQuerySet


class FitScope(models.TextChoices):
    """What was fitted: nothing, the stabilities after a first review, or all parameters."""

    NONE = "none"
    INITIAL = "initial"
    ALL = "all"


class Fit(models.Model):
    """One fit of FSRS' parameters to the reviews of a learner, or of one deck.

    `parameters`: null where what counted before predicts as well; `reviews`: how many there were,
    `usable`: of them, those that tell how something is forgotten. Losses and `calibration` are
    those of `fitting.Fit`, null while there are too few to hold some out.
    What counts is copied to `StudySettings.parameters` or `Deck.parameters`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    deck = models.ForeignKey(
        Deck, null=True, blank=True, on_delete=models.CASCADE, related_name="fits"
    )
    parameters = ArrayField(models.FloatField(), null=True, blank=True)
    scope = models.CharField(
        max_length=8, choices=FitScope, default=FitScope.ALL, db_default=FitScope.ALL
    )
    reviews = models.PositiveIntegerField()
    usable = models.PositiveIntegerField(default=0, db_default=0)
    loss = models.FloatField(null=True, blank=True)
    default_loss = models.FloatField(null=True, blank=True)
    calibration = models.JSONField(null=True, blank=True)

    objects = OwnedQuerySet["Fit"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["owner", "deck", "-created_at"], name="fit_owner_latest")]

    def __str__(self) -> str:
        return f"Fit of {self.reviews} reviews"
