"""How many days until a card comes back: FSRS' interval, spread within fuzz's range.

A pure module. Fuzz keeps cards that were learned together from staying together; the same range
is where easy days and the balance of loads get their say. What is chosen depends on the card, on
how often it was reviewed and on what is given here, never on chance, so that a replay agrees.
"""

import functools
import hashlib
import math
import uuid
from collections.abc import Mapping, Sequence, Set
from datetime import date, timedelta
from enum import StrEnum

SHORTEST_FUZZED = 3  # days
SOONEST = 0.75  # of an interval: a card may come so much sooner because of a break
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


def keep_before_exam(
    allowed: range, days: int, today: date, exam: date | None, last_days: int
) -> range:
    """The intervals after which a card is seen before its exam, and once more in the last days.

    Before the last days nothing reaches the day of the exam: what would, comes in the last days.
    From then on, and after the exam, all is as ever.
    """
    left = (exam - today).days if exam else 0
    if left <= last_days:
        return allowed
    if days >= left:
        return range(left - last_days, left)
    return range(allowed[0], min(allowed[-1] + 1, left))


def avoid_break(allowed: range, days: int, today: date, easy_dates: EasyDates) -> Sequence[int]:
    """Other intervals where every one that is allowed ends on a date without study.

    Those that end before the break, if that is at most a quarter sooner than the interval, and
    as many days after it as it is long, so that no flood waits there.
    """
    off = {day for day, load in easy_dates if load == EasyDay.NONE}
    if not off or not all(_is_off(today, number, off) for number in allowed):
        return allowed
    first, last = allowed[0], allowed[-1]
    while _is_off(today, first - 1, off):
        first -= 1
    while _is_off(today, last + 1, off):
        last += 1
    before = range(max(1, math.ceil(SOONEST * days)), first)
    after = (last + number for number in range(1, last - first + 2))
    return [*before, *(number for number in after if not _is_off(today, number, off))]


def _is_off(today: date, number: int, off: Set[str]) -> bool:
    return (today + timedelta(days=number)).isoformat() in off


def weigh_days(
    days: Sequence[date], easy_days: Sequence[str], easy_dates: EasyDates
) -> list[float]:
    """How much each of these days may carry: 1 normal, 0.5 reduced, 0 none.

    All 1 where every one of them is none: the card has to go somewhere.
    """
    if tuple(easy_days) == ALL_NORMAL and not easy_dates:
        return [1.0] * len(days)
    by_date = dict(easy_dates)
    weights = [
        WEIGHTS[EasyDay(by_date.get(day.isoformat(), easy_days[day.weekday()]))] for day in days
    ]
    return weights if any(weights) else [1.0] * len(days)


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
    weights: Sequence[float], fraction: float, days: Sequence[date], load: Mapping[date, int]
) -> int:
    """The place of the day with the least load for its weight; of equal ones, the drawn one.

    `load`: how many cards are due on a day already.
    """
    burdens = {
        place: (load.get(day, 0) + 1) / weight
        for place, (day, weight) in enumerate(zip(days, weights, strict=True))
        if weight
    }
    least = min(burdens.values())
    lightest = [place for place, burden in burdens.items() if burden == least]
    return lightest[int(fraction * len(lightest))]
