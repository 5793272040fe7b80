"""Work that recurs. An app adds its own in `AppConfig.ready`; `manage.py scheduler` runs it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass
class Recurring:
    """A function to call every `seconds`; `due` is the monotonic time of the next call."""

    function: Callable[[], object]
    seconds: float
    due: float = 0.0


_recurring: list[Recurring] = []


def every(seconds: float, function: Callable[[], object]) -> None:
    """Have the scheduler call a function every so many seconds. It must bear being called twice."""
    _recurring.append(Recurring(function, seconds))


def run_due(now: float, tasks: Sequence[Recurring] = _recurring) -> None:
    """Call what is due; a failure is logged and tried again when it is due next."""
    for task in tasks:
        if now < task.due:
            continue
        task.due = now + task.seconds
        try:
            task.function()
        except Exception:
            logger.exception("recurring_failed", extra={"task": task.function.__name__})
