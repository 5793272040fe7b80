"""FSRS' parameters, fitted to how one learner forgets, by fsrs-rs, the reference trainer in Rust.

A pure module: no database. The trainer comes with the extra `fit` and may not be there: nothing
else depends on it, and whoever asks for a fit asks `is_available` first.

The model and its training are described at
https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm.
"""

import functools
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fsrs.scheduler import LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS

from flashcards.scheduling import Parameters

try:
    import fsrs_rs_python
except ImportError:
    trainer: Any = None
else:
    trainer = fsrs_rs_python

logger = logging.getLogger(__name__)

MIN_ITEMS = 400  # below, a fit says more about chance than about the learner
MAX_ITEMS = 100_000  # the latest; 81,000 were fitted in 0.6 s and 28 MiB
HELD_OUT = 5  # one item in so many, the latest ones, judges the fit


@functools.cache
def is_available() -> bool:
    """Whether there is a trainer. Where there is none, the log of the process says so once."""
    if trainer is None:
        logger.warning("fitting_is_off", extra={"missing": "fsrs-rs-python"})
    return trainer is not None


@dataclass(frozen=True)
class Rated:
    """One rating of a card. `days`: since the rating before, 0 for the first."""

    at: datetime
    rating: int
    days: float


@dataclass(frozen=True)
class Fit:
    """What a fit has found.

    `parameters`: FSRS-6's 21; None where they predict no better than the defaults. The losses are
    mean log losses of recall (nats a review) on the latest fifth, which the judge has not seen.
    """

    parameters: Parameters | None
    loss: float
    default_loss: float


def fit_parameters(histories: Iterable[Sequence[Rated]]) -> Fit | None:
    """Fit to cards' whole histories, each in order. Returns: None if reviews are too few.

    Reviews on the day of the one before tell nothing about forgetting; they count as history only.
    The trainer has to be available.
    """
    items = sorted(_items(histories), key=lambda item: item[0])[-MAX_ITEMS:]
    if len(items) < MIN_ITEMS:
        return None
    examples = [item for _, item in items]
    split = -len(examples) // HELD_OUT
    late = examples[split:]
    default_loss = _loss(trainer.DEFAULT_PARAMETERS, late)
    loss = _loss(_train(examples[:split]), late)
    return Fit(_train(examples) if loss < default_loss else None, loss, default_loss)


def _items(histories: Iterable[Sequence[Rated]]) -> Iterator[tuple[datetime, Any]]:
    """Each review that follows another by a day or more, with all that went before it."""
    for history in histories:
        reviews = [trainer.FSRSReview(one.rating, int(one.days)) for one in history]
        for place, one in enumerate(history[1:], 2):
            if int(one.days) > 0:
                yield one.at, trainer.FSRSItem(reviews[:place])


def _train(items: Sequence[Any]) -> Parameters:
    found = trainer.FSRS(trainer.DEFAULT_PARAMETERS).compute_parameters(items)
    # Single precision leaves some a hair outside of what the scheduler takes.
    bounds = zip(LOWER_BOUNDS_PARAMETERS, UPPER_BOUNDS_PARAMETERS, strict=True)
    return tuple(
        min(max(value, low), high) for value, (low, high) in zip(found, bounds, strict=True)
    )


def _loss(parameters: Sequence[float], items: Sequence[Any]) -> float:
    return float(trainer.FSRS(parameters).evaluate(items).log_loss)
