"""Plans: other due days for cards, and what they would lead to. Nothing is stored here.

A pure module over the arrays of `simulation.py`; days count from today, 0. Each plan simulates the
cards as they are scheduled and as the plan has them, with the same luck, so that the difference
is the plan's.
"""

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from flashcards.memory import Array, Memory, Whole
from flashcards.simulation import HORIZON, Cards, Conditions, Future, Habits, simulate
from flashcards.spreading import count_loads, deal, fill_evenly, fill_within

MIN_SHIFT = 0.05  # of an interval: cards that would move by less stay where they are
MAX_WAIT = 365  # days after a break within which its cards find a place
TOLERANCE = 0.05  # recall that a card may lose by waiting for the end of a break
MAX_SIMULATED = 20_000  # cards; more say the same, in more time
SPREAD_DAYS = 14  # over which cards are spread that a new retention makes overdue


@dataclass(frozen=True)
class Learner:
    """Whose cards they are: how they forget, how they study, what they keep to without a plan."""

    memory: Memory
    habits: Habits
    conditions: Conditions


@dataclass(frozen=True)
class Proposal:
    """A plan. `due`: the day of each card, as it was where the plan leaves it alone.

    The futures are those of `simulated` cards, and their numbers are scaled up to all.
    """

    due: Whole
    before: Future
    after: Future
    simulated: int

    def moved(self, cards: Cards) -> Whole:
        """The places of the cards that it moves."""
        return np.flatnonzero((self.due != cards.due) & ~cards.is_new)


@dataclass(frozen=True)
class Rebuilt:
    """The memory of the cards at some places, by other parameters."""

    places: Whole
    stability: Array
    difficulty: Array

    def put_into(self, cards: Cards) -> Cards:
        """The cards with this memory."""
        stability, difficulty = cards.stability.copy(), cards.difficulty.copy()
        stability[self.places], difficulty[self.places] = self.stability, self.difficulty
        return Cards(stability, difficulty, cards.last, cards.due)


def catch_up(cards: Cards, learner: Learner, days: int) -> Proposal:
    """Spread what is overdue over so many days, most at risk first; new cards wait meanwhile."""
    backlog = np.flatnonzero((cards.due < 0) & ~cards.is_new)
    due = cards.due.copy()
    given = fill_evenly(_loads(cards, days), len(backlog), range(days))
    deal(_most_at_risk(cards, learner.memory, backlog, 0), given, due)
    without = _lengthen(learner.conditions, days)
    held = dataclasses.replace(without, new_from=max(days, without.new_from))
    return propose(cards, due, learner, without, held)


def take_break(cards: Cards, learner: Learner, first: int, last: int, bound: int) -> Proposal:
    """Move what falls due from one day to another, both away, to before or after them.

    A card that loses more than 5 points of recall by waiting comes before, the most at risk
    first, as far as `bound` cards a day allow; the others come after, no more than that a day.
    """
    away = np.flatnonzero((cards.due >= first) & (cards.due <= last) & ~cards.is_new)
    due, length = cards.due.copy(), last + 1 + MAX_WAIT
    loads = _loads(cards, length)
    # What is overdue is studied today, before anything is brought forward.
    loads[0] += np.count_nonzero((cards.due < 0) & ~cards.is_new)
    order = _most_at_risk(cards, learner.memory, away, last + 1)
    urgent = _recall(cards, learner.memory, order, last + 1) < (
        learner.conditions.retention - TOLERANCE
    )
    early = fill_within(loads, int(urgent.sum()), range(first - 1, -1, -1), bound)
    deal(order[urgent], early, due)
    rest = order[due[order] >= first]
    late = fill_within(loads, len(rest), range(last + 1, length), bound)
    late[-1] += len(rest) - late.sum()
    deal(rest, late, due)
    away_days = frozenset(range(first, last + 1))
    absent = dataclasses.replace(_lengthen(learner.conditions, last + 1), off=away_days)
    return propose(cards, due, learner, absent, absent)


def change_retention(
    cards: Cards,
    learner: Learner,
    retention: float,
    rebuilt: Rebuilt | None = None,
    is_rescheduled: bool = True,
) -> Proposal:
    """Bring cards back at another retention, or by a memory rebuilt with other parameters.

    Not rescheduled: it counts from the next review on. A card moves if its interval changes by more
    than 5 %; those that would be overdue are spread over two weeks, most at risk first.
    """
    due = cards.due.copy()
    wanted = dataclasses.replace(learner.conditions, retention=retention)
    known = rebuilt.put_into(cards) if rebuilt else cards
    if is_rescheduled:
        _reschedule(known, learner.memory, wanted, due)
    return propose(cards, due, learner, learner.conditions, wanted, known)


def _reschedule(cards: Cards, memory: Memory, wanted: Conditions, due: Whole) -> None:
    known = np.flatnonzero(~cards.is_new)
    old = np.maximum(cards.due[known] - cards.last[known], 1)
    new = memory.interval(cards.stability[known], wanted.retention, wanted.maximum)
    is_moved = np.abs(new - old) > MIN_SHIFT * old
    places, days = known[is_moved], (cards.last[known] + new)[is_moved]
    due[places] = days
    late = places[days < 1]
    loads = _loads(dataclasses.replace(cards, due=due), SPREAD_DAYS)
    loads -= count_loads(due[late], SPREAD_DAYS)
    deal(
        _most_at_risk(cards, memory, late, 0),
        fill_evenly(loads, len(late), range(SPREAD_DAYS)),
        due,
    )


def propose(
    cards: Cards,
    due: Whole,
    learner: Learner,
    without: Conditions,
    within: Conditions,
    known: Cards | None = None,
) -> Proposal:
    """A proposal with both futures. `without`, `within`: what is kept to without it and with it.

    `known`: the cards with another memory with the plan. Of more than 20,000 cards a share is
    simulated, an even one of all days.
    """
    count = len(cards)
    places = np.argsort(due, kind="stable")[:: math.ceil(count / MAX_SIMULATED) or 1]
    share = len(places) / count if count else 1.0
    if share == 1.0:
        places = np.arange(count)
    before, after = (
        simulate(
            some.take(places), learner.memory, learner.habits, _share(conditions, share)
        ).scale(1 / share)
        for some, conditions in ((cards, without), ((known or cards).due_on(due), within))
    )
    return Proposal(due, before, after, simulated=len(places))


def _share(conditions: Conditions, share: float) -> Conditions:
    new_per_day = math.ceil(conditions.new_per_day * share)
    return dataclasses.replace(conditions, new_per_day=new_per_day)


def _lengthen(conditions: Conditions, days: int) -> Conditions:
    return dataclasses.replace(conditions, days=max(conditions.days, days, HORIZON))


def _loads(cards: Cards, days: int) -> Whole:
    return count_loads(cards.due[~cards.is_new], days)


def _recall(cards: Cards, memory: Memory, places: Whole, day: int) -> Array:
    waited = np.maximum(day - cards.last[places], 0)
    return np.asarray(memory.recall(waited, cards.stability[places]))


def _most_at_risk(cards: Cards, memory: Memory, places: Whole, day: int) -> Whole:
    """The places, those least likely to be recalled on a day first."""
    return places[np.argsort(_recall(cards, memory, places, day), kind="stable")]
