"""What each retention would cost and keep: minutes a day and cards remembered over a year.

A pure module.
"""

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from flashcards.memory import Array
from flashcards.planning import Learner
from flashcards.simulation import Cards, simulate

RETENTIONS = tuple(round(0.70 + 0.03 * step, 2) for step in range(10))  # to 0.97
YEAR = 365  # days
MAX_SAMPLE = 2000  # cards; more say the same, in more time
CERTAINTY = 1.96  # standard errors to either side: 95 %


@dataclass(frozen=True)
class Load:
    """A retention, the mean minutes a day over a year, and the cards remembered at its end.

    The errors are what the choice of the sample may add or take away, with a certainty of 95 %.
    """

    desired_retention: float
    minutes_per_day: float
    minutes_error: float
    remembered: float
    remembered_error: float


def estimate_workload(cards: Cards, learner: Learner, count: int) -> list[Load]:
    """The loads of retentions from 0.70 to 0.97, from the cards' memory as it is now.

    `cards`: a random sample of `count` cards, whose figures are scaled up.
    """
    share = len(cards) / count if count else 1.0
    new_per_day = math.ceil(learner.conditions.new_per_day * share)
    year = dataclasses.replace(
        learner.conditions, days=YEAR, new_per_day=new_per_day, exam=None, off=frozenset()
    )
    loads = []
    for retention in RETENTIONS:
        wanted = dataclasses.replace(year, retention=retention)
        future = simulate(cards, learner.memory, learner.habits, wanted)
        kept = learner.memory.recall(YEAR - future.cards.last, future.cards.stability)
        minutes, remembered = future.spent / YEAR, np.nan_to_num(kept)
        totals = (*_scale(minutes, count), *_scale(remembered, count))
        loads.append(Load(retention, *(round(one, 1) for one in totals)))
    return loads


def _scale(sample: Array, count: int) -> tuple[float, float]:
    """A total of all cards by a sample's numbers, and its error."""
    size = len(sample)
    if not size:
        return 0.0, 0.0
    missing = math.sqrt(max(1 - size / count, 0))
    spread = float(sample.std()) / math.sqrt(size) * missing
    return float(sample.mean()) * count, CERTAINTY * spread * count
