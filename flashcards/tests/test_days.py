"""Study days: in every zone each moment has one day, and no day is skipped or comes twice."""

import itertools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flashcards.days import DAY, Calendar
from learningaier.accounts.models import validate_timezone

ZONES = sorted(zoneinfo.available_timezones() - {"localtime"})
MICROSECOND = timedelta(microseconds=1)
steady = settings(deadline=None, max_examples=300)

calendars = st.builds(
    Calendar, zone=st.sampled_from(ZONES).map(zoneinfo.ZoneInfo), day_starts_at=st.integers(0, 23)
)
moments = st.integers(2 * 86_400, 68 * 365 * 86_400).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
dates = st.dates(date(1970, 1, 3), date(2037, 12, 28))


def at(zone="UTC", start=4):
    return Calendar(zoneinfo.ZoneInfo(zone), start)


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def jumps(zone, first_year=2005, last_year=2030):
    """The moments, to the hour, around which a zone's offset changes."""
    info = zoneinfo.ZoneInfo(zone)
    moment, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year, 1, 1, tzinfo=UTC)
    while moment < end:
        after = moment + 7 * DAY
        if moment.astimezone(info).utcoffset() != after.astimezone(info).utcoffset():
            for hour in range(7 * 24):
                here = moment + timedelta(hours=hour)
                there = here + timedelta(hours=1)
                if here.astimezone(info).utcoffset() != there.astimezone(info).utcoffset():
                    yield there
        moment = after


@pytest.mark.parametrize(
    ("moment", "zone", "start", "day"),
    [
        ("2026-03-01T03:59:59", "UTC", 4, "2026-02-28"),
        ("2026-03-01T04:00:00", "UTC", 4, "2026-03-01"),
        ("2026-03-01T00:00:00", "UTC", 0, "2026-03-01"),
        ("2026-03-01T22:59:59", "UTC", 23, "2026-02-28"),
        ("2026-03-01T23:00:00", "UTC", 23, "2026-03-01"),
        ("2024-02-29T12:00:00", "UTC", 4, "2024-02-29"),
        ("2024-03-01T03:00:00", "UTC", 4, "2024-02-29"),
        ("2026-01-01T18:59:00", "Asia/Tokyo", 4, "2026-01-01"),
        ("2026-01-01T19:00:00", "Asia/Tokyo", 4, "2026-01-02"),
        ("2026-01-01T12:00:00", "Pacific/Kiritimati", 4, "2026-01-01"),
        ("2026-01-01T14:00:00", "Pacific/Kiritimati", 4, "2026-01-02"),
        ("2026-01-01T14:59:00", "Pacific/Niue", 4, "2025-12-31"),
        ("2026-01-01T22:14:59", "Asia/Kathmandu", 4, "2026-01-01"),
        ("2026-01-01T22:15:00", "Asia/Kathmandu", 4, "2026-01-02"),
    ],
)
def test_a_study_day_begins_at_the_learners_hour(moment, zone, start, day):
    assert at(zone, start).day_of(utc(moment)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("zone", "start", "day", "begins"),
    [
        ("Europe/Berlin", 2, "2026-03-29", "2026-03-29T01:00:00"),  # 02:00 is skipped
        ("Europe/Berlin", 2, "2026-10-25", "2026-10-25T00:00:00"),  # 02:00 comes twice
        ("Europe/Berlin", 4, "2026-03-29", "2026-03-29T02:00:00"),  # 23 hours
        ("America/New_York", 4, "2026-11-01", "2026-11-01T09:00:00"),  # 25 hours
        ("America/Sao_Paulo", 0, "2018-11-04", "2018-11-04T03:00:00"),  # midnight is skipped
        ("Australia/Lord_Howe", 2, "2026-10-04", "2026-10-03T15:30:00"),  # half an hour
        ("Pacific/Apia", 4, "2011-12-30", "2011-12-30T10:00:00"),  # the 30th has no hour
        ("Pacific/Apia", 0, "2011-12-30", "2011-12-30T10:00:00"),  # but those until four
        ("Pacific/Apia", 4, "2011-12-31", "2011-12-30T14:00:00"),
        ("Pacific/Apia", 0, "2011-12-31", "2011-12-30T10:00:00"),
    ],
)
def test_a_day_begins_once_where_the_clock_jumps(zone, start, day, begins):
    assert at(zone, start).start_of(date.fromisoformat(day)) == utc(begins)


@steady
@given(moments, calendars)
def test_every_moment_lies_in_its_day(moment, calendar):
    day = calendar.day_of(moment)
    assert calendar.start_of(day) <= moment < calendar.start_of(day + DAY)


@steady
@given(dates, calendars)
def test_a_day_begins_with_its_first_moment(day, calendar):
    begins, ends = calendar.start_of(day), calendar.start_of(day + DAY)
    assume(begins < ends)  # a date that the zone left out has no moment
    assert calendar.day_of(begins) == day
    assert calendar.day_of(begins - MICROSECOND) < day
    assert calendar.day_of(ends - MICROSECOND) == day


@steady
@given(dates, calendars)
def test_a_day_begins_when_the_clock_first_shows_the_hour(day, calendar):
    wanted = datetime.combine(day, time(calendar.day_starts_at))
    begins = calendar.start_of(day)
    assert begins.astimezone(calendar.zone).replace(tzinfo=None) >= wanted
    before = (begins - timedelta(seconds=1)).astimezone(calendar.zone).replace(tzinfo=None)
    assert before < wanted


@pytest.mark.parametrize("letter", sorted({zone[0] for zone in ZONES}))
def test_no_day_of_a_leap_year_is_skipped_or_comes_twice_in_any_zone(letter):
    days = [date(2024, 1, 1) + number * DAY for number in range(368)]
    for zone in (zone for zone in ZONES if zone.startswith(letter)):
        calendar = at(zone)
        starts = [calendar.start_of(day) for day in days]
        assert [calendar.day_of(start) for start in starts] == days
        assert [calendar.day_of(start - MICROSECOND) + DAY for start in starts] == days


@pytest.mark.parametrize("zone", [zone for zone in ZONES if "/" in zone][::15])
@pytest.mark.parametrize("start", [0, 2, 4])
def test_days_follow_each_other_through_every_change_of_a_zones_clock(zone, start):
    calendar = at(zone, start)
    for jump in jumps(zone):
        quarters = [jump + timedelta(minutes=15 * number) for number in range(-160, 160)]
        days = [calendar.day_of(moment) for moment in quarters]
        steps = {(after - before) / DAY for before, after in itertools.pairwise(days)}
        is_date_left_out = any(
            calendar.start_of(day) == calendar.start_of(day + DAY)
            for day in (days[0] + number * DAY for number in range(5))
        )
        assert steps <= ({0, 1, 2} if is_date_left_out else {0, 1})


@steady
@given(moments, calendars, st.integers(1, 400))
def test_what_is_due_in_some_days_is_due_after_so_many_beginnings(moment, calendar, days):
    day = calendar.day_of(moment)
    due = calendar.start_of(day + days * DAY)
    assert due > moment
    assert calendar.day_of(due) >= day + days * DAY
    # 25 hours and 24 for a date line that moved: "tomorrow" is never two days away.
    assert due - moment <= (days + 1) * DAY + timedelta(hours=25)


@steady
@given(moments, calendars, calendars)
def test_a_journey_moves_no_day_that_was_stamped_and_at_most_two_ahead(moment, home, abroad):
    stamped = home.day_of(moment)
    there = abroad.day_of(moment)
    assert home.day_of(moment) == stamped
    assert abs((there - stamped) / DAY) <= 2
    due = abroad.start_of(stamped + DAY)
    assert due - moment <= timedelta(days=3)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        at().day_of(utc("2026-01-01").replace(tzinfo=None))


def test_every_zone_that_an_account_may_have_has_days():
    for zone in ZONES:
        validate_timezone(zone)
        assert at(zone).start_of(date(2026, 1, 2)).tzinfo is UTC
