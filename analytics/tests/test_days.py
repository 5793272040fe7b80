"""Streaks."""

from datetime import date, timedelta

import pytest

from analytics.days import count_streak

TODAY = date(2026, 3, 10)


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
