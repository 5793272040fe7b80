"""Work on cards that a request does not wait for."""

import uuid
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils import timezone

from flashcards.fitting import is_available
from flashcards.models import Deck, Fit, Review
from flashcards.services.fits import fit_deck, fit_learner, is_fit_due
from learningaier.accounts.models import User
from learningaier.core.errors import NotAvailable
from learningaier.jobs.models import Job, JobAttempt
from learningaier.jobs.queues import enqueue
from learningaier.jobs.running import start_job

LATELY = timedelta(days=1)


def start_fit(*, owner: User, deck: Deck | None) -> Job:
    """Have a worker fit FSRS' parameters. Raises: NotAvailable (503) without a trainer."""
    if not is_available():
        raise NotAvailable("This service was installed without what fits.")
    return start_job(
        owner_id=owner.pk,
        work=run_fit,
        learner_id=str(owner.pk),
        deck_id=str(deck.pk) if deck else None,
    )


def run_fit(_attempt: JobAttempt, *, learner_id: str, deck_id: str | None) -> Any:
    """Fit to a learner, or to one deck. Returns: the ids of the fits, and which were taken."""
    owner = User.objects.get(pk=learner_id)
    if deck_id:
        fits = fit_deck(owner=owner, deck_id=uuid.UUID(deck_id))
    else:
        fits = fit_learner(owner=owner)
    return {"fits": [_describe(fit) for fit in fits]}


def _describe(fit: Fit) -> dict[str, Any]:
    deck = str(fit.deck_id) if fit.deck_id else None
    return {"id": str(fit.pk), "deck_id": deck, "is_used": fit.parameters is not None}


def fit_learner_job(owner_id: str) -> None:
    """Fit FSRS' parameters to a learner; one who is gone, or was fitted just now, needs nothing."""
    owner = User.objects.filter(pk=owner_id).first()
    if owner is not None and is_fit_due(owner, Review.objects.owned_by(owner).count()):
        fit_learner(owner=owner)


def enqueue_fits() -> int:
    """Have the parameters fitted of whoever has reviewed lately, and enough. Returns: how many."""
    if not is_available():
        return 0
    theirs = Review.objects.filter(owner=OuterRef("pk")).order_by()
    lately = theirs.filter(reviewed_at__gt=timezone.now() - LATELY)
    count = theirs.values("owner").annotate(count=Count("*")).values("count")
    learners = User.objects.filter(Exists(lately)).annotate(reviewed=Subquery(count))
    due = [user.pk for user in learners.iterator() if is_fit_due(user, user.reviewed)]
    return sum(enqueue(fit_learner_job, str(pk)) for pk in due)
