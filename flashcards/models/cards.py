"""Cards: each asks one thing of a fact, and has a schedule."""

import uuid
from datetime import date, datetime
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from flashcards.ease import derive_ease_factor
from flashcards.models.decks import Deck
from flashcards.models.facts import Fact
from flashcards.scheduling import Schedule, Status
from learningaier.core.errors import NotFound
from learningaier.core.ownership import (
    ImportableModel,
    OwnedQuerySet,
    external_id_once,
)

MAX_FLAG = 7
IS_TIMED = Q(due_day=None) & ~Q(status=Status.NEW.value)  # in a step of less than a day


class FlashcardQuerySet(OwnedQuerySet["Flashcard"]):
    """Cards, chosen by what the list can be narrowed to."""

    def due_by(self, moment: datetime, today: date) -> Self:
        """The cards, new ones too, that can be studied at a moment of a study day."""
        is_due = Q(due_day__lte=today) | Q(due_day=None, due__lte=moment)
        return self.filter(is_due).shown_on(today)

    def shown_on(self, today: date) -> Self:
        """The cards that are neither suspended nor buried on a study day."""
        return self.filter(Q(buried_until=None) | Q(buried_until__lte=today), is_suspended=False)

    def to_be_scheduled(self) -> Self:
        """Cards with what their schedule depends on, in one query."""
        return self.select_related("deck", "fact", "owner__studysettings")

    def to_be_shown(self) -> Self:
        """Cards with their texts, their decks and the ids of their siblings, in one query."""
        siblings = Flashcard.objects.filter(fact=OuterRef("fact")).exclude(pk=OuterRef("pk"))
        ids = siblings.order_by("ordinal").values("pk")
        rows = self.select_related("deck", "fact", "fact__note_type")
        return rows.annotate(siblings=ArraySubquery(ids))

    def lock(self, card_id: uuid.UUID, *, field: str | None = None) -> "Flashcard":
        """One card with its deck, locked until the transaction ends. Raises: NotFound.

        `field`: of the request, that names the card.
        """
        rows = self.to_be_scheduled().select_for_update(of=("self",))
        card = rows.filter(pk=card_id).first()
        if card is None:
            raise NotFound(field=field)
        return card


class Flashcard(ImportableModel):
    """One question of a fact, and what FSRS knows of how well it is remembered.

    `ordinal`: which of the fact's cards, from 0; of a cloze its number less one.
    `due`: the moment from which the card is shown. `due_day`: the study day from whose beginning
    it is shown, wherever the learner is then; null for steps of less than a day and for most new
    cards, where `due` counts. `last_day`: the study day of the last review. `buried_until`: the
    study day on which the card comes back. `baseline`: the schedule from which a replay of the
    events begins; null: a new card.
    """

    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="cards", db_index=False)
    ordinal = models.PositiveSmallIntegerField(default=0, db_default=0)
    deck = models.ForeignKey(
        Deck, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards"
    )
    is_suspended = models.BooleanField(default=False, db_default=False)
    buried_until = models.DateField(null=True, blank=True)
    flag = models.PositiveSmallIntegerField(
        default=0, db_default=0, validators=[MaxValueValidator(MAX_FLAG)]
    )
    is_leech = models.BooleanField(default=False, db_default=False)
    has_siblings = models.BooleanField(default=False, db_default=False, editable=False)

    status = models.CharField(
        max_length=10,
        choices=[(status.value, status.value.capitalize()) for status in Status],
        default=Status.NEW.value,
    )
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    stability = models.FloatField(null=True, blank=True)
    difficulty = models.FloatField(null=True, blank=True)
    due = models.DateTimeField(default=timezone.now)
    due_day = models.DateField(null=True, blank=True)
    last_review = models.DateTimeField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    interval = models.FloatField(default=0.0)
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    baseline = models.JSONField(null=True, blank=True, editable=False)

    objects = FlashcardQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["fact", "ordinal"], name="card_once_a_fact"),
            external_id_once("card"),
            models.CheckConstraint(condition=Q(flag__lte=MAX_FLAG), name="card_flag_in_range"),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="card_owner_newest"),
            models.Index(fields=["owner", "due"], name="card_owner_due"),
            # All that a deck's counts look at, so that they need not touch the rows.
            models.Index(
                fields=["owner", "deck", "due_day", "id"],
                include=["is_suspended", "buried_until", "status", "due"],
                name="card_deck_days",
            ),
            models.Index(
                fields=["owner", "deck"],
                condition=Q(status__in=[Status.LEARNING.value, Status.RELEARNING.value]),
                name="card_deck_in_steps",
            ),
            models.Index(
                "owner", Coalesce("difficulty", Value(0.0)), "id", name="card_owner_difficulty"
            ),
            models.Index(
                fields=["owner", "due_day"],
                include=["deck", "is_suspended"],
                condition=Q(due_day__isnull=False),
                name="card_owner_due_day",
            ),
            models.Index(fields=["owner", "due"], condition=IS_TIMED, name="card_owner_timed"),
            models.Index(
                fields=["owner", "deck", "created_at", "ordinal", "id"],
                include=["is_suspended", "buried_until", "due_day"],
                condition=Q(status=Status.NEW.value),
                name="card_deck_unseen",
            ),
            models.Index(
                fields=["owner", "last_day"],
                include=["fact"],
                condition=Q(has_siblings=True, last_day__isnull=False),
                name="card_sibling_seen",
            ),
            models.Index(
                fields=["owner", "buried_until"],
                condition=Q(buried_until__isnull=False),
                name="card_owner_buried",
            ),
            models.Index(
                fields=["owner", "-created_at"],
                condition=Q(is_leech=True),
                name="card_owner_leeches",
            ),
            models.Index(
                fields=["owner", "-created_at"],
                condition=Q(is_suspended=True),
                name="card_owner_suspended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} ({self.ordinal})" if self.ordinal else str(self.fact)

    def clean(self) -> None:
        """Keep a card, its fact and its deck in one person's hands."""
        super().clean()
        if self.deck and self.deck.owner_id != self.owner_id:
            raise ValidationError({"deck": "This deck is someone else's."})
        if self.fact_id and self.fact.owner_id != self.owner_id:
            raise ValidationError({"fact": "This fact is someone else's."})

    @property
    def schedule(self) -> Schedule:
        """What scheduling knows of this card."""
        return Schedule(**{name: getattr(self, name) for name in Schedule.names()})

    @property
    def deck_name(self) -> str | None:
        """The name of the deck it lies in."""
        return self.deck.name if self.deck else None

    @property
    def ease_factor(self) -> float:
        """SM-2's ease factor, derived from the difficulty for clients that show one."""
        return derive_ease_factor(self.difficulty)

    def is_buried(self, today: date) -> bool:
        """Whether the card is put off to a later study day."""
        return self.buried_until is not None and self.buried_until > today

    def take_schedule(self, schedule: Schedule) -> None:
        """Take over a schedule, without storing it."""
        for name in Schedule.names():
            setattr(self, name, getattr(schedule, name))
