"""Fitting FSRS' parameters to learners and to their decks."""

import dataclasses
import uuid
from typing import Any

from django.db import transaction
from django.db.models import Count

from flashcards.fitting import MIN_INITIAL, Rated, fit_parameters, is_available
from flashcards.models import Deck, Fit, Review, StudySettings
from flashcards.scheduling import Status
from flashcards.services.options import find_settings
from learningaier.accounts.models import User

GROWTH = 1.25  # times as many reviews as at the last fit are worth another
MIN_OF_DECK = 400  # usable reviews: below, a deck is better served by all of its learner's


def is_fit_due(owner: User, reviews: int) -> bool:
    """Whether a learner has reviewed enough, and enough since the last fit."""
    fit = Fit.objects.owned_by(owner).filter(deck=None).first()
    return reviews >= max(MIN_INITIAL, GROWTH * fit.reviews if fit else 0)


def fit_learner(*, owner: User) -> list[Fit]:
    """Fit FSRS' parameters to the owner's reviews, and to each deck that has enough of its own.

    They count from the next review on; what is scheduled stays. Returns: the fits, the learner's
    first; none without a trainer.
    """
    if not is_available():
        return []
    fit = _fit(owner, None)
    counts = Review.objects.owned_by(owner).order_by().values("flashcard__deck")
    enough = counts.annotate(count=Count("*")).filter(count__gte=MIN_OF_DECK)
    decks = Deck.objects.owned_by(owner).filter(pk__in=enough.values("flashcard__deck"))
    return [fit, *(_fit(owner, deck) for deck in decks.order_by("pk"))]


def fit_deck(*, owner: User, deck_id: uuid.UUID) -> list[Fit]:
    """Fit to one deck; one that is gone needs nothing."""
    deck = Deck.objects.owned_by(owner).filter(pk=deck_id).first()
    return [_fit(owner, deck)] if deck and is_available() else []


def _fit(owner: User, deck: Deck | None) -> Fit:
    histories, count = _read_histories(owner, deck)
    learners = find_settings(owner).parameters if deck else None
    found = fit_parameters(histories, tuple(learners) if learners else None)
    values = dataclasses.asdict(found)
    if deck and found.usable < MIN_OF_DECK:
        values["parameters"] = None
    with transaction.atomic():
        _store(owner, deck, values["parameters"])
        return Fit.objects.create(owner=owner, deck=deck, reviews=count, **values)


def _read_histories(owner: User, deck: Deck | None) -> tuple[list[list[Rated]], int]:
    """The reviews of each card, from where it was new on, and how many there are in all."""
    reviews = Review.events.owned_by(owner).on_schedule().filter(undone_at=None)
    if deck:
        reviews = reviews.filter(flashcard__deck=deck)
    rows = reviews.order_by("flashcard_id", "reviewed_at", "created_at").values_list(
        "flashcard_id", "state", "reviewed_at", "rating", "elapsed_days"
    )
    histories: list[list[Rated]] = []
    latest, count = None, 0
    for card_id, state, at, rating, days in rows.iterator(chunk_size=10_000):
        count += 1
        if card_id != latest or state == Status.NEW:
            histories.append([])
            latest = card_id
        histories[-1].append(Rated(at, rating, days))
    return histories, count


def _store(owner: User, deck: Deck | None, parameters: Any) -> None:
    """Let the parameters count from the next review on; None: those of the learner, or FSRS'."""
    if deck:
        Deck.objects.owned_by(owner).filter(pk=deck.pk).update(parameters=parameters)
    else:
        StudySettings.objects.update_or_create(owner=owner, defaults={"parameters": parameters})
