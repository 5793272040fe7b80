"""Fitting FSRS' parameters to learners."""

import dataclasses
import itertools

from django.db import transaction

from flashcards.fitting import MIN_ITEMS, Rated, fit_parameters, is_available
from flashcards.models import Fit, Review, StudySettings
from learningaier.accounts.models import User

GROWTH = 1.25  # times as many reviews as at the last fit are worth another


def is_fit_due(owner: User, reviews: int) -> bool:
    """Whether a learner has reviewed enough, and enough since the last fit."""
    fit = Fit.objects.owned_by(owner).filter(deck=None).first()
    return reviews >= max(MIN_ITEMS, GROWTH * fit.reviews if fit else 0)


def fit_learner(*, owner: User) -> Fit | None:
    """Fit FSRS' parameters to the owner's reviews, if there are enough new ones.

    They count from the next review on; what is scheduled stays. Returns: None if it was not due, or
    there is no trainer.
    """
    reviews = Review.objects.owned_by(owner)
    count = reviews.count()
    if not is_available() or not is_fit_due(owner, count):
        return None
    rows = reviews.order_by("flashcard_id", "reviewed_at", "created_at").values_list(
        "flashcard_id", "reviewed_at", "rating", "elapsed_days"
    )
    by_card = itertools.groupby(rows.iterator(), key=lambda row: row[0])
    found = fit_parameters([Rated(*row[1:]) for row in card] for _, card in by_card)
    values = {} if found is None else dataclasses.asdict(found)
    parameters = values.get("parameters")
    with transaction.atomic():
        StudySettings.objects.update_or_create(owner=owner, defaults={"parameters": parameters})
        return Fit.objects.create(owner=owner, reviews=count, **values)
