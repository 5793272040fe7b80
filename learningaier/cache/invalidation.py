"""Making cached values old, even while Redis is away.

`invalidate` is one INCR a version. Where Redis does not answer, the version is written down in the
database; `replay_lost` renews it as soon as Redis is back: by the scheduler, and by every process
that had seen Redis dead before it reads from it again.
"""

import logging
import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from prometheus_client import Counter

from learningaier.cache.connection import CacheDown, cache_client
from learningaier.cache.models import LostInvalidation

logger = logging.getLogger(__name__)

LOST = Counter("learningaier_cache_invalidations_lost_total", "Invalidations put off for Redis.")

VERSION_LIFETIME = timedelta(days=30)
MAX_START = 2**52  # leaves room below Redis' 64-bit limit for every INCR there will ever be


def invalidate(*version_keys: str) -> None:
    """Make every value of these versions a miss, from now on and for slow readers too.

    Also while ENABLE_REDIS_CACHE is off, so that nothing old is there when it is on again.
    """
    try:
        with cache_client() as client:
            _advance(client, version_keys)
    except CacheDown:
        if not settings.ENABLE_REDIS_CACHE:
            return
        LOST.inc(len(version_keys))
        LostInvalidation.objects.bulk_create(
            [LostInvalidation(version_key=key) for key in version_keys], ignore_conflicts=True
        )


def replay_lost(client: Any) -> int:
    """Renew the versions that could not be renewed. Returns: how many there were.

    The rows are gone before the versions are renewed, and both or neither is done: a process that
    writes a key down meanwhile waits, and then its row stays for the next replay. So does one that
    replays meanwhile, which must not read before the versions are new.
    """
    with transaction.atomic():
        lost = list(LostInvalidation.objects.order_by("pk").select_for_update())
        if lost:
            LostInvalidation.objects.filter(pk__in=[entry.pk for entry in lost]).delete()
            _advance(client, tuple(entry.version_key for entry in lost))
            logger.info("invalidations_replayed", extra={"count": len(lost)})
    return len(lost)


def replay_if_back() -> None:
    """What the scheduler calls every second."""
    with suppress(CacheDown), cache_client() as client:
        replay_lost(client)


def begin_version(client: Any, version_key: str) -> int:
    """A number for a version that Redis does not have, or has no more; no number ever returns."""
    client.set(version_key, _fresh_start(), nx=True, ex=VERSION_LIFETIME)
    return int(client.get(version_key) or 0)


def _advance(client: Any, version_keys: tuple[str, ...]) -> None:
    pipeline = client.pipeline(transaction=False)
    for key in version_keys:
        pipeline.set(key, _fresh_start(), nx=True, ex=VERSION_LIFETIME)
        pipeline.incr(key)
        pipeline.expire(key, VERSION_LIFETIME)
    pipeline.execute()


def _fresh_start() -> int:
    return secrets.randbelow(MAX_START)
