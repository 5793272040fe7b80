"""FSRS' parameters, fitted to how one learner forgets, by fsrs-rs, the reference trainer in Rust.

A pure module: no database. The trainer comes with the extra `fit` and may not be there: nothing
else depends on it, and whoever asks for a fit asks `is_available` first.

The model and its training are described at
https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm.
"""

import functools
import heapq
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from flashcards.calibration import Bin, calibrate, predict_recalls
from flashcards.memory import Memory
from flashcards.scheduling import Parameters

try:
    import fsrs_rs_python
except ImportError:
    trainer: Any = None
else:
    trainer = fsrs_rs_python

logger = logging.getLogger(__name__)

MIN_INITIAL, MIN_ALL = 8, 64  # usable reviews for the initial stabilities, and for all parameters
MAX_ITEMS = 100_000  # the latest; 81,000 were fitted in 0.6 s and 28 MiB
HELD_OUT = 5  # one item in so many, the latest ones, judges the fit
INITIAL = 4  # parameters are the stabilities after a first review


@functools.cache
def is_available() -> bool:
    """Whether there is a trainer. Where there is none, the log of the process says so once."""
    if trainer is None:
        logger.warning("fitting_is_off", extra={"missing": "fsrs-rs-python"})
    return trainer is not None


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating of a card. `days`: since the rating before, 0 for the first."""

    at: datetime
    rating: int
    days: float


History = Sequence[Rated]


@dataclass(frozen=True)
class Calibration:
    """Predicted and true recall on the reviews held out, by the fit and by what counted before."""

    fitted: list[Bin]
    before: list[Bin]


@dataclass(frozen=True)
class Fit:
    """What a fit has found.

    `parameters`: FSRS-6's 21; None where they predict no better than what counted before; `scope`:
    which of them were fitted (none, initial, all); `usable`: reviews that tell how something is
    forgotten. The losses are mean log losses of recall (nats a review) on the latest fifth, which
    the judge has not seen; None where nothing was fitted.
    """

    parameters: Parameters | None
    scope: str
    usable: int
    loss: float | None = None
    default_loss: float | None = None
    calibration: Calibration | None = None


def fit_parameters(histories: Sequence[History], before: Parameters | None = None) -> Fit:
    """Fit to cards' whole histories, each in order.

    `before`: the parameters that count without the fit, None: FSRS' own. Reviews on the day of the
    one before tell nothing about forgetting; they count as history only. Under 8 usable reviews
    nothing is fitted, under 64 only the stabilities after a first review. The trainer has to be
    available.
    """
    places = _find_items(histories)
    if len(places) < MIN_INITIAL:
        return Fit(None, "none", len(places))
    scope = "all" if len(places) >= MIN_ALL else "initial"
    items = [trainer.FSRSItem(_history(histories[card][: place + 1])) for _, card, place in places]
    split = len(items) - len(items) // HELD_OUT
    usual = tuple(before or trainer.DEFAULT_PARAMETERS)
    early, late = _train(items[:split], scope, usual), items[split:]
    loss, default_loss = _loss(early, late), _loss(usual, late)
    held_out = [(card, place) for _, card, place in places[split:]]
    return Fit(
        _train(items, scope, usual) if loss < default_loss else None,
        scope,
        len(items),
        loss,
        default_loss,
        Calibration(*(_calibrate(histories, held_out, one) for one in (early, usual))),
    )


def _find_items(histories: Sequence[History]) -> list[tuple[datetime, int, int]]:
    """Time, card and place of each review that follows another by a day or more, the latest."""
    usable = (
        (one.at, card, place)
        for card, history in enumerate(histories)
        for place, one in enumerate(history)
        if place and int(one.days) > 0
    )
    return sorted(heapq.nlargest(MAX_ITEMS, usable))


def _history(rated: History) -> list[Any]:
    return [trainer.FSRSReview(one.rating, int(one.days)) for one in rated]


def _calibrate(
    histories: Sequence[History], places: Sequence[tuple[int, int]], parameters: Parameters
) -> list[Bin]:
    numbers = {card: number for number, card in enumerate(sorted({card for card, _ in places}))}
    starts: dict[int, int] = {}
    rows: list[tuple[int, float, int]] = []
    for card, number in numbers.items():
        starts[card] = len(rows)
        rows += [(number, float(int(one.days)), one.rating) for one in histories[card]]
    cards, days, ratings = (np.asarray(column) for column in zip(*rows, strict=True))
    recalls = predict_recalls(Memory(parameters), cards, days, ratings)
    at = np.asarray([starts[card] + place for card, place in places])
    return calibrate(recalls[at], ratings[at] > 1)


def _train(items: Sequence[Any], scope: str, usual: Parameters) -> Parameters:
    found = trainer.FSRS(trainer.DEFAULT_PARAMETERS).compute_parameters(items)
    if scope == "initial":
        found = (*found[:INITIAL], *usual[INITIAL:])
    # Single precision leaves some a hair outside of what the scheduler takes.
    bounds = zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    return tuple(
        min(max(value, low), high) for value, (low, high) in zip(found, bounds, strict=True)
    )


def _loss(parameters: Sequence[float], items: Sequence[Any]) -> float:
    return float(trainer.FSRS(parameters).evaluate(items).log_loss)
