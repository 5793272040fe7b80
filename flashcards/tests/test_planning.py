"""Plans move what they should, flood no day, and tell what comes of it."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flashcards.exams import find_earliest_exam, find_retention, plan_exam
from flashcards.memory import Memory
from flashcards.planning import catch_up, change_retention, take_break
from flashcards.simulation import HORIZON, Cards, Conditions, Habits, simulate
from flashcards.spreading import count_loads, deal, fill_evenly, fill_within
from flashcards.tests.arrays import a_learner, some_cards

reference = pytest.importorskip("fsrs_rs_python")  # of the developers' environment
steady = settings(deadline=None, max_examples=40)
loads = st.lists(st.integers(0, 50), min_size=1, max_size=20).map(np.asarray)


@steady
@given(loads, st.integers(0, 300))
def test_filling_evenly_lifts_the_lowest_days_first(load, count):
    given_ = fill_evenly(load, count, range(len(load)))
    assert given_.sum() == count
    lifted = (load + given_)[given_ > 0]
    if len(lifted):
        assert lifted.max() - lifted.min() <= 1
        assert (load + given_).min() >= lifted.max() - 1


@steady
@given(loads, st.integers(0, 300), st.integers(1, 60))
def test_filling_within_a_bound_keeps_it(load, count, bound):
    given_ = fill_within(load, count, range(len(load)), bound)
    assert given_.sum() == min(count, np.maximum(bound - load, 0).sum())
    assert (load + given_)[given_ > 0].max(initial=0) <= bound


def test_dealing_gives_the_first_cards_the_earliest_days():
    days = np.asarray([9, 9, 9, 9])
    deal(np.asarray([2, 0, 3]), np.asarray([1, 0, 2]), days)
    assert list(days) == [2, 9, 0, 2]


@pytest.mark.parametrize("retention", [0.7, 0.8, 0.9, 0.95])
def test_an_empty_deck_is_remembered_as_fsrs_rs_simulates_it(retention):
    config = reference.default_simulator_config()
    config.deck_size, config.learn_span = 2000, 365
    config.learn_limit, config.max_cost_perday = 10, 1e9
    theirs = reference.simulate(reference.DEFAULT_PARAMETERS, retention, config, 1)
    nothing = np.zeros(2000, np.int64)
    empty = Cards(np.full(2000, np.nan), np.zeros(2000), nothing, nothing)
    wanted = Conditions(days=365, retention=retention, new_per_day=10)
    ours = simulate(empty, Memory(), Habits(), wanted)
    assert ours.remembered[-1] == pytest.approx(theirs.memorized_cnt_per_day[-1], rel=0.02)


def test_a_simulation_is_the_same_twice_and_leaves_its_cards_alone():
    cards = some_cards(300, new=50)
    stability = cards.stability.copy()
    first, second = (
        simulate(cards, Memory(), Habits(), Conditions(new_per_day=5)) for _ in range(2)
    )
    assert list(first.due) == list(second.due)
    assert list(first.minutes) == list(second.minutes)
    assert np.array_equal(cards.stability, stability, equal_nan=True)


def test_a_day_off_is_not_studied_and_its_cards_wait():
    cards, off = some_cards(500), frozenset(range(3, 6))
    with_days_off = simulate(cards, Memory(), Habits(), Conditions(off=off))
    without = simulate(cards, Memory(), Habits(), Conditions())
    assert list(with_days_off.due[3:6]) == [0, 0, 0]
    assert with_days_off.due[6] > without.due[6]


def test_more_retention_takes_more_time_and_is_remembered_better():
    futures = [
        simulate(some_cards(1000), Memory(), Habits(), Conditions(days=365, retention=retention))
        for retention in (0.7, 0.8, 0.9, 0.95)
    ]
    minutes = [future.minutes.sum() for future in futures]
    remembered = [future.remembered[-1] for future in futures]
    assert minutes == sorted(minutes)
    assert remembered == sorted(remembered)


@steady
@given(st.integers(1, 60), st.integers(0, 5))
def test_a_backlog_is_spread_over_the_days_most_at_risk_first(days, seed):
    cards, learner = some_cards(600, new=20, overdue=0.5, seed=seed), a_learner(new_per_day=5)
    plan = catch_up(cards, learner, days)
    backlog = np.flatnonzero((cards.due < 0) & ~cards.is_new)
    assert set(plan.moved(cards)) == set(backlog)
    assert ((plan.due[backlog] >= 0) & (plan.due[backlog] < days)).all()
    recall = learner.memory.recall(-cards.last[backlog], cards.stability[backlog])
    order = np.argsort(plan.due[backlog], kind="stable")
    by_day = [recall[order][plan.due[backlog][order] == day] for day in range(days)]
    worst = [(min(one), max(one)) for one in by_day if len(one)]
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(worst))
    assert plan.after.due[0] <= plan.before.due[0]


def test_new_cards_wait_while_a_backlog_is_caught_up():
    cards = some_cards(300, new=100, overdue=0.5)
    plan = catch_up(cards, a_learner(new_per_day=10), 10)
    held = catch_up(some_cards(300, new=100, overdue=0.5), a_learner(new_per_day=0), 10)
    assert list(plan.after.due[:10]) == list(held.after.due[:10])
    assert plan.after.due[10] == held.after.due[10] + 10


@steady
@given(st.integers(0, 30), st.integers(1, 21), st.integers(0, 5))
def test_no_card_stays_due_in_a_break_and_no_day_is_above_the_bound(first, length, seed):
    cards, last, bound = some_cards(800, new=10, seed=seed), first + length - 1, 40
    plan = take_break(cards, a_learner(), first, last, bound)
    known = ~cards.is_new
    assert not ((plan.due[known] >= first) & (plan.due[known] <= last)).any()
    was, becomes = (count_loads(due[known], 500) for due in (cards.due, plan.due))
    risen = becomes > was
    assert (becomes[risen] <= bound).all()
    assert plan.after.due[last + 1] <= plan.before.due[last + 1]


@pytest.mark.parametrize("retention", [0.8, 0.97])
def test_a_new_retention_moves_cards_by_more_than_five_percent_and_none_to_the_past(retention):
    cards = some_cards(800, new=10, seed=3)
    plan = change_retention(cards, a_learner(), retention)
    moved = plan.moved(cards)
    assert len(moved) > 100
    assert (plan.due[moved] >= 0).all()
    old = np.maximum(cards.due - cards.last, 1)
    wanted = Memory().interval(cards.stability[~cards.is_new], retention)
    is_small = np.abs(wanted - old[~cards.is_new]) <= 0.05 * old[~cards.is_new]
    assert not set(np.flatnonzero(~cards.is_new)[is_small]) & set(moved)


def test_a_retention_from_now_on_moves_nothing():
    cards = some_cards(300)
    plan = change_retention(cards, a_learner(), 0.8, is_rescheduled=False)
    assert not len(plan.moved(cards))
    assert plan.after.minutes.sum() < plan.before.minutes.sum()


@steady
@given(st.integers(1, 120), st.integers(0, 5), st.sampled_from([None, 20.0, 60.0]))
def test_every_card_is_seen_in_the_last_days_before_an_exam(exam, seed, minutes):
    cards = some_cards(300, new=60, overdue=0.2, seed=seed)
    plan = plan_exam(cards, a_learner(new_per_day=5), exam, minutes)
    future = simulate(
        cards.due_on(plan.proposal.due), Memory(), Habits(),
        Conditions(
            days=exam, exam=exam, last_days=plan.last_days,
            new_per_day=max(5, plan.new_per_day),
        ),
    )  # fmt: skip
    assert (future.cards.last >= exam - plan.last_days).all()
    assert plan.recall >= plan.recall_before - 0.01
    assert len(plan.proposal.after.due) == max(HORIZON, exam)


def test_an_exam_without_enough_time_says_what_date_would_do():
    cards, learner = some_cards(2000, new=1500), a_learner(new_per_day=10)
    plan = plan_exam(cards, learner, 20, 30)
    assert not plan.fits(30)
    day = find_earliest_exam(cards, learner, 20, 30)
    assert day > 20
    assert plan_exam(cards, learner, day, 30).fits(30)


def test_less_retention_is_offered_only_where_it_is_enough():
    cards, learner = some_cards(1500), a_learner(retention=0.95)
    plan = plan_exam(cards, learner, 90, None)
    enough = find_retention(cards, learner, 90, plan.minutes * 0.75)
    assert enough is None or enough < 0.95
    assert find_retention(cards, learner, 90, 0.001) is None


def test_no_cards_are_a_plan_too():
    cards, learner = some_cards(0), a_learner()
    assert plan_exam(cards, learner, 10, 30).recall == 0
    assert not len(catch_up(cards, learner, 5).due)
    assert not len(take_break(cards, learner, 1, 5, 10).due)
    assert not len(change_retention(cards, learner, 0.8).due)
