"""What another retention would cost a learner."""

from flashcards.models import Deck
from flashcards.services.forecasts import read_sample
from flashcards.workload import MAX_SAMPLE, Load, estimate_workload
from learningaier.accounts.models import User


def read_workload(*, owner: User, deck: Deck | None) -> tuple[list[Load], int, int]:
    """What retentions from 0.70 to 0.97 would cost and keep over a year.

    Returns: the loads, the number of cards, and how many of them were simulated.
    """
    found, count = read_sample(owner=owner, deck=deck, most=MAX_SAMPLE)
    return estimate_workload(found.cards, found.learner, count), count, len(found.cards)
