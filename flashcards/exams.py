"""A plan for an exam: every card is seen once more in the last days before it.

A pure module; days count from today, 0, and the exam is on day `exam`, which is not studied.
"""

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from flashcards.memory import Whole
from flashcards.planning import Learner, Proposal, propose
from flashcards.simulation import Cards
from flashcards.spreading import count_loads, deal, fill_evenly

MIN_LAST_DAYS, MAX_LAST_DAYS = 3, 21
MAX_EXAM = 730  # days ahead
ROOM = 0.8  # of the minutes of the last days: the rest is for what comes again
RETENTIONS = (0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
TOLERANCE = 1.05  # times the minutes that a learner has are still what they have


@dataclass(frozen=True)
class ExamPlan:
    """A proposal with the days before the exam in which every card is seen.

    `recall_before`, `recall`: expected on the day of the exam without and with the plan;
    `minutes`: a day, on average over all days or over the last ones, whichever is more.
    """

    proposal: Proposal
    last_days: int
    new_per_day: int
    recall_before: float
    recall: float
    minutes: float

    def fits(self, minutes_per_day: float | None) -> bool:
        """Whether it can be done in so many minutes a day; None: any number."""
        return minutes_per_day is None or self.minutes <= TOLERANCE * minutes_per_day


def plan_exam(
    cards: Cards, learner: Learner, exam: int, minutes_per_day: float | None = None
) -> ExamPlan:
    """The plan for an exam in so many days (1 or more).

    Cards that are due before the last days keep their day, what is overdue is spread over those
    before them, and all others come in the last days, the most stable first. New cards are begun
    early enough for all of them to be seen again.
    """
    last_days = _find_last_days(len(cards), learner, exam, minutes_per_day)
    begins = exam - last_days
    due = cards.due.copy()
    _spread(cards, due, begins, exam)
    waiting = int(cards.is_new.sum())
    new_per_day = math.ceil(waiting / max(begins, 1))
    without = dataclasses.replace(learner.conditions, days=max(learner.conditions.days, exam))
    within = dataclasses.replace(
        without, exam=exam, last_days=last_days, new_per_day=max(new_per_day, without.new_per_day)
    )
    proposal = propose(cards, due, learner, without, within)
    minutes = proposal.after.minutes
    return ExamPlan(
        proposal,
        last_days,
        new_per_day,
        proposal.before.recall_on(exam),
        proposal.after.recall_on(exam),
        float(max(minutes[:exam].mean(), minutes[begins:exam].mean())),
    )


def find_earliest_exam(
    cards: Cards, learner: Learner, exam: int, minutes_per_day: float
) -> int | None:
    """The earliest day after `exam` for which the minutes are enough; None within two years."""
    low, high = exam, 2 * exam
    while not plan_exam(cards, learner, min(high, MAX_EXAM), minutes_per_day).fits(minutes_per_day):
        if high >= MAX_EXAM:
            return None
        low, high = high, 2 * high
    high = min(high, MAX_EXAM)
    while high - low > max(1, exam // 20):
        middle = (low + high) // 2
        if plan_exam(cards, learner, middle, minutes_per_day).fits(minutes_per_day):
            high = middle
        else:
            low = middle
    return high


def find_retention(
    cards: Cards, learner: Learner, exam: int, minutes_per_day: float
) -> float | None:
    """The highest retention, below the deck's, at which the minutes are enough; None: none is."""
    for retention in RETENTIONS:
        if retention < learner.conditions.retention:
            less = dataclasses.replace(learner.conditions, retention=retention)
            plan = plan_exam(
                cards, dataclasses.replace(learner, conditions=less), exam, minutes_per_day
            )
            if plan.fits(minutes_per_day):
                return retention
    return None


def _find_last_days(count: int, learner: Learner, exam: int, minutes_per_day: float | None) -> int:
    """As many as it takes to see every card once, within bounds."""
    wanted = MIN_LAST_DAYS
    if minutes_per_day:
        seconds = learner.habits.seconds_a_review(learner.conditions.retention)
        wanted = math.ceil(count * seconds / (ROOM * 60 * minutes_per_day))
    return min(max(wanted, MIN_LAST_DAYS), MAX_LAST_DAYS, exam)


def _spread(cards: Cards, due: Whole, begins: int, exam: int) -> None:
    known = ~cards.is_new
    overdue = np.flatnonzero((cards.due < 0) & known)
    if begins > 0 and len(overdue):
        loads = count_loads(cards.due[known], begins)
        order = overdue[np.argsort(cards.stability[overdue], kind="stable")]
        deal(order, fill_evenly(loads, len(overdue), range(begins)), due)
    last = np.flatnonzero(known & ((cards.due >= begins) | (begins <= 0)))
    order = last[np.argsort(-cards.stability[last], kind="stable")]
    nothing = np.zeros(exam, np.int64)
    deal(order, fill_evenly(nothing, len(last), range(max(begins, 0), exam)), due)
