"""The port to the index of vectors.

VectorIndexError         the index can't be searched now; bounded time has been spent trying
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable
from uuid import UUID

from learningaier.ai.embedders import Vectors
from learningaier.knowledge.models import PendingVector


class VectorIndexError(Exception):
    """The index does not answer; keywords answer alone."""


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


@runtime_checkable
class RemoteVectorIndex(VectorIndex, Protocol):
    """An index outside the database: `add` writes down what a job delivers after the commit."""

    def upsert(self, owner_id: UUID, rows: Sequence[PendingVector]) -> None:
        """Send vectors whose chunks are there. Raises: VectorIndexError."""

    def forget(self, owner_id: UUID, ids: Sequence[str]) -> set[str]:
        """Delete vectors. Returns: those that can still be seen. Raises: VectorIndexError."""

    def forget_owner(self, owner_id: UUID) -> None:
        """Delete everything of an owner. Raises: VectorIndexError."""


def vector_id(row: PendingVector) -> str:
    """What the row's vector is called in a remote index."""
    digest = hashlib.blake2b(row.embedder.encode(), digest_size=4).hexdigest()
    return f"{row.chunk_id}-{digest}"
