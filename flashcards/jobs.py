"""Work on cards that a request does not wait for."""

from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils import timezone

from flashcards.fitting import is_available
from flashcards.models import Review
from flashcards.services.fits import fit_learner, is_fit_due
from learningaier.accounts.models import User
from learningaier.jobs.queues import enqueue

LATELY = timedelta(days=1)


def fit_learner_job(owner_id: str) -> None:
    """Fit FSRS' parameters to a learner; one who is gone, or was fitted just now, needs nothing."""
    owner = User.objects.filter(pk=owner_id).first()
    if owner is not None:
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
