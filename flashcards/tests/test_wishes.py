"""Exams and breaks within the choice of an interval."""

import uuid
import zoneinfo
from datetime import UTC, datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flashcards.days import DAY, Calendar
from flashcards.intervals import avoid_break, find_fuzz_range, keep_before_exam
from flashcards.scheduling import Event, Options, Rating, Schedule, schedule_event

CALENDAR = Calendar(zoneinfo.ZoneInfo("UTC"))
TODAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
steady = settings(deadline=None)
intervals = st.integers(1, 2000)
ratings = st.sampled_from([Rating.AGAIN, Rating.HARD, Rating.GOOD, Rating.EASY])


def dates(first, count):
    return tuple(
        ((TODAY.date() + (first + number) * DAY).isoformat(), "none") for number in range(count)
    )


@steady
@given(intervals, st.integers(1, 400), st.integers(1, 30))
def test_before_the_last_days_no_interval_reaches_the_exam(days, left, last_days):
    exam = TODAY.date() + left * DAY
    allowed = find_fuzz_range(days, 36_500)
    within = keep_before_exam(allowed, days, TODAY.date(), exam, last_days)
    assert len(within)
    if left <= last_days:
        assert within == allowed
    else:
        assert 1 <= within[0] <= within[-1] < left
        if days >= left:
            assert (within[0], within[-1]) == (left - last_days, left - 1)


@steady
@given(intervals, st.integers(0, 60), st.integers(1, 60))
def test_what_would_end_in_a_break_ends_before_or_after_it(days, first, count):
    allowed = find_fuzz_range(days, 36_500)
    away = dates(first, count)
    found = avoid_break(allowed, days, TODAY.date(), away)
    off = range(first, first + count)
    assert len(found)
    assert list(found) == sorted(set(found))
    if all(number in off for number in allowed):
        assert not any(number in off for number in found)
        assert all(number >= 0.75 * days for number in found)
        assert found[-1] - (first + count - 1) <= first + count
    else:
        assert found == allowed


@steady
@given(st.lists(ratings, min_size=1, max_size=12), st.integers(10, 120), st.integers(1, 9))
def test_a_card_that_is_studied_when_it_is_due_is_seen_in_the_last_days(given_, left, last_days):
    """Whatever the ratings: until the last days no due day lies on or after the exam."""
    exam = TODAY.date() + left * DAY
    assume(left > last_days)
    options = Options(exam_date=exam, last_days=last_days)
    schedule, at, card_id = Schedule(due=TODAY), TODAY, uuid.UUID(int=left)
    for rating in given_:
        day = CALENDAR.day_of(at)
        if day >= exam - last_days * DAY:
            break
        event = Event(card_id, rating, at, day, options)
        schedule = schedule_event(schedule, event, card_id=card_id, calendar=CALENDAR)
        assert schedule.due_day is None or schedule.due_day < exam
        at = max(schedule.due, at)


@steady
@given(st.integers(2, 300), st.integers(1, 40), st.integers(1, 20), st.booleans())
def test_a_review_before_a_break_is_replayed_to_the_same_day(stability, first, count, is_fuzzed):
    options = Options(easy_dates=dates(first, count), is_fuzzed=is_fuzzed)
    card_id = uuid.UUID(int=stability)
    last = TODAY - stability * DAY
    known = Schedule(
        due=TODAY, status="review", stability=float(stability), difficulty=5.0, reps=4,
        interval=stability, last_review=last, last_day=last.date(), due_day=TODAY.date(),
    )  # fmt: skip
    event = Event(card_id, Rating.GOOD, TODAY, TODAY.date(), options)
    lived = schedule_event(
        known, event, card_id=card_id, calendar=CALENDAR, load=lambda first, last: {first: 3}
    )
    kept = Event(card_id, Rating.GOOD, TODAY, TODAY.date(), options, int(lived.interval))
    assert schedule_event(known, kept, card_id=card_id, calendar=CALENDAR) == lived
    assert Options.from_json(options.to_json()) == options
