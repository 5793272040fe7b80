"""The port to the index of vectors, and the choice of one.

VectorIndexError         the index can't be searched now; bounded time has been spent trying
"""

import functools
import os
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from django.conf import settings

from learningaier.ai.embedders import Vectors


class VectorIndexError(Exception):
    """The index does not answer; the keyword leg answers alone."""


class VectorIndex(Protocol):
    """Finds an owner's chunks by meaning. No owner ever meets another's.

    For each vector there is an `Embedding` row, wherever the vector itself is: a chunk without one
    is to be embedded still, and with the row, however it goes, the vector goes.
    """

    def key(self, embedder: str) -> str:
        """Under which name the rows of an embedder stand: vectors of two keys never meet."""

    def add(self, owner_id: UUID, embedder: str, vectors: Mapping[int, Vectors]) -> None:
        """Keep the vectors of chunks, by chunk id; replaces those of the same embedder.

        Part of the caller's transaction: they come true with it, at once or soon after.
        """

    def find(
        self,
        owner_id: UUID,
        embedder: str,
        vector: Vectors,
        *,
        limit: int,
        material_ids: Sequence[UUID] | None = None,
    ) -> dict[int, float]:
        """Cosine similarity of the nearest chunks, by chunk id.

        `material_ids`: the only notes and documents that count; None for all.
        Raises: VectorIndexError.
        """


@functools.cache
def get_vector_index() -> VectorIndex:
    """The index of this installation; no other is imported."""
    if settings.PINECONE_API_KEY:
        from learningaier.knowledge.index.pinecone import PineconeVectors  # noqa: PLC0415  a choice

        return PineconeVectors(host=settings.PINECONE_INDEX_HOST, key=settings.PINECONE_API_KEY)
    from learningaier.knowledge.index.postgres import PostgresVectors  # noqa: PLC0415  a choice

    return PostgresVectors()


# Connections and threads do not survive a fork: a child makes its own.
os.register_at_fork(after_in_child=get_vector_index.cache_clear)
