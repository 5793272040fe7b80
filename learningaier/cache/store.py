"""Cached values that can't be stale.

Each value carries the version of what it was computed from. A read fetches value and version in
one MGET; a value of another version is a miss. A write to the data is followed by one INCR of the
version, whatever the number of values, and a slow reader that began before it stores its result
under the old version, where nobody believes it.

A version that Redis has dropped (it may evict any key with a lifetime) starts again at a random
number, so no number ever comes back.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings
from prometheus_client import Counter

from learningaier.cache import connection, keys
from learningaier.cache.connection import CacheDown
from learningaier.cache.invalidation import begin_version
from learningaier.cache.locks import RenewedLock

LOOKUPS = Counter("learningaier_cache_lookups_total", "Cache reads by kind.", ["kind", "result"])

POLL_SECONDS = 0.02


@dataclass(frozen=True)
class VersionedKey:
    """Where a value lives: its key, the key of its version, and how long it is kept."""

    key: str
    version_key: str
    lifetime: timedelta

    @property
    def kind(self) -> str:
        """The first part of the key, by which hits are counted."""
        return self.key.partition(":")[0]


@dataclass(frozen=True)
class Computed:
    """A freshly computed value; one that is not `is_cacheable` is given out but not kept."""

    value: Any
    is_cacheable: bool = True


def get_or_compute(key: VersionedKey, compute: Callable[[], Computed]) -> tuple[Any, bool]:
    """The value of a key, computed by one caller at a time.

    Returns: the value, and whether it came from the cache.
    Without Redis, or with ENABLE_REDIS_CACHE off, every call computes.
    """
    if not settings.ENABLE_REDIS_CACHE:
        return compute().value, False
    try:
        value, _ = _read(key)
    except CacheDown:
        LOOKUPS.labels(key.kind, "down").inc()
        return compute().value, False
    LOOKUPS.labels(key.kind, "miss" if value is None else "hit").inc()
    if value is not None:
        return value, True
    return _compute_alone(key, compute)


def _read(key: VersionedKey) -> tuple[Any, int]:
    """The value if it is current, else None; and the version to compute under."""
    stored, version = connection.call(lambda client: client.mget(key.key, key.version_key))
    if version is None:
        return None, connection.call(lambda client: begin_version(client, key.version_key))
    if stored is not None:
        envelope = orjson.loads(stored)
        if envelope["version"] == int(version):
            return envelope["value"], int(version)
    return None, int(version)


def _compute_alone(key: VersionedKey, compute: Callable[[], Computed]) -> tuple[Any, bool]:
    """Compute if nobody else does; otherwise wait for the other's value, or take over from it.

    Who gets the lock looks once more: its last holder may have stored the value just before.
    """
    lock = RenewedLock(keys.lock(key.key))
    try:
        while not lock.acquire():
            time.sleep(POLL_SECONDS)
            value, _ = _read(key)
            if value is not None:
                return value, True
        with lock:
            value, version = _read(key)
            if value is not None:
                return value, True
            return _compute_and_store(key, version, compute), False
    except CacheDown:
        return compute().value, False


def _compute_and_store(key: VersionedKey, version: int, compute: Callable[[], Computed]) -> Any:
    computed = compute()
    if computed.is_cacheable:
        envelope = orjson.dumps({"version": version, "value": computed.value})
        try:
            connection.call(lambda client: client.set(key.key, envelope, ex=key.lifetime))
        except CacheDown:
            LOOKUPS.labels(key.kind, "down").inc()
    return computed.value
