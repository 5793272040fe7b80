"""Days as a learner lives them: from midnight to midnight in their time zone. A pure module."""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


def end_of_day(now: datetime, zone: ZoneInfo) -> datetime:
    """The midnight, in UTC, that ends the day which `now` belongs to in this zone.

    Where the clock skips that midnight it is the moment of the skip; where it strikes twice, the
    first one. `fold=0`, the default, reads both so (PEP 495).
    """
    tomorrow = now.astimezone(zone).date() + ONE_DAY
    return datetime.combine(tomorrow, time.min, zone).astimezone(UTC)


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
