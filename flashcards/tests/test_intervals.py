"""Fuzz's range, easy days and the balance of loads."""

import random
import statistics
import uuid
import zoneinfo
from collections import Counter
from datetime import UTC, date, datetime

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.days import DAY, Calendar
from flashcards.intervals import draw_fraction, find_fuzz_range
from flashcards.scheduling import MAX_INTERVAL, Event, Options, Rating, Schedule, schedule_event

CALENDAR = Calendar(zoneinfo.ZoneInfo("UTC"))
MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
LEARNED = Schedule(
    due=MONDAY, status="review", stability=30.0, difficulty=5.0, reps=4, interval=30,
    last_review=MONDAY - 30 * DAY, last_day=MONDAY.date() - 30 * DAY, due_day=MONDAY.date(),
)  # fmt: skip
WEEKEND = ("normal",) * 5 + ("none", "none")
steady = settings(deadline=None)


def review(card_id, options=Options(), chosen=None, load=None):  # noqa: B008  it is frozen
    event = Event(card_id, Rating.GOOD, MONDAY, MONDAY.date(), options, chosen)
    return schedule_event(LEARNED, event, card_id=card_id, calendar=CALENDAR, load=load)


def plain_days():
    return int(review(uuid.UUID(int=1), Options(is_fuzzed=False)).interval)


def some_cards(count, seed=1):
    chance = random.Random(seed)
    return [uuid.UUID(int=chance.getrandbits(128)) for _ in range(count)]


@pytest.mark.parametrize("days", [1, 2, 3, 5, 7, 12, 20, 40, 365])
def test_the_range_of_fuzz_is_that_of_py_fsrs(days):
    """Theirs rounds once more, so it may reach a day beyond its own range."""
    allowed = find_fuzz_range(days, MAX_INTERVAL)
    scheduler = fsrs.Scheduler(maximum_interval=days, enable_fuzzing=False)
    forced = fsrs.Card(
        card_id=1, state=fsrs.State.Review, stability=9.0 * days, difficulty=5.0, due=MONDAY,
        last_review=MONDAY - days * DAY,
    )  # fmt: skip
    assert scheduler.review_card(forced, fsrs.Rating.Good, MONDAY)[0].due == MONDAY + days * DAY
    fuzzed = fsrs.Scheduler(maximum_interval=days, enable_fuzzing=True)
    found = {
        (fuzzed.review_card(forced, fsrs.Rating.Good, MONDAY)[0].due - MONDAY).days
        for _ in range(300)
    }
    expected = set(find_fuzz_range(days, days))
    assert found <= expected
    assert len(expected) == 1 or len(found) > 1
    assert allowed[0] == min(expected)


@steady
@given(st.integers(1, MAX_INTERVAL), st.integers(1, MAX_INTERVAL))
def test_the_range_holds_the_interval_and_keeps_its_bounds(days, maximum):
    days = min(days, maximum)
    allowed = find_fuzz_range(days, maximum)
    assert days in allowed
    assert 1 <= allowed[0] <= allowed[-1] <= maximum


@steady
@given(st.uuids(), st.integers(0, 10_000))
def test_a_draw_belongs_to_the_card_and_the_count(card_id, reps):
    assert draw_fraction(card_id, reps) == draw_fraction(card_id, reps)
    assert 0 <= draw_fraction(card_id, reps) < 1
    assert draw_fraction(card_id, reps) != draw_fraction(card_id, reps + 1)


def test_draws_are_spread_evenly():
    drawn = [draw_fraction(card_id, 3) for card_id in some_cards(4000)]
    counts = Counter(int(fraction * 10) for fraction in drawn)
    assert len(counts) == 10
    assert min(counts.values()) > 300


def test_fuzz_spreads_cards_over_its_whole_range_and_the_same_way_twice():
    cards = some_cards(500)
    intervals = [review(card_id).interval for card_id in cards]
    assert set(intervals) == set(find_fuzz_range(plain_days(), MAX_INTERVAL))
    assert intervals == [review(card_id).interval for card_id in cards]


def test_no_card_comes_back_on_a_day_without_study():
    options = Options(easy_days=WEEKEND)
    due = [review(card_id, options).due_day for card_id in some_cards(300)]
    assert all(day.weekday() < 5 for day in due)


def test_a_reduced_day_gets_about_half():
    options = Options(easy_days=("reduced",) + ("normal",) * 6)
    due = Counter(review(card_id, options).due_day for card_id in some_cards(4000))
    mondays = [count for day, count in due.items() if day.weekday() == 0]
    others = [count for day, count in due.items() if day.weekday() != 0]
    assert statistics.mean(mondays) == pytest.approx(statistics.mean(others) / 2, rel=0.2)


def test_a_date_weighs_more_than_its_weekday():
    free = (MONDAY.date() + plain_days() * DAY).isoformat()
    options = Options(easy_days=("normal",) * 7, easy_dates=((free, "none"),))
    assert free not in {review(card_id, options).due_day.isoformat() for card_id in some_cards(300)}


def test_where_no_day_is_left_the_card_still_comes_back():
    options = Options(easy_days=("none",) * 7)
    assert int(review(uuid.UUID(int=3), options).interval) in find_fuzz_range(plain_days(), 999)


def test_the_least_loaded_day_is_taken():
    allowed = find_fuzz_range(plain_days(), MAX_INTERVAL)
    light = MONDAY.date() + allowed[2] * DAY
    asked = []

    def load(first, last):
        asked.append((first, last))
        return {MONDAY.date() + days * DAY: 10 for days in allowed} | {light: 3}

    assert review(uuid.UUID(int=5), load=load).due_day == light
    assert asked == [(MONDAY.date() + allowed[0] * DAY, MONDAY.date() + allowed[-1] * DAY)]


def test_balanced_cards_lie_evenly():
    counts = Counter()
    for card_id in some_cards(300):
        counts[review(card_id, load=lambda first, last: counts).due_day] += 1
    assert max(counts.values()) - min(counts.values()) <= 1


def test_a_balanced_choice_leaves_days_without_study_free():
    counts = Counter()
    for card_id in some_cards(100):
        options = Options(easy_days=WEEKEND)
        counts[review(card_id, options, load=lambda first, last: counts).due_day] += 1
    assert all(day.weekday() < 5 for day in counts)


def test_a_chosen_interval_is_taken_again_and_one_outside_of_the_range_is_not():
    card_id, allowed = uuid.UUID(int=9), find_fuzz_range(plain_days(), MAX_INTERVAL)
    assert review(card_id, chosen=allowed[-1]).interval == allowed[-1]
    assert review(card_id, chosen=allowed[-1] + 1) == review(card_id)


def test_short_intervals_are_left_alone():
    options = Options(easy_days=("none",) * 7, maximum_interval=2)
    assert review(uuid.UUID(int=1), options).due_day == date(2026, 3, 4)
