"""Walking through the cache's keys, for operators; a request never does this."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.conf import settings

from learningaier.cache import keys
from learningaier.conf.stores import redis_client

TIMEOUT_SECONDS = 10
BATCH = 1000  # keys; small enough for Redis to serve others in between


def operator_client() -> Any:
    """A client that waits for a busy Redis, as a person does and a request must not."""
    return redis_client(settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS)


def find_keys(client: Any, pattern: str) -> Iterator[list[bytes]]:
    """The cache's own keys that match a SCAN pattern, in batches.

    Jobs and rate limits live in the same Redis by default; whatever the pattern, they are not
    the cache's and never come out of here.
    """
    prefixes = tuple(f"{kind}:".encode() for kind in keys.KINDS)
    matches = client.scan_iter(match=pattern, count=BATCH)
    ours = (key for key in matches if key.startswith(prefixes))
    while batch := list(islice(ours, BATCH)):
        yield batch


def patterns_of(kind: str, user_id: Any = None) -> list[str]:
    """The SCAN patterns of a kind (`all` for every one) and a user (None for every one)."""
    kinds = keys.KINDS if kind == "all" else (kind,)
    return [pattern for name in kinds for pattern in keys.patterns(name, user_id)]
