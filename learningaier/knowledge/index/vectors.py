"""The port to the index of vectors, and the choice of one.

VectorIndexError         the index can't be searched now; bounded time has been spent trying
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from learningaier.ai.embedders import Vectors


class VectorIndexError(Exception):
    """The index does not answer; the keyword leg answers alone."""


class VectorIndex(Protocol):
    """Finds an owner's chunks by meaning. No owner ever meets another's.

    `add` and `drop` belong to the caller's transaction: either they come true with it, at once or
    soon after, or not at all.
    """

    def add(self, owner_id: UUID, embedder: str, vectors: Mapping[int, Vectors]) -> None:
        """Keep the vectors of chunks, by chunk id; replaces those of the same embedder."""

    def drop(self, owner_id: UUID, chunk_ids: Sequence[int]) -> None:
        """Forget chunks that are about to be deleted, whatever the embedder."""

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
    """The index of this installation."""
    from learningaier.knowledge.index.postgres import PostgresVectors  # noqa: PLC0415  a choice

    return PostgresVectors()
