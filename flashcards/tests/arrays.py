"""Cards as arrays, for simulations and plans."""

import numpy as np

from flashcards.memory import Memory
from flashcards.planning import Learner
from flashcards.simulation import Cards, Conditions, Habits


def some_cards(count, new=0, overdue=0.0, seed=1):
    """Cards of various strengths; the first `new` are new, a share of the others is overdue."""
    chance = np.random.default_rng(seed)
    stability = np.exp(chance.normal(3, 1, count))
    interval = np.maximum(np.rint(stability), 1).astype(np.int64)
    last = -chance.integers(0, np.maximum(interval, 1))
    is_late = chance.random(count) < overdue
    last = np.where(is_late, -interval - chance.integers(1, 60, count), last)
    stability[:new] = np.nan
    return Cards(stability, chance.uniform(1, 10, count), last, last + interval)


def a_learner(**conditions):
    return Learner(Memory(), Habits(), Conditions(**conditions))
