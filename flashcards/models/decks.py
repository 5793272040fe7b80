"""Decks: cards that are studied together."""

import uuid
from datetime import date, datetime
from typing import Any, Self

from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from flashcards.models.options import StudyOptions
from flashcards.names import (
    MAX_KEY,
    MAX_NAME,
    fold_name,
    validate_deck_name,
)
from flashcards.scheduling import MAX_RETENTION, MIN_RETENTION, Status
from learningaier.core.errors import NotFound
from learningaier.core.fields import ValidatedCharField
from learningaier.core.ownership import ImportableModel, OwnedQuerySet, external_id_once

MAX_MINUTES_PER_DAY = 1440
DEFAULT_LAST_DAYS, MAX_LAST_DAYS = 7, 60


def _count_cards(*conditions: Q, **fields: Any) -> Any:
    """How many cards of a deck there are of a kind, counted within an index of that deck."""
    cards = apps.get_model("flashcards", "Flashcard").objects.filter(
        *conditions, owner=OuterRef("owner"), deck=OuterRef("pk"), **fields
    )
    counted = cards.order_by().values("deck").annotate(count=Count("*")).values("count")
    return Coalesce(Subquery(counted), 0)


class DeckQuerySet(OwnedQuerySet["Deck"]):
    """Decks, also with the counts of their cards."""

    def with_counts(self, now: datetime, today: date) -> Self:
        """Each deck with how many of its cards are `new`, `learning` (again too), `due`, `total`.

        `due` counts what can be studied now, new cards among them: what `?due=true` lists.
        """
        in_steps = [Status.LEARNING.value, Status.RELEARNING.value]
        shown = Q(is_suspended=False) & (Q(buried_until=None) | Q(buried_until__lte=today))
        return self.annotate(
            new=_count_cards(status=Status.NEW.value),
            learning=_count_cards(status__in=in_steps),
            due=_count_cards(shown, due_day__lte=today)
            + _count_cards(shown, due_day=None, due__lte=now),
            total=_count_cards(),
        )

    def named(self, name: str) -> Self:
        """The decks of this name, in whatever case."""
        return self.filter(name_key=fold_name(name))

    def called(self, name: str) -> Self:
        """The decks of this name, or of this id in another program."""
        return self.filter(Q(name_key=fold_name(name)) | Q(external_id=name))

    def lock(self, deck_id: uuid.UUID) -> "Deck":
        """One deck, locked until the transaction ends. Raises: NotFound."""
        deck = self.select_for_update().filter(pk=deck_id).first()
        if deck is None:
            raise NotFound
        return deck


class NotInTrash(models.Manager.from_queryset(DeckQuerySet)):  # type: ignore[misc]
    """The decks that are not in the trash."""

    def get_queryset(self) -> DeckQuerySet:
        """Leave out what is deleted."""
        rows: DeckQuerySet = super().get_queryset().filter(deleted_at=None)
        return rows


class Deck(ImportableModel, StudyOptions):
    """Cards that are studied together. A change of its options tells from the next review on.

    `exam_last_days`: the days before `exam_date` in which each card is seen once more.
    """

    name = ValidatedCharField(max_length=MAX_NAME, validators=[validate_deck_name])
    name_key = models.CharField(max_length=MAX_KEY, editable=False)
    exam_date = models.DateField(null=True, blank=True)
    minutes_per_day = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_MINUTES_PER_DAY)],
    )
    exam_last_days = models.PositiveSmallIntegerField(
        default=DEFAULT_LAST_DAYS,
        db_default=DEFAULT_LAST_DAYS,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_LAST_DAYS)],
    )

    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = NotInTrash()
    everything = DeckQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name_key"], condition=Q(deleted_at=None), name="deck_name_once"
            ),
            external_id_once("deck"),
            models.CheckConstraint(
                condition=Q(desired_retention__range=(MIN_RETENTION, MAX_RETENTION)),
                name="deck_retention_in_range",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-created_at", "-id"], name="deck_owner_newest")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Tell a name that is taken before the database does, for the admin's form."""
        super().clean()
        others = Deck.objects.named(self.name).filter(owner_id=self.owner_id)
        if others.exclude(pk=self.pk).exists():
            raise ValidationError({"name": "The owner has a deck of this name."})

    def save(self, **kwargs: Any) -> None:
        """Save, with the key by which the name is unique."""
        self.name_key = fold_name(self.name)
        super().save(**kwargs)
