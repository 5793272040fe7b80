"""What studying some cards for some weeks takes and leaves: a simulation of their memory.

A pure module over numpy arrays; days count from today, 0. The learner reviews what is due on each
day, remembers by chance as FSRS-6 predicts (`memory.py`), and a card comes back when recall has
fallen to the desired retention. The same seed draws the same chances, so that two futures of the
same cards differ by their schedules and not by luck. fsrs-rs' own simulator begins with an empty
deck (its Python package passes it no cards), so it cannot answer for a learner's real ones.
"""

import dataclasses
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Self

import numpy as np
from numpy.typing import NDArray

from flashcards.memory import Array, Memory, Whole
from flashcards.scheduling import DEFAULT_RETENTION, MAX_INTERVAL

HORIZON = 90  # days that a plan shows
NEVER = np.iinfo(np.int64).max // 2  # the day of a card that is not due
SEED = 20_260_301


@dataclass(frozen=True)
class Cards:
    """Where each card stands. All arrays have one place a card.

    `stability` is NaN for new cards; `last`: the day of the last review, 0 or less; `due`: the
    day on which it is due, below 0 where it is overdue.
    """

    stability: Array
    difficulty: Array
    last: Whole
    due: Whole

    def __len__(self) -> int:
        return len(self.due)

    @property
    def is_new(self) -> NDArray[np.bool_]:
        """Which of them were never reviewed."""
        return np.isnan(self.stability)

    def due_on(self, due: Whole) -> Self:
        """The same cards, due on other days."""
        return type(self)(self.stability, self.difficulty, self.last, due)

    def take(self, places: Whole) -> Self:
        """The cards at these places, in that order."""
        return type(self)(
            self.stability[places], self.difficulty[places], self.last[places], self.due[places]
        )


@dataclass(frozen=True)
class Habits:
    """How a learner rates and how long it takes.

    Seconds: `new_seconds` a card on its first day with its steps, `lapse_seconds` a forgotten one
    with its relearning, `recall_seconds` one that was remembered. Shares: `first_ratings` of the
    four ratings of a first review; `recall_ratings` of hard, good and easy among the remembered.
    The defaults are the averages that fsrs-rs' simulator is built upon.
    """

    new_seconds: float = 32.0
    lapse_seconds: float = 34.0
    recall_seconds: float = 12.5
    first_ratings: tuple[float, float, float, float] = (0.24, 0.094, 0.495, 0.171)
    recall_ratings: tuple[float, float, float] = (0.224, 0.631, 0.145)

    def seconds_a_review(self, retention: float) -> float:
        """The mean time of a review at a retention."""
        return retention * self.recall_seconds + (1 - retention) * self.lapse_seconds


@dataclass(frozen=True)
class Conditions:
    """What a simulated learner keeps to.

    `days`: how many; `new_per_day` cards are begun from `new_from` on; on days `off` nothing is
    studied: what would come back then comes after them, spread over as many days. With an `exam`,
    a day, a card that would come back after it is shown once more in the `last_days` before it.
    """

    days: int = HORIZON
    retention: float = DEFAULT_RETENTION
    maximum: int = MAX_INTERVAL
    new_per_day: int = 0
    new_from: int = 0
    off: Set[int] = field(default_factory=frozenset)
    exam: int | None = None
    last_days: int = 0


@dataclass(frozen=True)
class Future:
    """What came of it, a number a day: cards reviewed, minutes, and the cards as they are then.

    `remembered`: how many of the begun cards would be recalled as the next day begins; `spent`:
    the minutes of each card.
    """

    due: Whole
    minutes: Array
    remembered: Array
    cards: Cards
    spent: Array

    def scale(self, factor: float) -> Self:
        """The same with so many times the reviews and minutes a day."""
        if factor == 1:
            return self
        due = np.rint(self.due * factor).astype(np.int64)
        return dataclasses.replace(self, due=due, minutes=self.minutes * factor)

    def recall_on(self, day: int) -> float:
        """The mean probability of recall as a day begins, new cards counting 0; 0 for no cards.

        `day`: from 1 to the number of days that were simulated.
        """
        return float(self.remembered[day - 1]) / len(self.cards) if len(self.cards) else 0.0


def simulate(
    cards: Cards, memory: Memory, habits: Habits, conditions: Conditions, seed: int = SEED
) -> Future:
    """Study the cards day by day.

    Time: a few numpy calls a day over all cards, and the model's formulas over those due.
    """
    chance = np.random.default_rng(seed)
    study = _Study(cards, memory, habits, conditions)
    for day in range(conditions.days):
        # A draw for every card: its luck on a day does not depend on the others' schedules.
        luck, ease = chance.random((2, len(cards)))
        if day not in conditions.off:
            study.pass_day(day, luck, ease)
        study.remembered[day] = _recall(study.cards, day + 1, memory).sum()
    minutes, spent = study.seconds / 60, study.spent / 60
    return Future(study.due, minutes, study.remembered, study.cards, spent)


class _Study:
    """The cards while they are studied."""

    def __init__(
        self, cards: Cards, memory: Memory, habits: Habits, conditions: Conditions
    ) -> None:
        self.cards = cards.take(np.arange(len(cards)))
        self.cards.due[self.cards.is_new] = NEVER
        self.memory, self.habits, self.conditions = memory, habits, conditions
        self.waiting = np.flatnonzero(cards.is_new)
        self.due = np.zeros(conditions.days, np.int64)
        self.seconds = np.zeros(conditions.days)
        self.remembered = np.zeros(conditions.days)
        self.spent = np.zeros(len(cards))
        self.returns = _find_returns(conditions)

    def pass_day(self, day: int, luck: Array, ease: Array) -> None:
        """Review what is due and begin new cards. `luck`, `ease`: a draw a card."""
        places = np.flatnonzero(self.cards.due <= day)
        self._review(day, places, luck[places], ease[places])
        if day >= self.conditions.new_from and len(self.waiting):
            begun = self.waiting[: self.conditions.new_per_day]
            self.waiting = self.waiting[self.conditions.new_per_day :]
            self._begin(day, begun, luck[begun])

    def _review(self, day: int, places: Whole, luck: Array, ease: Array) -> None:
        known = self.cards.take(places)
        waited = np.maximum(day - known.last, 0).astype(float)
        is_recalled = luck < self.memory.recall(waited, known.stability)
        rating = np.where(is_recalled, 2 + _choose(self.habits.recall_ratings, ease), 1)
        after = self.memory.review(known.stability, known.difficulty, waited, rating)
        seconds = np.where(is_recalled, self.habits.recall_seconds, self.habits.lapse_seconds)
        self.due[day] += len(places)
        self.seconds[day] += seconds.sum()
        self.spent[places] += seconds
        self._store(day, places, *after)

    def _begin(self, day: int, places: Whole, luck: Array) -> None:
        rating = 1 + _choose(self.habits.first_ratings, luck)
        self.due[day] += len(places)
        self.seconds[day] += len(places) * self.habits.new_seconds
        self.spent[places] += self.habits.new_seconds
        self._store(day, places, *self.memory.begin(rating))

    def _store(self, day: int, places: Whole, stability: Array, difficulty: Array) -> None:
        self.cards.stability[places], self.cards.difficulty[places] = stability, difficulty
        self.cards.last[places] = day
        wanted = self.conditions
        due = day + self.memory.interval(stability, wanted.retention, wanted.maximum)
        if wanted.exam is not None and day < wanted.exam - wanted.last_days:
            shown = wanted.exam - 1 - places % max(wanted.last_days, 1)
            due = np.where(due >= wanted.exam, np.maximum(shown, day + 1), due)
        if len(self.returns):
            inside = np.flatnonzero(due < len(self.returns))
            first, length = self.returns[due[inside]].T
            due[inside] = first + places[inside] % np.maximum(length, 1)
        self.cards.due[places] = due


def _find_returns(conditions: Conditions) -> Whole:
    """For each day up to the last one off: the first day on which its cards may come, and over how
    many days they are spread. A row a day; no rows where no day is off.
    """
    if not conditions.off:
        return np.zeros((0, 2), np.int64)
    returns = np.asarray([(day, 1) for day in range(max(conditions.off) + 1)], np.int64)
    for day in sorted(conditions.off, reverse=True):
        after, length = returns[day + 1] if day + 1 in conditions.off else (day + 1, 0)
        returns[day] = after, length + 1
    return returns


def _choose(shares: tuple[float, ...], draws: Array) -> Whole:
    """The place of the share in which each draw from 0 to 1 lies."""
    bounds = np.cumsum(shares) / sum(shares)
    return np.minimum(np.searchsorted(bounds, draws, side="right"), len(shares) - 1)


def _recall(cards: Cards, day: int, memory: Memory) -> Array:
    waited = np.maximum(day - cards.last, 0)
    return np.where(cards.is_new, 0.0, memory.recall(waited, cards.stability))
