"""A row of work as server-sent events: a message whenever it changes, until the work has ended.

Each stream holds a thread of the web process, so only some may be watched to their end at a time;
the others get the present state and are told to ask again, as an EventSource does by itself.
"""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol, TypeVar

from learningaier.api.events import HEARTBEAT, event
from learningaier.core.database import release_connection
from learningaier.server.threads import THREADS

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 15.0  # below the idle time-outs of proxies
MAX_SECONDS = 600.0
RETRY_MILLISECONDS = 2000
MAX_WATCHED = THREADS // 4  # streams of this process

_places = threading.BoundedSemaphore(MAX_WATCHED)


class Work(Protocol):
    """Something that ends."""

    @property
    def is_over(self) -> bool:
        """Whether nothing will change any more."""


Row = TypeVar("Row", bound=Work)


def watch_row(read: Callable[[], Row | None], show: Callable[[Row], Any]) -> Iterator[bytes]:
    """The events of a row that `read` finds and `show` turns into JSON data.

    They end with the work, with the row, or after `MAX_SECONDS`.
    """
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    is_watched = _places.acquire(blocking=False)
    try:
        yield from _watch(read, show, MAX_SECONDS if is_watched else 0.0)
    finally:
        if is_watched:
            _places.release()


def _watch(
    read: Callable[[], Row | None], show: Callable[[Row], Any], seconds: float
) -> Iterator[bytes]:
    ends_at = time.monotonic() + seconds
    last, sent_at = b"", time.monotonic()
    while (row := read()) is not None:
        message = event(show(row))
        release_connection()  # none is kept while nothing is asked
        if message != last:
            yield message
            last, sent_at = message, time.monotonic()
        elif time.monotonic() - sent_at >= HEARTBEAT_SECONDS:
            yield HEARTBEAT
            sent_at = time.monotonic()
        if row.is_over or time.monotonic() >= ends_at:
            return
        time.sleep(POLL_SECONDS)
