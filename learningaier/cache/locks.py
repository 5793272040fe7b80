"""A lock in Redis that one caller holds while it computes a value.

It lives for `LOCK_SECONDS` and is renewed while its holder lives; when the holder dies, the next
who asks takes over within that time. redis-py's `Lock` names its holder, so that a holder which
stalled for too long neither renews nor releases what is its successor's by then.
"""

import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from redis.exceptions import LockError
from redis.lock import Lock

from learningaier.cache.connection import CacheDown, cache_client

LOCK_SECONDS = 3.0
RENEWALS_PER_LIFE = 3


class RenewedLock:
    """The right to compute one key's value. `with lock:` keeps it, then lets it go."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._lock: Any = None
        self._is_over = threading.Event()
        self._renewer = threading.Thread(target=self._renew, daemon=True)

    def acquire(self) -> bool:
        """Try to get the lock, without waiting. Raises: CacheDown."""
        with cache_client() as client:
            # The renewer is another thread, so the token must not belong to one alone.
            self._lock = Lock(client, self.key, timeout=LOCK_SECONDS, thread_local=False)
            return bool(self._lock.acquire(blocking=False))

    def __enter__(self) -> Self:
        self._renewer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        # Without Redis the lock ends by itself; after a stall it is another's.
        with suppress(CacheDown, LockError), cache_client():
            self._lock.release()

    def _renew(self) -> None:
        with suppress(CacheDown, LockError):
            while not self._is_over.wait(LOCK_SECONDS / RENEWALS_PER_LIFE):
                with cache_client():
                    self._lock.reacquire()
