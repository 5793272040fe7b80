"""Spreading cards over days so that no day is flooded.

A pure module. Days count from today, 0; loads are cards a day. Whoever comes first in the order
that is given gets the earliest place.
"""

import heapq
from collections.abc import Iterable

import numpy as np

from flashcards.memory import Whole


def count_loads(due: Whole, days: int) -> Whole:
    """How many cards are due on each day; what is overdue counts on none."""
    inside = due[(due >= 0) & (due < days)]
    return np.bincount(inside, minlength=days)[:days].astype(np.int64)


def fill_evenly(loads: Whole, count: int, days: Iterable[int]) -> Whole:
    """How many of so many cards each day gets, the least loaded of `days` always next.

    Returns: an array as long as `loads`, with the sum `count`. Time: count × log days.
    """
    given = np.zeros_like(loads)
    waiting = [(int(loads[day]), day) for day in days]
    heapq.heapify(waiting)
    for _ in range(count):
        load, day = waiting[0]
        given[day] += 1
        heapq.heapreplace(waiting, (load + 1, day))
    return given


def fill_within(loads: Whole, count: int, days: Iterable[int], bound: int) -> Whole:
    """How many of so many cards each of `days` gets, in their order, none above the bound.

    Returns: an array as long as `loads`; its sum is less than `count` where the days are too few.
    """
    given = np.zeros_like(loads)
    for day in days:
        given[day] = min(max(bound - int(loads[day]), 0), count)
        count -= int(given[day])
    return given


def deal(order: Whole, given: Whole, days: Whole) -> None:
    """Give the cards of `order` their days, in place: the first ones the earliest.

    `order`: places of cards; `given`: how many each day gets; `days`: the day of each card.
    """
    dealt = np.repeat(np.arange(len(given)), given)
    days[order[: len(dealt)]] = dealt
