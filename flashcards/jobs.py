"""Work on cards that a request does not wait for."""

from flashcards.services import fit_learner
from learningaier.accounts.models import User


def fit_learner_job(owner_id: str) -> None:
    """Fit FSRS' parameters to a learner; one who is gone, or was fitted just now, needs nothing."""
    owner = User.objects.filter(pk=owner_id).first()
    if owner is not None:
        fit_learner(owner=owner)
