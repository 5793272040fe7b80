"""How many days until a card comes back: FSRS' interval, spread within fuzz's range.

A pure module. Fuzz keeps cards that were learned together from staying together; the same range
is where easy days and the balance of loads get their say. What is chosen depends on the card, on
how often it was reviewed and on what is given here, never on chance, so that a replay agrees.
"""

import functools
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

SHORTEST_FUZZED = 3  # days
FUZZ_BANDS = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.1), (20.0, float("inf"), 0.05))


class EasyDay(StrEnum):
    """How much a learner wants to do on some days of the week, or on a date."""

    NORMAL = "normal"
    REDUCED = "reduced"
    NONE = "none"


WEIGHTS = {EasyDay.NORMAL: 1.0, EasyDay.REDUCED: 0.5, EasyDay.NONE: 0.0}
ALL_NORMAL = (EasyDay.NORMAL.value,) * 7  # Monday first
EasyDates = tuple[tuple[str, str], ...]  # pairs of ISO date and level, sorted


@functools.lru_cache(maxsize=4096)
def find_fuzz_range(days: int, maximum: int) -> range:
    """The intervals that may stand for one of so many days, as py-fsrs bounds them.

    A day and 15 % of what is between 2.5 and 7 days, 10 % of that up to 20 and 5 % of the rest, to
    either side; at least 2 days, at most `maximum`.
    """
    if days < SHORTEST_FUZZED:
        return range(days, days + 1)
    spread = 1.0 + sum(
        factor * max(min(float(days), end) - start, 0.0) for start, end, factor in FUZZ_BANDS
    )
    last = min(round(days + spread), maximum)
    return range(min(max(2, round(days - spread)), last), last + 1)


def weigh_days(
    first: date, count: int, easy_days: Sequence[str], easy_dates: EasyDates
) -> list[float]:
    """How much each of so many days from `first` on may carry: 1 normal, 0.5 reduced, 0 none.

    All 1 where every one of them is none: the card has to go somewhere.
    """
    if tuple(easy_days) == ALL_NORMAL and not easy_dates:
        return [1.0] * count
    by_date = dict(easy_dates)
    days = [first + timedelta(days=number) for number in range(count)]
    weights = [
        WEIGHTS[EasyDay(by_date.get(day.isoformat(), easy_days[day.weekday()]))] for day in days
    ]
    return weights if any(weights) else [1.0] * count


def draw_fraction(card_id: uuid.UUID, reps: int) -> float:
    """A number from 0 to below 1 that belongs to a card and how often it was reviewed."""
    digest = hashlib.blake2b(card_id.bytes + reps.to_bytes(4, "big"), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def pick_by_chance(weights: Sequence[float], fraction: float) -> int:
    """The place at which `fraction` of all weight is used up: uniform where all are equal."""
    left = fraction * sum(weights)
    for place, weight in enumerate(weights):
        left -= weight
        if left < 0:
            return place
    return max(place for place, weight in enumerate(weights) if weight)


def pick_least_loaded(
    weights: Sequence[float], fraction: float, first: date, load: Mapping[date, int]
) -> int:
    """The place of the day with the least load for its weight; of equal ones, the drawn one.

    `load`: how many cards are due on a day already.
    """
    burdens = {
        place: (load.get(first + timedelta(days=place), 0) + 1) / weight
        for place, weight in enumerate(weights)
        if weight
    }
    least = min(burdens.values())
    lightest = [place for place, burden in burdens.items() if burden == least]
    return lightest[int(fraction * len(lightest))]
