"""The way to Redis, with a short memory of its death.

A request must not wait for a Redis that has just been found dead by another. After a failure this
process does not ask again for `MEMORY_SECONDS`; then one thread tries, the others still pass by.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django_redis import get_redis_connection
from prometheus_client import Counter
from redis import Redis, exceptions

logger = logging.getLogger(__name__)

MEMORY_SECONDS = 0.5
FAILURES = Counter("learningaier_redis_failures_total", "Calls of Redis that failed.", ["error"])
SPARED = Counter("learningaier_redis_spared_total", "Calls not made, as Redis had just failed.")

# BusyLoadingError is a ConnectionError: Redis is there, but still reads its data.
UNREACHABLE = (exceptions.ConnectionError, exceptions.TimeoutError, exceptions.ReadOnlyError)

Result = TypeVar("Result")


class CacheDown(Exception):
    """Redis does not answer; the caller goes on without it."""


class _Breaker:
    """Lets calls through while Redis answers, and one at a time after it has not."""

    def __init__(self) -> None:
        self._dead_until = 0.0
        self._is_probing = threading.Lock()

    def call(self, operation: Callable[[], Result]) -> Result:
        if not self._dead_until:
            return self._attempt(operation)
        if time.monotonic() < self._dead_until or not self._is_probing.acquire(blocking=False):
            SPARED.inc()
            raise CacheDown
        try:
            return self._attempt(operation)
        finally:
            self._is_probing.release()

    def _attempt(self, operation: Callable[[], Result]) -> Result:
        try:
            result = operation()
        except UNREACHABLE as error:
            self._note_death(error)
            raise CacheDown from error
        if self._dead_until:
            self._dead_until = 0.0
            logger.info("redis_back")
        return result

    def _note_death(self, error: Exception) -> None:
        FAILURES.labels(type(error).__name__).inc()
        if not self._dead_until:
            logger.warning("redis_down", extra={"error": type(error).__name__})
        self._dead_until = time.monotonic() + MEMORY_SECONDS


_breaker = _Breaker()


def call(operation: Callable[[Redis], Result]) -> Result:
    """Run one operation on Redis.

    Raises: CacheDown when Redis can't be reached, or could not be a moment ago.
    """
    client: Any = get_redis_connection("default")
    return _breaker.call(lambda: operation(client))
