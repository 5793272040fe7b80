"""Streaks of study days. A pure module."""

import itertools
from collections.abc import Sequence
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def count_streak(days: Sequence[date], today: date) -> int:
    """How many days in a row had reviews, up to today, or to yesterday while today has none.

    `days`: the distinct days with reviews, newest first.
    """
    if not days or days[0] < today - ONE_DAY:
        return 0
    streak = 1
    for later, earlier in itertools.pairwise(days):
        if later - earlier != ONE_DAY:
            break
        streak += 1
    return streak
