"""When a card is shown next: the same as py-fsrs finds, in study days."""

import json
import random
import uuid
import zoneinfo
from datetime import UTC, date, datetime, timedelta

import fsrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.days import DAY, Calendar
from flashcards.ease import derive_ease_factor
from flashcards.scheduling import (
    MAX_RETENTION,
    MIN_RETENTION,
    Event,
    Options,
    Rating,
    Schedule,
    Status,
    preview_events,
    schedule_event,
)

CALENDAR = Calendar(zoneinfo.ZoneInfo("UTC"))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW = Schedule(due=NOW)
CARD = uuid.UUID(int=7)
PLAIN = Options(is_fuzzed=False)
MINUTE = timedelta(minutes=1)

steady = settings(deadline=None)  # a busy machine is no failure
retentions = st.floats(MIN_RETENTION, MAX_RETENTION)
waits = st.integers(0, 400 * 24 * 3600)  # seconds between two reviews
reviews = st.tuples(st.sampled_from(Rating), waits)
histories = st.lists(reviews, max_size=12)
zones = ["UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Chatham"]
calendars = st.builds(Calendar, st.sampled_from(zones).map(zoneinfo.ZoneInfo), st.integers(0, 23))


def review(schedule, rating, at, options=PLAIN, calendar=CALENDAR, **more):
    """The schedule after a review at a moment, stamped with its day."""
    event = Event(uuid.uuid4(), Rating(rating), at, calendar.day_of(at), options)
    return schedule_event(schedule, event, card_id=CARD, calendar=calendar, **more)


def study(history, options=PLAIN, calendar=CALENDAR):
    """The schedule after a history of ratings and waits, and the moment that follows it."""
    schedule, now = NEW, NOW
    for rating, wait in history:
        now += timedelta(seconds=wait)
        schedule = review(schedule, rating, now, options, calendar)
    return schedule, now


def preview(schedule, now, options=PLAIN):
    return preview_events(
        schedule, now=now, study_day=CALENDAR.day_of(now), options=options, card_id=CARD,
        calendar=CALENDAR,
    )  # fmt: skip


def test_the_published_intervals_of_py_fsrs():
    schedule, now, found = NEW, datetime(2022, 11, 29, 12, 30, tzinfo=UTC), []
    for rating in [3, 3, 3, 3, 3, 3, 1, 1, 3, 3, 3, 3, 3]:
        schedule = review(schedule, rating, now)
        found.append(int(schedule.interval))
        now = max(now + schedule.interval * DAY, schedule.due)
    assert found == [0, 2, 11, 46, 163, 498, 0, 0, 2, 4, 7, 12, 21]


def test_the_published_memory_of_py_fsrs():
    schedule, now = NEW, datetime(2022, 11, 29, 12, 30, tzinfo=UTC)
    for rating, days in zip([1, 3, 3, 3, 3, 3], [0, 0, 1, 3, 8, 21], strict=True):
        now += days * DAY
        schedule = review(schedule, rating, now)
    assert schedule.stability == pytest.approx(53.62691, abs=1e-4)
    assert schedule.difficulty == pytest.approx(6.3574867, abs=1e-4)


def test_a_card_that_is_always_easy_reaches_the_least_difficulty():
    schedule = NEW
    for number in range(10):
        schedule = review(schedule, 4, NOW + timedelta(microseconds=number))
    assert schedule.difficulty == 1.0


STEPS = [(), (1.0,), (1.0, 10.0), (5.0, 30.0, 120.0)]


@pytest.mark.parametrize("seed", range(10))
def test_a_thousand_random_histories_are_scheduled_as_py_fsrs_does(seed):
    """Ten times a hundred, with every kind of steps, at the same hour of days that pass."""
    chance = random.Random(seed)
    for _ in range(100):
        steps, again = chance.choice(STEPS), chance.choice(STEPS)
        retention, maximum = chance.uniform(0.7, 0.99), chance.choice([36_500, 365, 30])
        options = Options(retention, None, steps, again, maximum_interval=maximum, is_fuzzed=False)
        theirs = fsrs.Scheduler(
            desired_retention=retention,
            learning_steps=[step * MINUTE for step in steps],
            relearning_steps=[step * MINUTE for step in again],
            maximum_interval=maximum,
            enable_fuzzing=False,
        )
        card, ours = fsrs.Card(card_id=1, due=NOW), NEW
        now = NOW
        for _ in range(chance.randint(1, 20)):
            rating = chance.choices([1, 2, 3, 4], [2, 1, 5, 1])[0]
            card, _ = theirs.review_card(card, fsrs.Rating(rating), now)
            ours = review(ours, rating, now, options)
            assert ours.stability == card.stability
            assert ours.difficulty == card.difficulty
            assert ours.status == card.state.name.lower()
            assert ours.step == card.step
            assert timedelta(days=ours.interval) == card.due - now
            now += chance.choice([0, 0, 1, 2, 5, 30, 200]) * DAY


@pytest.mark.parametrize(
    ("rating", "status", "wait"),
    [
        (Rating.AGAIN, Status.LEARNING, 1 * MINUTE),
        (Rating.HARD, Status.LEARNING, 5.5 * MINUTE),
        (Rating.GOOD, Status.LEARNING, 10 * MINUTE),
    ],
)
def test_steps_keep_their_minutes(rating, status, wait):
    after = review(NEW, rating, NOW)
    assert (after.status, after.due - NOW, after.due_day) == (status, wait, None)
    assert after.interval == wait / DAY
    assert (after.reps, after.lapses, after.last_review) == (1, 0, NOW)


def test_whole_days_end_at_the_beginning_of_their_study_day():
    calendar = Calendar(zoneinfo.ZoneInfo("Asia/Tokyo"), 4)
    late = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)  # half past two in the night of the 2nd
    after = review(NEW, Rating.EASY, late, calendar=calendar)
    assert (after.interval, after.last_day) == (8, date(2026, 3, 1))
    assert after.due_day == date(2026, 3, 9)
    assert after.due == datetime(2026, 3, 8, 19, tzinfo=UTC)


def test_a_night_is_a_day_to_memory():
    evening = datetime(2026, 3, 1, 22, tzinfo=UTC)
    learned = review(review(NEW, 3, evening), 3, evening + 10 * MINUTE)
    next_morning = evening + timedelta(hours=10)
    assert next_morning > learned.due - 2 * DAY
    grown = review(learned, 3, next_morning)
    same_evening = review(learned, 3, evening + 30 * MINUTE)
    assert grown.stability > 1.3 * same_evening.stability


def test_a_learning_step_of_a_day_is_a_study_day():
    options = Options(learning_steps=(10.0, 1440.0), is_fuzzed=False)
    after = review(review(NEW, 3, NOW, options), 3, NOW + 10 * MINUTE, options)
    first = review(NEW, 3, NOW, options)
    assert (first.status, first.due_day) == (Status.LEARNING, date(2026, 3, 2))
    assert first.due == CALENDAR.start_of(date(2026, 3, 2))
    assert after.status == Status.REVIEW


def test_a_forgotten_review_card_lapses_and_relearns():
    learned, now = study([(Rating.EASY, 0)])
    after = review(learned, Rating.AGAIN, now + 8 * DAY)
    assert (after.status, after.lapses, after.reps) == (Status.RELEARNING, 1, 2)
    assert after.due - after.last_review == 10 * MINUTE


def test_without_relearning_steps_a_forgotten_card_stays_in_review():
    options = Options(relearning_steps=(), is_fuzzed=False)
    learned, now = study([(Rating.EASY, 0)], options)
    after = review(learned, Rating.AGAIN, now + 8 * DAY, options)
    assert (after.status, after.lapses) == (Status.REVIEW, 1)
    assert after.due_day == after.last_day + after.interval * DAY


def test_forgetting_while_learning_is_no_lapse():
    after, _ = study([(Rating.AGAIN, 0), (Rating.AGAIN, 60)])
    assert (after.status, after.lapses) == (Status.LEARNING, 0)


@steady
@given(histories, retentions, st.booleans())
def test_a_better_rating_never_comes_back_sooner(history, retention, is_fuzzed):
    options = Options(retention, is_fuzzed=is_fuzzed)
    schedule, now = study(history, options)
    outcomes = preview(schedule, now, options)
    intervals = [outcomes[rating].interval for rating in Rating]
    assert intervals == sorted(intervals)


@steady
@given(histories, reviews, retentions)
def test_a_preview_is_what_the_review_then_does(history, last, retention):
    options = Options(retention)
    schedule, now = study(history, options)
    rating, wait = last
    now += timedelta(seconds=wait)
    assert preview(schedule, now, options)[rating] == review(schedule, rating, now, options)


@steady
@given(histories, reviews, retentions, st.booleans(), calendars)
def test_a_card_is_never_due_in_the_past(history, last, retention, is_fuzzed, calendar):
    options = Options(retention, is_fuzzed=is_fuzzed)
    schedule, now = study(history, options, calendar)
    rating, wait = last
    now += timedelta(seconds=wait)
    after = review(schedule, rating, now, options, calendar)
    assert after.due > now
    assert after.due.utcoffset() == timedelta(0)
    assert 1 <= after.difficulty <= 10
    assert after.stability > 0
    if after.due_day is None:
        assert (after.due - after.last_review) / DAY == pytest.approx(after.interval)
        assert after.interval < 1
    else:
        assert after.due == calendar.start_of(after.due_day)
        assert (after.due_day - after.last_day) / DAY == after.interval >= 1


@steady
@given(histories)
def test_a_schedule_survives_json_unchanged(history):
    schedule, _ = study(history)
    assert Schedule.from_json(json.loads(json.dumps(schedule.to_json()))) == schedule


def test_a_schedule_from_before_there_were_study_days_is_read():
    stored = {
        "due": "2026-03-09T12:00:00+00:00", "status": "review", "step": None, "stability": 8.3,
        "difficulty": 1.0, "last_review": "2026-03-01T12:00:00+00:00", "interval": 8.0,
        "reps": 1, "lapses": 0,
    }  # fmt: skip
    schedule = Schedule.from_json(stored)
    assert (schedule.interval, schedule.due_day, schedule.last_day) == (8.0, None, None)


@steady
@given(
    retentions,
    st.lists(st.floats(0.5, 5000), max_size=4).map(tuple),
    st.dictionaries(st.dates().map(str), st.sampled_from(["reduced", "none"]), max_size=3),
)
def test_options_survive_json_unchanged(retention, steps, dates):
    options = Options(retention, learning_steps=steps, easy_dates=tuple(sorted(dates.items())))
    text = json.dumps(options.to_json())
    again = Options.from_json(json.loads(text))
    assert (again, hash(again)) == (options, hash(options))
    assert json.dumps(again.to_json()) == text


@steady
@given(st.floats(0.7, 0.98), st.floats(0.001, 0.01))
def test_more_retention_means_shorter_intervals(retention, more):
    learned, now = study([(Rating.EASY, 0), (Rating.GOOD, 8 * 24 * 3600)])
    easier, harder = (
        preview(learned, now + 30 * DAY, Options(wanted, is_fuzzed=False))[Rating.GOOD]
        for wanted in (retention, retention + more)
    )
    assert harder.interval <= easier.interval


def test_a_study_day_that_went_back_counts_as_the_same_day():
    """Stamped in Kiritimati, then in Niue: the later review has the earlier day."""
    learned, now = study([(Rating.EASY, 0)])
    event = Event(uuid.uuid4(), Rating.GOOD, now + MINUTE, learned.last_day - DAY, PLAIN)
    after = schedule_event(learned, event, card_id=CARD, calendar=CALENDAR)
    same = review(learned, Rating.GOOD, now + MINUTE)
    assert after.stability == same.stability


def test_a_time_without_a_zone_is_refused():
    event = Event(uuid.uuid4(), Rating.GOOD, NOW.replace(tzinfo=None), date(2026, 3, 1))
    with pytest.raises(ValueError, match="time zone"):
        schedule_event(NEW, event, card_id=CARD, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("difficulty", "ease_factor"), [(None, 2.5), (1.0, 3.3), (5.5, 2.3), (10.0, 1.3)]
)
def test_the_ease_factor_follows_the_difficulty(difficulty, ease_factor):
    assert derive_ease_factor(difficulty) == ease_factor
