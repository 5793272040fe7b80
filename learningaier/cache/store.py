"""Cached values that can't be stale.

Each value is a Redis hash: `value` (JSON), the `version` of what it was computed from, and facts of
it that scripts in Redis read without understanding JSON. A read fetches the hash and the present
version in one round trip; a value of another version is a miss. A write to the data is followed by
one INCR of the version, whatever the number of values, and a slow reader that began before it
stores its result under the old version, where nobody believes it.

A version that Redis has dropped (it may evict any key with a lifetime) starts again at a random
number, so no number ever comes back.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import orjson
from django.conf import settings
from prometheus_client import Counter

from learningaier.cache import keys
from learningaier.cache.connection import CacheDown, cache_client
from learningaier.cache.invalidation import begin_version
from learningaier.cache.locks import RenewedLock

LOOKUPS = Counter("learningaier_cache_lookups_total", "Cache reads by kind.", ["kind", "result"])

POLL_SECONDS = 0.02

# Lua: the named fields of a hash (after its version), and the present version. No fields where the
# hash is of another version; a key that an older release has filled with another type is a miss.
READ_CURRENT = """
local function read_current(key, version_key, ...)
  local version = redis.call('GET', version_key)
  local fields = redis.pcall('HMGET', key, 'version', ...)
  if not version or fields.err or fields[1] ~= version then return nil, version end
  return fields, version
end
"""
READ = (
    READ_CURRENT
    + """
local fields, version = read_current(KEYS[1], KEYS[2], 'value')
if not version then return false end
if not fields or not fields[2] then return {version} end
return {version, fields[2]}
"""
)


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
    """A freshly computed value; one that is not `is_cacheable` is given out but not kept.

    `facts`: fields of the hash beside `value` and `version`.
    """

    value: Any
    is_cacheable: bool = True
    facts: Mapping[str, str | int] = field(default_factory=dict)


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
    with cache_client() as client:
        reply = client.register_script(READ)(keys=[key.key, key.version_key])
        if reply is None:
            return None, begin_version(client, key.version_key)
    version, *found = reply
    return orjson.loads(found[0]) if found else None, int(version)


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
        try:
            _store(key, version, computed)
        except CacheDown:
            LOOKUPS.labels(key.kind, "down").inc()
    return computed.value


def _store(key: VersionedKey, version: int, computed: Computed) -> None:
    """Replace the hash as a whole, whatever was there: fields and lifetime come at once."""
    fields: dict[Any, Any] = {**computed.facts, "version": version}
    fields["value"] = orjson.dumps(computed.value)
    with cache_client() as client:
        changed = client.pipeline(transaction=True)
        changed.unlink(key.key)
        changed.hset(key.key, mapping=fields)
        changed.expire(key.key, key.lifetime)
        changed.execute()
