# mypy: disable-error-code="no-any-return"
"""FSRS-6's model of memory over many cards at once, in numpy arrays.

A pure module. What one card does is py-fsrs' (`scheduling.py`); simulations and plans ask the same
of thousands, so the formulas stand here again, and a test holds them equal to py-fsrs. Source:
https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm (FSRS-6). Stability is in
days, difficulty 1 to 10, ratings 1 to 4.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from fsrs.scheduler import DEFAULT_PARAMETERS, STABILITY_MIN
from numpy.typing import NDArray

from flashcards.scheduling import MAX_INTERVAL, Parameters, Rating

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Memory:
    """The model with its 21 parameters; None: FSRS' own."""

    parameters: Parameters | None = None

    @property
    def w(self) -> Parameters:
        """The parameters, by the letter that the formulas' source gives them."""
        return self.parameters or DEFAULT_PARAMETERS

    @property
    def _curve(self) -> tuple[float, float]:
        """The exponent of forgetting, and the factor that makes recall 0.9 at the stability."""
        decay = -self.w[20]
        return decay, math.pow(0.9, 1 / decay) - 1

    def recall(self, days: Any, stability: Any) -> Any:
        """The probability of recall so many days after a review; numbers or arrays."""
        decay, factor = self._curve
        return (1 + factor * days / stability) ** decay

    def interval(self, stability: Array, retention: float, maximum: int = MAX_INTERVAL) -> Whole:
        """Whole days until recall falls to a retention, 1 to `maximum`."""
        decay, factor = self._curve
        days = np.rint(stability / factor * (math.pow(retention, 1 / decay) - 1))
        return np.clip(days, 1, maximum).astype(np.int64)

    def stability_of(self, days: float, retention: float) -> float:
        """The stability of which recall falls to a retention after so many days."""
        decay, factor = self._curve
        return max(days * factor / (math.pow(retention, 1 / decay) - 1), STABILITY_MIN)

    def begin(self, rating: Whole) -> tuple[Array, Array]:
        """Stability and difficulty after a first review."""
        stability = np.maximum(np.asarray(self.w[:4])[rating - 1], STABILITY_MIN)
        return stability, np.clip(self._first_difficulty(rating), 1, 10)

    def review(
        self, stability: Array, difficulty: Array, days: Array, rating: Whole
    ) -> tuple[Array, Array]:
        """Stability and difficulty after another review; within a day memory moves less."""
        recall = self.recall(days, stability)
        kept = self._after_recall(stability, difficulty, recall, rating)
        lost = self._after_lapse(stability, difficulty, recall)
        long = np.where(rating == Rating.AGAIN, lost, kept)
        after = np.where(days < 1, self._within_a_day(stability, rating), long)
        return np.maximum(after, STABILITY_MIN), self._next_difficulty(difficulty, rating)

    def rebuild(self, cards: Whole, days: Array, ratings: Whole) -> tuple[Array, Array]:
        """Stability and difficulty of each card after all of its reviews.

        The arrays have a place a review, in the order of cards and of each card's reviews.
        `cards`: numbers from 0 on, none left out; `days`: since the review before. One pass for
        every round: all first reviews, all second ones, and so on.
        """
        starts = np.flatnonzero(np.diff(cards, prepend=-1))
        counts = np.diff(starts, append=len(cards))
        stability, difficulty = self.begin(ratings[starts])
        for number in range(1, int(counts.max(initial=0))):
            these = np.flatnonzero(counts > number)
            at = starts[these] + number
            stability[these], difficulty[these] = self.review(
                stability[these], difficulty[these], days[at], ratings[at]
            )
        return stability, difficulty

    def _first_difficulty(self, rating: Any) -> Any:
        return self.w[4] - np.exp(self.w[5] * (rating - 1)) + 1

    def _next_difficulty(self, difficulty: Array, rating: Whole) -> Array:
        """A step that is smaller the harder the card is, drawn back towards an easy one's."""
        step = difficulty - self.w[6] * (rating - 3) * (10 - difficulty) / 9
        drawn = self.w[7] * self._first_difficulty(Rating.EASY) + (1 - self.w[7]) * step
        return np.clip(drawn, 1, 10)

    def _after_recall(
        self, stability: Array, difficulty: Array, recall: Array, rating: Whole
    ) -> Array:
        bonus = np.asarray([1.0, self.w[15], 1.0, self.w[16]])[rating - 1]
        surprise = np.exp(self.w[10] * (1 - recall)) - 1
        growth = np.exp(self.w[8]) * (11 - difficulty) * stability ** -self.w[9] * surprise
        return stability * (1 + growth * bonus)

    def _after_lapse(self, stability: Array, difficulty: Array, recall: Array) -> Array:
        long = (
            self.w[11]
            * difficulty ** -self.w[12]
            * ((stability + 1) ** self.w[13] - 1)
            * np.exp(self.w[14] * (1 - recall))
        )
        return np.minimum(long, stability / np.exp(self.w[17] * self.w[18]))

    def _within_a_day(self, stability: Array, rating: Whole) -> Array:
        growth = np.exp(self.w[17] * (rating - 3 + self.w[18])) * stability ** -self.w[19]
        return stability * np.where(rating == Rating.AGAIN, growth, np.maximum(growth, 1.0))
