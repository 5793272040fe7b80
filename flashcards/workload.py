"""What each retention would cost and keep: minutes a day and cards remembered over a year.

A pure module.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np

from flashcards.planning import Learner
from flashcards.simulation import Cards, simulate

RETENTIONS = tuple(round(0.70 + 0.03 * step, 2) for step in range(10))  # to 0.97
YEAR = 365  # days
MAX_SAMPLE = 2000  # cards; more say the same, in more time


@dataclass(frozen=True)
class Load:
    """A retention, the mean minutes a day over a year, and the cards remembered at its end."""

    desired_retention: float
    minutes_per_day: float
    remembered: float


def estimate_workload(cards: Cards, learner: Learner) -> list[Load]:
    """The loads of retentions from 0.70 to 0.97, from the cards' memory as it is now.

    Of more than 2,000 cards every so-manieth is simulated, and the figures are scaled up.
    """
    count = len(cards)
    share = min(1.0, MAX_SAMPLE / count) if count else 1.0
    sample = cards.take(np.linspace(0, count - 1, round(count * share)).astype(np.int64))
    new_per_day = round(learner.conditions.new_per_day * share)
    if learner.conditions.new_per_day:
        new_per_day = max(new_per_day, 1)
    loads = []
    for retention in RETENTIONS:
        wanted = dataclasses.replace(
            learner.conditions, days=YEAR, retention=retention, new_per_day=new_per_day
        )
        future = simulate(sample, learner.memory, learner.habits, wanted)
        minutes, remembered = future.minutes.mean() / share, future.remembered[-1] / share
        loads.append(Load(retention, round(float(minutes), 1), round(float(remembered), 1)))
    return loads
