"""What happens to decks, cards and reviews.

Locks are taken in one order, owner before card: reviews and undos of one person come one after the
other, so the latest review is always the one whose card has not moved on since.
"""

import dataclasses
import itertools
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from flashcards.fitting import MIN_ITEMS, Rated, fit_parameters
from flashcards.models import Deck, Flashcard, Fit, Review
from flashcards.names import parse_uuid
from flashcards.scheduling import Rating, Schedule, preview_reviews, schedule_review
from learningaier.accounts.models import User
from learningaier.core.errors import Conflict

GROWTH = 1.25  # times as many reviews as at the last fit are worth another


def create_deck(*, owner: User, **fields: Any) -> Deck:
    """A new deck. Raises: ValidationError (400) if the owner has one of this name."""
    deck = Deck(owner=owner, **fields)
    _save_deck(deck)
    return deck


@transaction.atomic
def update_deck(*, deck_id: uuid.UUID, owner: User, **fields: Any) -> Deck:
    """Change a deck. Raises: NotFound; ValidationError (400) if another one has the name."""
    deck = Deck.objects.owned_by(owner).lock(deck_id)
    for name, value in fields.items():
        setattr(deck, name, value)
    _save_deck(deck, update_fields=[*fields, "name_key", "updated_at"])
    return deck


def _save_deck(deck: Deck, **options: Any) -> None:
    try:
        with transaction.atomic():
            deck.save(**options)
    except IntegrityError:
        raise ValidationError({"name": ["You have a deck of this name already."]}) from None


@transaction.atomic
def delete_deck(*, deck_id: uuid.UUID, owner: User) -> None:
    """Delete a deck; its cards stay, in no deck. Raises: NotFound."""
    Deck.objects.owned_by(owner).lock(deck_id).delete()


def find_or_create_deck(*, owner: User, name_or_id: str | None) -> Deck | None:
    """The owner's deck of this id or name, made on first use; None for no name.

    It is locked until the transaction ends, lest it be deleted before its new card is stored.
    Raises: ValidationError (400) for an id that is no deck of the owner.
    """
    if not name_or_id:
        return None
    decks = Deck.objects.owned_by(owner).select_for_update(no_key=True)
    if deck_id := parse_uuid(name_or_id):
        deck = decks.filter(pk=deck_id).first()
        if deck is None:
            raise ValidationError({"deck": ["You have no deck with this id."]})
        return deck
    return decks.named(name_or_id).first() or _create_named(owner, name_or_id)


def _create_named(owner: User, name: str) -> Deck:
    try:
        return create_deck(owner=owner, name=name)
    except ValidationError:  # another request was first
        return Deck.objects.owned_by(owner).select_for_update(no_key=True).named(name).get()


@transaction.atomic
def create_card(*, owner: User, deck_name: str | None = None, **fields: Any) -> Flashcard:
    """A new card, due at once. `deck_name`: a deck's name or id."""
    deck = find_or_create_deck(owner=owner, name_or_id=deck_name)
    return Flashcard.objects.create(owner=owner, deck=deck, **fields)


@transaction.atomic
def update_card(*, card_id: uuid.UUID, owner: User, **fields: Any) -> Flashcard:
    """Change a card's text or its deck, never its schedule. Raises: NotFound.

    `deck_name`: a deck's name or id, None for no deck.
    """
    if "deck_name" in fields:
        fields["deck"] = find_or_create_deck(owner=owner, name_or_id=fields.pop("deck_name"))
    card = Flashcard.objects.owned_by(owner).lock(card_id)
    for name, value in fields.items():
        setattr(card, name, value)
    card.save(update_fields=[*fields, "updated_at"])
    return card


@transaction.atomic
def delete_card(*, card_id: uuid.UUID, owner: User) -> None:
    """Delete a card with its reviews; a review that runs meanwhile is awaited. Raises: NotFound."""
    Flashcard.objects.owned_by(owner).lock(card_id).delete()


@transaction.atomic
def review_card(
    *, card_id: uuid.UUID, owner: User, rating: int, duration_ms: int | None = None
) -> Flashcard:
    """Rate a card and schedule it anew. Raises: NotFound."""
    _lock_owner(owner)
    card = Flashcard.objects.owned_by(owner).lock(card_id)
    before = card.schedule
    after = schedule_review(
        before,
        rating=Rating(rating),
        reviewed_at=timezone.now(),
        desired_retention=card.desired_retention,
        parameters=card.parameters,
    )
    card.reschedule(after)
    _record_review(card, rating, duration_ms, before)
    return card


def _record_review(card: Flashcard, rating: int, duration_ms: int | None, before: Schedule) -> None:
    assert card.last_review is not None
    Review.objects.create(
        owner_id=card.owner_id,
        flashcard=card,
        rating=rating,
        reviewed_at=card.last_review,
        duration_ms=duration_ms,
        elapsed_days=before.days_since_review(card.last_review),
        scheduled_days=card.interval,
        state=before.status,
        before=before.to_json(),
    )


@transaction.atomic
def undo_latest_review(*, owner: User) -> Flashcard:
    """Take back the owner's latest review: the card is as before, the review is gone.

    Called again, it takes back the one before. Raises: Conflict (409) where there is none.
    """
    _lock_owner(owner)
    review = Review.objects.owned_by(owner).latest_first().first()
    if review is None:
        raise Conflict("There is no review to take back.", code="nothing_to_undo")
    card = Flashcard.objects.owned_by(owner).lock(review.flashcard_id)
    card.reschedule(Schedule.from_json(review.before))
    review.delete()
    return card


def _lock_owner(owner: User) -> None:
    User.objects.select_for_update(no_key=True).values("pk").get(pk=owner.pk)


def preview_card(*, card: Flashcard) -> dict[Rating, Schedule]:
    """What each of the four ratings would lead to now; nothing is stored."""
    return preview_reviews(
        card.schedule,
        now=timezone.now(),
        desired_retention=card.desired_retention,
        parameters=card.parameters,
    )


def is_fit_due(owner: User, reviews: int) -> bool:
    """Whether a learner has reviewed enough, and enough since the last fit."""
    fit = getattr(owner, "learnerfit", None)
    return reviews >= max(MIN_ITEMS, GROWTH * fit.reviews if fit else 0)


def fit_learner(*, owner: User) -> Fit | None:
    """Fit FSRS' parameters to the owner's reviews, if there are enough new ones.

    They count from the next review on; what is scheduled stays. Returns: None if it was not due.
    """
    reviews = Review.objects.owned_by(owner)
    count = reviews.count()
    if not is_fit_due(owner, count):
        return None
    rows = reviews.order_by("flashcard_id", "reviewed_at", "created_at").values_list(
        "flashcard_id", "reviewed_at", "rating", "elapsed_days"
    )
    by_card = itertools.groupby(rows.iterator(), key=lambda row: row[0])
    found = fit_parameters([Rated(*row[1:]) for row in card] for _, card in by_card)
    values = {} if found is None else dataclasses.asdict(found)
    return Fit.objects.update_or_create(owner=owner, defaults=values | {"reviews": count})[0]
