"""The way to Redis, with a short memory of its death.

A request must not wait for a Redis that has just been found dead by another. After a failure this
process does not ask again for `MEMORY_SECONDS`; then one thread tries, the others still pass by.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import DatabaseError
from django_redis import get_redis_connection
from prometheus_client import Counter
from redis import Redis, exceptions

logger = logging.getLogger(__name__)

MEMORY_SECONDS = 0.5
FAILURES = Counter("learningaier_redis_failures_total", "Calls of Redis that failed.", ["error"])
SPARED = Counter("learningaier_redis_spared_total", "Calls not made, as Redis had just failed.")

# BusyLoadingError is a ConnectionError: Redis is there, but still reads its data.
UNREACHABLE = (exceptions.ConnectionError, exceptions.TimeoutError, exceptions.ReadOnlyError)


class CacheDown(Exception):
    """Redis does not answer; the caller goes on without it."""


class _Breaker:
    """Lets calls through while Redis answers, and one at a time after it has not.

    `on_return` runs before anyone else's calls are let through again.
    """

    def __init__(self) -> None:
        self.on_return: Callable[[Redis], object] = lambda _client: None
        self._dead_until = 0.0
        self._is_probing = threading.Lock()

    @property
    def is_open(self) -> bool:
        return bool(self._dead_until)

    @contextmanager
    def client(self) -> Iterator[Redis]:
        is_probe = bool(self._dead_until)
        if is_probe and not self._may_probe():
            SPARED.inc()
            raise CacheDown
        try:
            client: Any = get_redis_connection("default")
            if is_probe:
                client.ping()
                self.on_return(client)
                self._dead_until = 0.0
                logger.info("redis_back")
            yield client
        except (*UNREACHABLE, DatabaseError) as error:
            # Without the database nobody knows what Redis has missed: it stays unread.
            self._note_death(error)
            raise CacheDown from error
        finally:
            if is_probe:
                self._is_probing.release()

    def _may_probe(self) -> bool:
        is_time = time.monotonic() >= self._dead_until
        return is_time and self._is_probing.acquire(blocking=False)

    def _note_death(self, error: Exception) -> None:
        FAILURES.labels(type(error).__name__).inc()
        if not self._dead_until:
            logger.warning("redis_down", extra={"error": type(error).__name__})
        self._dead_until = time.monotonic() + MEMORY_SECONDS


_breaker = _Breaker()


def cache_client() -> AbstractContextManager[Redis]:
    """A client of Redis for one operation: `with cache_client() as client: …`.

    Raises: CacheDown when Redis can't be reached, or could not be a moment ago; also in place of
    the client's own error when Redis goes away within the block.
    """
    return _breaker.client()


def is_down() -> bool:
    """Whether this process has found Redis dead and has not made good since what it missed."""
    return _breaker.is_open


def on_return(function: Callable[[Redis], object]) -> None:
    """Have a function called when Redis is back, before this process reads from it again."""
    _breaker.on_return = function
