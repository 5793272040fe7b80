"""Midnights and streaks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.days import count_streak, end_of_day

TODAY = date(2026, 3, 10)

START = datetime(2024, 1, 1, tzinfo=UTC)

steady = settings(deadline=None)  # a busy machine is no failure
moments = st.integers(0, 12 * 365 * 24 * 60).map(lambda minute: START + timedelta(minutes=minute))
zones = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)


def ago(*days):
    return [TODAY - timedelta(days=number) for number in days]


@pytest.mark.parametrize(
    ("days", "streak"),
    [
        ([], 0),
        (ago(0), 1),
        (ago(1), 1),
        (ago(2), 0),
        (ago(0, 1, 2), 3),
        (ago(1, 2, 3), 3),
        (ago(0, 2, 3), 1),
        (ago(1, 3), 1),
        (ago(0, 1, 3, 4, 5), 2),
        (ago(*range(400)), 400),
    ],
)
def test_a_streak_reaches_up_to_today_or_to_yesterday(days, streak):
    assert count_streak(days, TODAY) == streak


def test_a_streak_goes_on_over_the_end_of_a_leap_february():
    days = [date(2028, 3, 1), date(2028, 2, 29), date(2028, 2, 28)]
    assert count_streak(days, date(2028, 3, 1)) == 3


@pytest.mark.parametrize(
    ("zone", "now", "midnight"),
    [
        ("UTC", "2026-03-10T00:00+00:00", "2026-03-11T00:00+00:00"),
        ("Asia/Tokyo", "2026-03-10T14:59+00:00", "2026-03-10T15:00+00:00"),
        ("Asia/Tokyo", "2026-03-10T15:00+00:00", "2026-03-11T15:00+00:00"),
        ("America/Los_Angeles", "2026-01-01T07:59+00:00", "2026-01-01T08:00+00:00"),
        # The day has 23 hours in spring and 25 in autumn.
        ("Europe/Berlin", "2026-03-28T23:00+00:00", "2026-03-29T22:00+00:00"),
        ("Europe/Berlin", "2026-10-24T22:00+00:00", "2026-10-25T23:00+00:00"),
        # The last hour before midnight comes twice.
        ("America/Nuuk", "2026-10-25T00:30+00:00", "2026-10-25T02:00+00:00"),
        ("America/Nuuk", "2026-10-25T01:30+00:00", "2026-10-25T02:00+00:00"),
        # The first hour after midnight comes twice.
        ("America/Havana", "2026-10-31T20:00+00:00", "2026-11-01T04:00+00:00"),
        # Here the clock goes from 23:59:59 to 01:00: there is no midnight.
        ("Africa/Cairo", "2026-04-23T12:00+00:00", "2026-04-23T22:00+00:00"),
    ],
)
def test_a_day_ends_at_the_midnight_of_its_zone(zone, now, midnight):
    ends_at = end_of_day(datetime.fromisoformat(now), ZoneInfo(zone))
    assert ends_at == datetime.fromisoformat(midnight)


@steady
@given(moments, zones)
def test_the_end_of_a_day_parts_it_from_the_next(now, zone):
    ends_at = end_of_day(now, zone)
    today = now.astimezone(zone).date()
    assert now < ends_at
    assert (ends_at - timedelta(microseconds=1)).astimezone(zone).date() == today
    assert ends_at.astimezone(zone).date() > today
