"""Giving every chunk a vector of the configured embedder, while the old vectors serve."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from learningaier.ai.embedders import Vectors
from learningaier.ai.providers import get_embedder
from learningaier.knowledge.index.backend import get_vector_index
from learningaier.knowledge.index.jobs import enqueue_delivery
from learningaier.knowledge.models import Chunk, Embedding, VectorState


def configured_key() -> str:
    """Under which name the vectors of the configured embedder and index stand."""
    return get_vector_index().key(get_embedder().name)


def chunks_without(key: str) -> QuerySet[Chunk]:
    """The chunks that have no vector of this name."""
    there = Embedding.objects.filter(chunk=OuterRef("pk"), embedder=key)
    return Chunk.objects.filter(~Exists(there))


def embed_missing(key: str, size: int | None = None) -> Iterator[int]:
    """Embed what is missing, the oldest chunks first, and say after each batch how many it was.

    `size`: chunks of a batch; as many as suit the embedder where none is given.
    Each batch is a transaction: killed at any time, the next run goes on from there.
    Raises: EmbedderError.
    """
    last, most = 0, size or get_embedder().traits.batch
    while batch := list(_next(key, last)[:most]):
        last = batch[-1].pk
        _embed(batch)
        yield len(batch)


def switch(key: str) -> int:
    """Serve the vectors of this name from now on, unless chunks without one have come meanwhile.

    Writers wait for the moment that the switch takes. Returns: how many are missing; 0: switched.
    """
    if missing := chunks_without(key).count():
        return missing
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE knowledge_chunk IN SHARE MODE")
        missing = chunks_without(key).count()
        if not missing:
            fields = {"embedder": key, "dimensions": get_embedder().dimensions}
            VectorState.objects.update_or_create(id=1, defaults=fields)
    return missing


def prune(key: str) -> int:
    """Delete the vectors of all other names. Returns: how many."""
    deleted = 0
    others = Embedding.objects.exclude(embedder=key)
    while ids := list(others.values_list("pk", flat=True)[:10_000]):
        deleted += Embedding.objects.filter(pk__in=ids).delete()[0]
    return deleted


def _next(key: str, last: int) -> QuerySet[Chunk]:
    rows = chunks_without(key).filter(pk__gt=last).select_related("material")
    return rows.defer("packed_sentences").order_by("pk")


def _embed(chunks: list[Chunk]) -> None:
    embedder, index = get_embedder(), get_vector_index()
    vectors = embedder.embed([chunk.searched for chunk in chunks])
    by_owner: dict[object, dict[int, Vectors]] = defaultdict(dict)
    for chunk, vector in zip(chunks, np.asarray(vectors), strict=True):
        by_owner[chunk.owner_id][chunk.pk] = vector
    with transaction.atomic():
        present = set(
            Chunk.objects.select_for_update(no_key=True)
            .filter(pk__in=[chunk.pk for chunk in chunks])
            .values_list("pk", flat=True)
        )
        for owner_id, owned in by_owner.items():
            kept = {pk: vector for pk, vector in owned.items() if pk in present}
            index.add(owner_id, embedder.name, kept)  # type: ignore[arg-type]  # a UUID
            enqueue_delivery(owner_id)  # type: ignore[arg-type]
