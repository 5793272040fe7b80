"""Vectors of sentences while a learner waits: as many as there is time for, each computed once.

What has been embedded is kept in Redis for LIFETIME, so the next question about the same passages
costs little. Without Redis it is computed again.
"""

import hashlib
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import numpy as np
from django.conf import settings

from learningaier.ai.embedders import Embedder, Vectors
from learningaier.cache import keys
from learningaier.cache.connection import CacheDown, cache_client

LIFETIME = timedelta(hours=6)
STORED = np.float16
AT_ONCE = 4  # texts for an embedder in this process, between two looks at the clock


def embed_in_time(embedder: Embedder, texts: Sequence[str], *, seconds: float) -> list[Vectors]:
    """Vectors of the first texts, at least of those that are kept; the rest had no time.

    Raises: EmbedderError.
    """
    ends_at = time.monotonic() + seconds
    names = [_name(embedder, text) for text in texts]
    known = _read(names)
    missing = [at for at, name in enumerate(names) if name not in known]
    size = AT_ONCE if embedder.traits.is_slow else embedder.traits.batch
    fresh: dict[str, Vectors] = {}
    for first in range(0, len(missing), size):
        if time.monotonic() >= ends_at:
            break
        batch = missing[first : first + size]
        rows = embedder.embed([texts[at] for at in batch])
        fresh |= {names[at]: row for at, row in zip(batch, rows, strict=True)}
    _write(fresh)
    known |= fresh
    there = [name in known for name in names] + [False]
    return [known[name] for name in names[: there.index(False)]]


def _name(embedder: Embedder, text: str) -> str:
    digest = hashlib.blake2b(f"{embedder.name}\0{text}".encode("utf-8", "replace"), digest_size=16)
    return keys.sentence_vector(digest.hexdigest())


def _read(names: Sequence[str]) -> dict[str, Vectors]:
    if not names or not settings.ENABLE_REDIS_CACHE:
        return {}
    try:
        with cache_client() as client:
            found: list[Any] = client.mget(names)
    except CacheDown:
        return {}
    return {
        name: np.frombuffer(value, STORED).astype(np.float32)
        for name, value in zip(names, found, strict=True)
        if value is not None
    }


def _write(vectors: dict[str, Vectors]) -> None:
    if not vectors or not settings.ENABLE_REDIS_CACHE:
        return
    try:
        with cache_client() as client:
            asked = client.pipeline(transaction=False)
            for name, vector in vectors.items():
                asked.set(name, vector.astype(STORED).tobytes(), ex=LIFETIME)
            asked.execute()
    except CacheDown:
        return
