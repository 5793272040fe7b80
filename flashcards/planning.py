"""Plans: other due days for cards, and what they would lead to. Nothing is stored here.

A pure module over the arrays of `simulation.py`; days count from today, 0. Each plan simulates the
cards as they are scheduled and as the plan has them, with the same luck, so that the difference
is the plan's.
"""

import dataclasses
from dataclasses import dataclass

import numpy as np

from flashcards.memory import Array, Memory, Whole
from flashcards.simulation import HORIZON, Cards, Conditions, Future, Habits, simulate
from flashcards.spreading import count_loads, deal, fill_evenly, fill_within

MIN_SHIFT = 0.05  # of an interval: cards that would move by less stay where they are
MAX_WAIT = 365  # days after a break within which its cards find a place
TOLERANCE = 0.05  # recall that a card may lose by waiting for the end of a break
SPREAD_DAYS = 14  # over which cards are spread that a new retention makes overdue


@dataclass(frozen=True)
class Learner:
    """Whose cards they are: how they forget, how they study, what they keep to without a plan."""

    memory: Memory
    habits: Habits
    conditions: Conditions


@dataclass(frozen=True)
class Proposal:
    """A plan. `due`: the day of each card, as it was where the plan leaves it alone."""

    due: Whole
    before: Future
    after: Future

    def moved(self, cards: Cards) -> Whole:
        """The places of the cards that it moves."""
        return np.flatnonzero((self.due != cards.due) & ~cards.is_new)


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
    stability: Array | None = None,
    is_rescheduled: bool = True,
) -> Proposal:
    """Bring cards back at another retention, or by a memory rebuilt with other parameters.

    `stability`: the rebuilt one, None for the cards' own; not rescheduled: it counts from the next
    review on. A card moves if its interval changes by more than 5 %; those that would be overdue
    are spread over two weeks, most at risk first.
    """
    due = cards.due.copy()
    wanted = dataclasses.replace(learner.conditions, retention=retention)
    if is_rescheduled:
        _reschedule(cards, learner.memory, wanted, stability, due)
    return propose(cards, due, learner, learner.conditions, wanted)


def _reschedule(
    cards: Cards, memory: Memory, wanted: Conditions, stability: Array | None, due: Whole
) -> None:
    known = np.flatnonzero(~cards.is_new)
    strength = (cards.stability if stability is None else stability)[known]
    old = np.maximum(cards.due[known] - cards.last[known], 1)
    new = memory.interval(strength, wanted.retention, wanted.maximum)
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
    cards: Cards, due: Whole, learner: Learner, without: Conditions, within: Conditions
) -> Proposal:
    """A proposal with both futures. `without`, `within`: what is kept to without it and with it."""
    before = simulate(cards, learner.memory, learner.habits, without)
    after = simulate(cards.due_on(due), learner.memory, learner.habits, within)
    return Proposal(due, before, after)


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
