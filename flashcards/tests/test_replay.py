"""A card's state is a replay of its events, in whatever order they arrived."""

import itertools
import uuid
import zoneinfo
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.days import DAY, Calendar
from flashcards.replay import Move, MoveKind, move_schedule, order_events, replay
from flashcards.scheduling import Event, Options, Rating, Schedule, Status, schedule_event

CALENDAR = Calendar(zoneinfo.ZoneInfo("Europe/Berlin"))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEW = Schedule(due=NOW)
CARD = uuid.UUID(int=7)
HOUR = timedelta(hours=1)
steady = settings(deadline=None)

ids = st.uuids()
hours = st.integers(0, 24 * 300)
ratings = st.sampled_from(Rating)


def reviewed(number, rating, hours, options=Options()):  # noqa: B008  it is frozen
    at = NOW + hours * HOUR
    return Event(uuid.UUID(int=number), Rating(rating), at, CALENDAR.day_of(at), options)


def moved(number, kind, hours, days=0, after=None):
    at = NOW + hours * HOUR
    due_day = None if kind == MoveKind.FORGET else CALENDAR.day_of(at) + days * DAY
    after = None if after is None else uuid.UUID(int=after)
    return Move(uuid.UUID(int=number), at, kind, due_day, after, CALENDAR.day_of(at))


def run(events, start=NEW):
    return replay(start, events, card_id=CARD, calendar=CALENDAR)


@st.composite
def histories(draw):
    """Reviews, made by two devices at any times, and moves that know some of them."""
    made = [
        reviewed(number, draw(ratings), draw(hours)) for number in range(draw(st.integers(0, 5)))
    ]
    moves = [
        moved(
            100 + number,
            draw(st.sampled_from(MoveKind)),
            draw(hours),
            draw(st.integers(0, 50)),
            draw(st.none() | st.sampled_from([one.id.int for one in made])) if made else None,
        )
        for number in range(draw(st.integers(0, 2)))
    ]
    return [*made, *moves]


@steady
@given(histories())
def test_every_order_of_arrival_gives_the_same_state(history):
    states = {
        run(order).schedule for order in itertools.islice(itertools.permutations(history), 720)
    }
    assert len(states) == 1


@steady
@given(st.lists(st.tuples(ratings, st.integers(1, 24 * 60)), min_size=1, max_size=8), st.data())
def test_reviews_one_by_one_with_late_ones_replayed_equal_one_replay(waits, data):
    """What a service does: the newest is added to the state, a late one replays everything."""
    moments = itertools.accumulate(wait for _, wait in waits)
    events = [
        reviewed(number, rating, at)
        for number, ((rating, _), at) in enumerate(zip(waits, moments, strict=True))
    ]
    schedule, known = NEW, []
    for event in data.draw(st.permutations(events)):
        known.append(event)
        if order_events(known)[-1] is event:
            schedule = schedule_event(schedule, event, card_id=CARD, calendar=CALENDAR)
        else:
            schedule = run(known).schedule
    assert schedule == run(events).schedule


@steady
@given(histories())
def test_a_replay_tells_each_review_in_order(history):
    replayed = run(history)
    made = [one for one in order_events(history) if isinstance(one, Event)]
    assert [step.review_id for step in replayed.steps] == [one.id for one in made]
    assert all(step.elapsed_days >= 0 and step.scheduled_days > 0 for step in replayed.steps)


def test_no_events_leave_the_card_as_it_began():
    learned = run([reviewed(1, 4, 0)]).schedule
    assert run([], start=learned).schedule == learned


def test_a_replay_goes_on_from_where_the_card_began():
    first, second = reviewed(1, 4, 0), reviewed(2, 3, 24 * 8)
    assert run([second], start=run([first]).schedule).schedule == run([first, second]).schedule


def test_a_due_date_that_was_set_stands_until_the_next_review():
    first, later = reviewed(1, 4, 0), reviewed(2, 3, 24 * 40)
    move = moved(9, MoveKind.SET_DUE, 24, days=20, after=1)
    learned = run([first]).schedule
    after = run([first, move]).schedule
    assert after.due == CALENDAR.start_of(move.due_day)
    assert (after.due_day, after.interval) == (move.due_day, 21)
    assert (after.stability, after.last_day) == (learned.stability, learned.last_day)
    assert run([first, move, later]).schedule == run([first, later]).schedule


def test_rescheduling_never_outweighs_a_review_that_it_did_not_know():
    first, offline = reviewed(1, 4, 0), reviewed(2, 3, 24 * 8)
    plan = moved(9, MoveKind.PLAN, 24 * 9, days=1, after=1)
    assert run([first, plan]).schedule.due_day == plan.due_day
    assert run([first, plan, offline]).schedule == run([first, offline]).schedule


def test_a_forgotten_card_is_new_again_and_its_next_review_its_first():
    first, second = reviewed(1, 4, 0), reviewed(2, 3, 24 * 8)
    forget = moved(9, MoveKind.FORGET, 24)
    assert run([first, forget]).schedule == Schedule(due=forget.at)
    after = run([first, forget, second])
    assert (after.schedule.reps, after.schedule.status) == (1, Status.LEARNING)
    assert after.steps[1].elapsed_days == 0


def test_a_new_card_can_be_set_due_and_stays_new():
    move = moved(9, MoveKind.SET_DUE, 0, days=5)
    after = move_schedule(NEW, move, CALENDAR)
    assert (after.status, after.due_day, after.interval) == (Status.NEW, move.due_day, 0)


def test_reviews_of_the_same_moment_stand_in_the_order_of_their_ids():
    again, easy = reviewed(1, 1, 5), reviewed(2, 4, 5)
    assert [one.id for one in order_events([easy, again])] == [again.id, easy.id]


def test_events_keep_the_options_that_they_were_made_under():
    strict = Options(desired_retention=0.97, is_fuzzed=False)
    events = [reviewed(1, 4, 0, strict), reviewed(2, 3, 24 * 5, strict)]
    plain = [reviewed(1, 4, 0), reviewed(2, 3, 24 * 5)]
    assert run(events).schedule.interval < run(plain).schedule.interval
