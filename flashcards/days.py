"""Study days: a learner's days begin at an hour of their own clock, not at midnight in UTC.

A pure module. One definition carries all of it: *a study day begins at the first moment at which
the learner's clock shows that date and `day_starts_at` o'clock or later*, and a moment belongs to
the latest day that has begun. So every moment has exactly one day and days never go back within
a zone, whatever the clock does:

- Where the clock jumps over the hour (summer time begins), the day begins with the jump.
- Where the hour comes twice (summer time ends), it begins the first time.
- Where a zone left a whole date out (Samoa, 30 December 2011), that day has no moment: it begins
  and ends at once, and what was due on it is due on the next.
"""

import functools
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

DEFAULT_DAY_START = 4  # o'clock: who studies past midnight is still in the day before
MAX_DAY_START = 23
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


class HasDays(Protocol):
    """Whoever has days: a learner."""

    day_starts_at: int

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The learner's IANA time zone."""
        ...


@dataclass(frozen=True)
class Calendar:
    """A learner's study days. `day_starts_at`: the hour, 0 to 23, of the clock in `zone`."""

    zone: zoneinfo.ZoneInfo
    day_starts_at: int = DEFAULT_DAY_START

    def day_of(self, moment: datetime) -> date:
        """The study day of a moment. Raises: ValueError for a moment without a time zone."""
        if moment.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        local = moment.astimezone(self.zone).replace(tzinfo=None)
        day = (local - timedelta(hours=self.day_starts_at)).date()
        # A clock that was set back shows an earlier date again, although the next day has begun.
        while self.start_of(day + DAY) <= moment:
            day += DAY
        return day

    def start_of(self, day: date) -> datetime:
        """The first moment of a study day, in UTC."""
        return _start_of(self, day)


def calendar_of(learner: HasDays) -> Calendar:
    """The calendar of a learner, as their profile has it now."""
    return Calendar(learner.zone, learner.day_starts_at)


@functools.lru_cache(maxsize=4096)
def _start_of(calendar: Calendar, day: date) -> datetime:
    wanted = datetime.combine(day, time(calendar.day_starts_at))
    # An hour that is skipped has two readings, by the offset before the jump and by the one
    # after; the jump lies between them. An hour that comes twice has them in the other order.
    by_before, by_after = (
        wanted.replace(tzinfo=calendar.zone, fold=fold).astimezone(UTC) for fold in (0, 1)
    )
    if by_after >= by_before:
        return by_before
    return _find_jump(by_after, by_before, wanted, calendar.zone)


def _find_jump(
    before: datetime, after: datetime, wanted: datetime, zone: zoneinfo.ZoneInfo
) -> datetime:
    """The first moment, to the second, at which the clock shows `wanted` or later."""
    while after - before > SECOND:
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) >= wanted:
            after = middle
        else:
            before = middle
    return after
