"""When a card is shown next: tables and properties."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.scheduling import (
    DAY,
    HIGHEST_RETENTION,
    LOWEST_RETENTION,
    Rating,
    Schedule,
    Status,
    derive_ease_factor,
    preview_reviews,
    schedule_review,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW = Schedule(due=NOW)

steady = settings(deadline=None)  # a busy machine is no failure
retentions = st.floats(LOWEST_RETENTION, HIGHEST_RETENTION)
waits = st.integers(0, 400 * 24 * 3600)  # seconds between two reviews
reviews = st.tuples(st.sampled_from(Rating), waits)
histories = st.lists(reviews, max_size=12)


def study(history, *, is_fuzzed=True):
    """The schedule after a history of ratings and waits, and the moment that follows it."""
    schedule, now = NEW, NOW
    for rating, wait in history:
        now += timedelta(seconds=wait)
        schedule = schedule_review(schedule, rating=rating, reviewed_at=now, is_fuzzed=is_fuzzed)
    return schedule, now


@pytest.mark.parametrize(
    ("rating", "status", "interval"),
    [
        (Rating.AGAIN, Status.LEARNING, timedelta(minutes=1)),
        (Rating.HARD, Status.LEARNING, timedelta(minutes=5, seconds=30)),
        (Rating.GOOD, Status.LEARNING, timedelta(minutes=10)),
        (Rating.EASY, Status.REVIEW, timedelta(days=8)),
    ],
)
def test_a_new_card_takes_the_first_step_of_fsrs(rating, status, interval):
    after = schedule_review(NEW, rating=rating, reviewed_at=NOW, is_fuzzed=False)
    assert (after.status, after.due - NOW) == (status, interval)
    assert after.interval == interval / DAY
    assert (after.reps, after.lapses, after.last_review) == (1, 0, NOW)


def test_a_forgotten_review_card_lapses_and_relearns():
    learned, now = study([(Rating.EASY, 0)], is_fuzzed=False)
    after = schedule_review(learned, rating=Rating.AGAIN, reviewed_at=now + 8 * DAY)
    assert (after.status, after.lapses, after.reps) == (Status.RELEARNING, 1, 2)
    assert after.due - after.last_review == timedelta(minutes=10)


def test_forgetting_while_learning_is_no_lapse():
    after, _ = study([(Rating.AGAIN, 0), (Rating.AGAIN, 60)])
    assert (after.status, after.lapses) == (Status.LEARNING, 0)


@steady
@given(histories, retentions)
def test_a_better_rating_never_comes_back_sooner(history, retention):
    schedule, now = study(history)
    outcomes = preview_reviews(schedule, now=now, desired_retention=retention)
    intervals = [outcomes[rating].interval for rating in Rating]
    assert intervals == sorted(intervals)


@steady
@given(histories, retentions)
def test_a_preview_is_the_same_twice(history, retention):
    schedule, now = study(history)
    first = preview_reviews(schedule, now=now, desired_retention=retention)
    assert first == preview_reviews(schedule, now=now, desired_retention=retention)


@steady
@given(histories, reviews, retentions)
def test_a_card_is_never_due_in_the_past(history, review, retention):
    schedule, now = study(history)
    rating, wait = review
    now += timedelta(seconds=wait)
    after = schedule_review(schedule, rating=rating, reviewed_at=now, desired_retention=retention)
    assert after.due > now
    assert after.due.utcoffset() == timedelta(0)
    assert (after.due - after.last_review) / DAY == after.interval
    assert 1 <= after.difficulty <= 10
    assert after.stability > 0


@steady
@given(histories)
def test_a_schedule_survives_json_unchanged(history):
    schedule, _ = study(history)
    assert Schedule.from_json(json.loads(json.dumps(schedule.to_json()))) == schedule


@steady
@given(st.floats(0.7, 0.98), st.floats(0.001, 0.01))
def test_more_retention_means_shorter_intervals(retention, more):
    learned, now = study([(Rating.EASY, 0), (Rating.GOOD, 8 * 24 * 3600)], is_fuzzed=False)
    easier, harder = (
        preview_reviews(learned, now=now + 30 * DAY, desired_retention=wanted)[Rating.GOOD]
        for wanted in (retention, retention + more)
    )
    assert harder.interval <= easier.interval


@steady
@given(histories.filter(bool))
def test_a_clock_that_went_back_still_gives_a_later_review(history):
    schedule, now = study(history)
    after = schedule_review(schedule, rating=Rating.GOOD, reviewed_at=now - DAY)
    assert after.last_review > schedule.last_review
    assert after.due > after.last_review


def test_a_time_in_another_zone_is_the_same_moment():
    tokyo = NOW.astimezone(timezone(timedelta(hours=9)))
    here, there = (
        schedule_review(NEW, rating=Rating.GOOD, reviewed_at=moment) for moment in (NOW, tokyo)
    )
    assert here == there


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        schedule_review(NEW, rating=Rating.GOOD, reviewed_at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("difficulty", "ease_factor"), [(None, 2.5), (1.0, 3.3), (5.5, 2.3), (10.0, 1.3)]
)
def test_the_ease_factor_follows_the_difficulty(difficulty, ease_factor):
    assert derive_ease_factor(difficulty) == ease_factor
