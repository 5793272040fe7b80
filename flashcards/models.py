"""Flashcards, the decks they lie in, and their reviews."""

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from flashcards.names import (
    MAX_KEY,
    MAX_NAME,
    fold_name,
    parse_uuid,
    validate_deck_name,
)
from flashcards.scheduling import (
    DEFAULT_RETENTION,
    HIGHEST_RETENTION,
    LOWEST_RETENTION,
    Parameters,
    Rating,
    Schedule,
    Status,
    derive_ease_factor,
)
from learningaier.core.errors import NotFound
from learningaier.core.fields import ValidatedCharField
from learningaier.core.ownership import OwnedModel, OwnedQuerySet
from notes.models import Note


class DeckQuerySet(OwnedQuerySet["Deck"]):
    """Decks, also with the counts of their cards."""

    def with_counts(self) -> Self:
        """Each deck with how many of its cards are `new`, `learning` (again too), `due`, `total`.

        `due` counts what can be studied now, new cards among them: what `?due=true` lists.
        """
        in_steps = [Status.LEARNING, Status.RELEARNING]
        return self.annotate(
            new=Count("cards", filter=Q(cards__status=Status.NEW)),
            learning=Count("cards", filter=Q(cards__status__in=in_steps)),
            due=Count("cards", filter=Q(cards__due__lte=timezone.now())),
            total=Count("cards"),
        )

    def named(self, name: str) -> Self:
        """The decks of this name, in whatever case."""
        return self.filter(name_key=fold_name(name))

    def lock(self, deck_id: uuid.UUID) -> "Deck":
        """One deck, locked until the transaction ends. Raises: NotFound."""
        deck = self.select_for_update().filter(pk=deck_id).first()
        if deck is None:
            raise NotFound
        return deck


class Deck(OwnedModel):
    """Cards that are studied together. A change of its retention tells from the next review on."""

    name = ValidatedCharField(max_length=MAX_NAME, validators=[validate_deck_name])
    name_key = models.CharField(max_length=MAX_KEY, editable=False)
    desired_retention = models.FloatField(
        default=DEFAULT_RETENTION,
        validators=[MinValueValidator(LOWEST_RETENTION), MaxValueValidator(HIGHEST_RETENTION)],
    )
    new_per_day = models.PositiveSmallIntegerField(default=20, validators=[MaxValueValidator(9999)])
    exam_date = models.DateField(null=True, blank=True)

    objects = DeckQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name_key"], name="deck_name_once_an_owner"),
            models.CheckConstraint(
                condition=Q(desired_retention__range=(LOWEST_RETENTION, HIGHEST_RETENTION)),
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


class FlashcardQuerySet(OwnedQuerySet["Flashcard"]):
    """Cards, chosen by what the list can be narrowed to."""

    def due_by(self, moment: Any) -> Self:
        """The cards, new ones too, that are to be studied by a moment."""
        return self.filter(due__lte=moment)

    def in_deck(self, name_or_id: str) -> Self:
        """The cards of a deck."""
        deck_id = parse_uuid(name_or_id)
        if deck_id:
            return self.filter(deck_id=deck_id)
        return self.filter(deck__name_key=fold_name(name_or_id))

    def to_be_scheduled(self) -> Self:
        """Cards with what their schedule depends on, in one query."""
        return self.select_related("deck", "owner__learnerfit")

    def lock(self, card_id: uuid.UUID) -> "Flashcard":
        """One card with its deck, locked until the transaction ends. Raises: NotFound."""
        rows = self.to_be_scheduled().select_for_update(of=("self",))
        card = rows.filter(pk=card_id).first()
        if card is None:
            raise NotFound
        return card


class Flashcard(OwnedModel):
    """A term and its definition, and what FSRS knows of how well it is remembered."""

    deck = models.ForeignKey(
        Deck, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards"
    )
    note = models.ForeignKey(
        Note, null=True, blank=True, on_delete=models.SET_NULL, related_name="flashcards"
    )
    term = models.CharField(max_length=1000)
    definition = models.TextField()
    context = models.TextField(blank=True)
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    source = models.JSONField(null=True, blank=True, editable=False)

    status = models.CharField(
        max_length=10,
        choices=[(status.value, status.value.capitalize()) for status in Status],
        default=Status.NEW.value,
    )
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    stability = models.FloatField(null=True, blank=True)
    difficulty = models.FloatField(null=True, blank=True)
    due = models.DateTimeField(default=timezone.now)
    last_review = models.DateTimeField(null=True, blank=True)
    interval = models.FloatField(default=0.0)
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)

    objects = FlashcardQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="card_owner_newest"),
            models.Index(fields=["owner", "due"], name="card_owner_due"),
        ]

    def __str__(self) -> str:
        return self.term

    def clean(self) -> None:
        """Keep a card, its deck and its note in one person's hands."""
        super().clean()
        if self.deck and self.deck.owner_id != self.owner_id:
            raise ValidationError({"deck": "This deck is someone else's."})
        if self.note and self.note.owner_id != self.owner_id:
            raise ValidationError({"note": "This note is someone else's."})

    @property
    def schedule(self) -> Schedule:
        """What scheduling knows of this card."""
        return Schedule(**{name: getattr(self, name) for name in Schedule.names()})

    @property
    def deck_name(self) -> str | None:
        """The name of the deck it lies in."""
        return self.deck.name if self.deck else None

    @property
    def desired_retention(self) -> float:
        """The probability of recall at which this card comes back."""
        return self.deck.desired_retention if self.deck else DEFAULT_RETENTION

    @property
    def parameters(self) -> Parameters | None:
        """FSRS' parameters, as fitted to the owner; None: FSRS' own."""
        fit = getattr(self.owner, "learnerfit", None)
        return tuple(fit.parameters) if fit and fit.parameters else None

    @property
    def ease_factor(self) -> float:
        """SM-2's ease factor, derived from the difficulty for clients that show one."""
        return derive_ease_factor(self.difficulty)

    def reschedule(self, schedule: Schedule) -> None:
        """Store a new schedule and nothing else, so that a change of the text meanwhile stays."""
        for name in Schedule.names():
            setattr(self, name, getattr(schedule, name))
        self.save(update_fields=[*Schedule.names(), "updated_at"])


class ReviewQuerySet(OwnedQuerySet["Review"]):
    """Reviews of one owner."""

    def latest_first(self) -> Self:
        """The reviews in the order in which they are undone."""
        return self.order_by("-reviewed_at", "-created_at", "-id")


class Review(OwnedModel):
    """One rating of one card, with the card's whole schedule before it, so that undo is exact.

    `state`: the card's status before; `elapsed_days`: since the review before, 0 for the first;
    `scheduled_days`: the interval that followed.
    """

    flashcard = models.ForeignKey(Flashcard, on_delete=models.CASCADE, related_name="reviews")
    rating = models.PositiveSmallIntegerField(
        choices=[(rating.value, rating.name.capitalize()) for rating in Rating]
    )
    reviewed_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    elapsed_days = models.FloatField()
    scheduled_days = models.FloatField()
    state = models.CharField(max_length=10)
    before = models.JSONField()

    objects = ReviewQuerySet.as_manager()

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
            )
        ]


class LearnerFit(models.Model):
    """The latest fit of FSRS' parameters to a learner's reviews.

    `parameters`: null where the defaults predict as well; `reviews`: how many there were; the
    losses are those of `fitting.Fit`, null while there are too few reviews that tell something.
    """

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True
    )
    parameters = ArrayField(models.FloatField(), null=True, blank=True)
    reviews = models.PositiveIntegerField()
    loss = models.FloatField(null=True, blank=True)
    default_loss = models.FloatField(null=True, blank=True)
    fitted_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Fit of {self.reviews} reviews"
