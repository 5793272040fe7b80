"""Server-sent events: their form, their headers, and how long work becomes a stream of them.

A stream holds a thread of the web process, so a `StreamLimiter` bounds how many of a kind
there are at a time, and requests of other kinds find threads too.
"""

import contextvars
import logging
import queue
import threading
from collections.abc import Callable, Generator, Iterable
from typing import Any

import orjson
from django.http import StreamingHttpResponse

from learningaier.core.database import release_connection
from learningaier.core.errors import NotAvailable

logger = logging.getLogger(__name__)

READY, HEARTBEAT = b": ready\n\n", b": still here\n\n"
HEARTBEAT_SECONDS = 2.0  # a client that has left is noticed by them

Events = Generator[bytes, None, None]


def event(data: Any, name: str = "") -> bytes:
    """An event with JSON data."""
    head = f"event: {name}\n".encode() if name else b""
    return head + b"data: " + orjson.dumps(data) + b"\n\n"


def event_response(events: Iterable[bytes]) -> StreamingHttpResponse:
    """A response that nobody on the way stores or holds back."""
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["Cache-Control"] = "no-cache"
    response["X-Accel-Buffering"] = "no"  # else nginx holds the events back
    return response


class StreamLimiter:
    """Places for streams of one kind in this process."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._free = threading.BoundedSemaphore(places)

    def stream(self, begin: Callable[[], Events], *, failure: bytes) -> Events:
        """Run `begin`, and what it returns in a thread of its own; the events come from there.

        `failure`: the event that ends a stream whose work has raised what nobody foresaw.

        The first byte is there at once. Between events come heartbeats, so that a client that has
        left is noticed; the work is closed at its next event then, empty ones (`b""`) included.
        Raises: NotAvailable (503) while all places are taken; whatever `begin` raises.
        """
        if not self._free.acquire(blocking=False):
            raise NotAvailable("Too many answers are being written. Try again in a moment.")
        try:
            work = _Work(begin(), failure, self._free.release)
        except BaseException:
            self._free.release()
            raise
        return work.follow()


class _Work:
    """Events on their way from the thread that makes them to the one that sends them."""

    def __init__(self, events: Events, failure: bytes, on_end: Callable[[], None]) -> None:
        self._events = events
        self._failure = failure
        self._on_end = on_end
        self._made: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._is_left = threading.Event()
        # In a copy of this context: log lines and spans belong to the request.
        run = contextvars.copy_context().run
        threading.Thread(target=run, args=(self._make,), daemon=True).start()

    def follow(self) -> Events:
        yield READY
        release_connection()
        try:
            while (made := self._next()) is not None:
                yield made
        finally:
            self._is_left.set()

    def _next(self) -> bytes | None:
        try:
            return self._made.get(timeout=HEARTBEAT_SECONDS)
        except queue.Empty:
            return HEARTBEAT

    def _make(self) -> None:
        try:
            for made in self._events:
                if self._is_left.is_set():
                    break
                if made:
                    self._made.put(made)
            self._events.close()
        except Exception:
            logger.exception("stream_failed")
            self._made.put(self._failure)
        finally:
            release_connection()
            self._on_end()
            self._made.put(None)
