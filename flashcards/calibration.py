"""How well FSRS' predictions of recall come true.

A pure module over numpy arrays.
"""

from dataclasses import dataclass

import numpy as np

from flashcards.memory import Array, Memory, Whole

EDGES = (0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 1.0)  # of predicted recall


@dataclass(frozen=True)
class Bin:
    """Reviews whose predicted recall lies from `low` to `high`.

    `predicted`, `recalled`: the mean prediction, and the share that was remembered.
    """

    low: float
    high: float
    reviews: int
    predicted: float
    recalled: float


def predict_recalls(memory: Memory, cards: Whole, days: Array, ratings: Whole) -> Array:
    """The probability of recall before each review, NaN for first ones.

    The arrays have a place a review, as `Memory.rebuild` takes them.
    """
    recalls = np.full(len(cards), np.nan)
    starts = np.flatnonzero(np.diff(cards, prepend=-1))
    counts = np.diff(starts, append=len(cards))
    stability, difficulty = memory.begin(ratings[starts])
    for number in range(1, int(counts.max(initial=0))):
        these = np.flatnonzero(counts > number)
        at = starts[these] + number
        recalls[at] = memory.recall(days[at], stability[these])
        stability[these], difficulty[these] = memory.review(
            stability[these], difficulty[these], days[at], ratings[at]
        )
    return recalls


def calibrate(predicted: Array, is_recalled: Array) -> list[Bin]:
    """The bins that have reviews. `predicted`: probabilities; `is_recalled`: 1 or 0 each."""
    place = np.clip(np.searchsorted(EDGES, predicted, side="right") - 1, 0, len(EDGES) - 2)
    return [
        Bin(
            EDGES[number],
            EDGES[number + 1],
            int(chosen.sum()),
            round(float(predicted[chosen].mean()), 4),
            round(float(is_recalled[chosen].mean()), 4),
        )
        for number in range(len(EDGES) - 1)
        if (chosen := place == number).any()
    ]
