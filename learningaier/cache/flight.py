"""A lock in Redis that one caller holds while it computes a value.

It lives for `LOCK_SECONDS` and is renewed while its holder lives; when the holder dies, the next
who asks takes over within that time.
"""

import secrets
import threading
from types import TracebackType
from typing import Self

from learningaier.cache import connection
from learningaier.cache.connection import CacheDown

LOCK_SECONDS = 3.0
RENEWALS_PER_LIFE = 3

RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""


class Flight:
    """The right to compute one key's value. `with flight:` keeps it, then lets it go."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._token = secrets.token_hex(8)
        self._is_over = threading.Event()
        self._renewer = threading.Thread(target=self._renew, daemon=True)

    def take(self) -> bool:
        """Try to get the lock. Raises: CacheDown."""
        milliseconds = int(LOCK_SECONDS * 1000)
        return bool(
            connection.call(
                lambda client: client.set(self.key, self._token, nx=True, px=milliseconds)
            )
        )

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
        try:
            connection.call(
                lambda client: client.register_script(RELEASE)(keys=[self.key], args=[self._token])
            )
        except CacheDown:
            return  # the lock ends by itself

    def _renew(self) -> None:
        while not self._is_over.wait(LOCK_SECONDS / RENEWALS_PER_LIFE):
            try:
                connection.call(lambda client: client.expire(self.key, int(LOCK_SECONDS)))
            except CacheDown:
                return
