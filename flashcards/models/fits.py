"""The history of fits of FSRS' parameters."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from flashcards.models.decks import Deck
from learningaier.core.ownership import OwnedQuerySet


class Fit(models.Model):
    """One fit of FSRS' parameters to the reviews of a learner, or of one deck.

    `parameters`: null where the defaults predict as well; `reviews`: how many there were; the
    losses are those of `fitting.Fit`, null while there are too few reviews that tell something.
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
    reviews = models.PositiveIntegerField()
    loss = models.FloatField(null=True, blank=True)
    default_loss = models.FloatField(null=True, blank=True)

    objects = OwnedQuerySet["Fit"].as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["owner", "deck", "-created_at"], name="fit_owner_latest")]

    def __str__(self) -> str:
        return f"Fit of {self.reviews} reviews"
