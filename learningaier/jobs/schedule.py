"""Work that recurs. An app adds its own in `AppConfig.ready`; `manage.py scheduler` runs it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from prometheus_client import Counter

logger = logging.getLogger(__name__)

RUNS = Counter(
    "learningaier_recurring_total",
    "Calls of what recurs, by task and result (ok, failed).",
    ["task", "result"],
)


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
        name, result = task.function.__name__, "ok"
        try:
            task.function()
        except Exception:
            result = "failed"
            logger.exception("recurring_failed", extra={"task": name})
        RUNS.labels(name, result).inc()
