"""What a learner wants of all decks together."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from flashcards.models.decks import Deck
from flashcards.models.options import MAX_PER_DAY, StudyOptions


class StudySettings(StudyOptions):
    """A learner's defaults for decks, and for cards in no deck; without a row, ours.

    `max_new_per_day`, `max_reviews_per_day`: limits over all decks; null: none.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    max_new_per_day = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MAX_PER_DAY)]
    )
    max_reviews_per_day = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MaxValueValidator(MAX_PER_DAY)]
    )

    class Meta:
        verbose_name_plural = "study settings"

    def __str__(self) -> str:
        return f"Study settings of {self.owner_id}"


class QueueExtra(models.Model):
    """More cards than a day's limits, asked for on that study day; no deck: of all decks."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    deck = models.ForeignKey(
        Deck, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    study_day = models.DateField()
    new = models.PositiveIntegerField(default=0)
    reviews = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "study_day", "deck"],
                nulls_distinct=False,
                name="queue_extra_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(new__lte=MAX_PER_DAY, reviews__lte=MAX_PER_DAY),
                name="queue_extra_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.study_day}: {self.new} new, {self.reviews} reviews more"
