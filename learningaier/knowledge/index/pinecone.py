"""Pinecone: one namespace a user, through the real SDK. Text and postings stay in PostgreSQL.

What is to change there is written down beside the chunks, in their transaction, and sent by a
worker until the two agree (`deliver`). A vector's id is its chunk's and a digest of its embedder.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from pgvector import HalfVector
from pinecone import Pinecone, PineconeError
from pinecone.errors import NotFoundError

from learningaier.ai.breaker import Breaker
from learningaier.ai.embedders import Vectors
from learningaier.knowledge.index.vectors import VectorIndexError, vector_id
from learningaier.knowledge.models import Chunk, Embedding, PendingVector
from learningaier.observability import tracing

SEARCH_SECONDS, WRITE_SECONDS = 2.0, 20.0
MAX_ASKERS = 8  # searches of this process at a time
MAX_UPSERTED, MAX_BYTES = 1000, 1_500_000  # of a request; the service takes 1,000 and 2 MB
BYTES_A_NUMBER, BYTES_A_VECTOR = 22, 300  # as JSON
MAX_DELETED, MAX_FETCHED = 1000, 100
MAX_MATERIALS = 1000  # in a filter; larger scopes are narrowed here
WIDE_LIMIT = 1000  # vectors asked for, then

Item = TypeVar("Item")


class PineconeVectors:
    """A `VectorIndex` whose vectors are in Pinecone."""

    def __init__(self, *, host: str, key: str) -> None:
        self._index = Pinecone(api_key=key).index(host=host)
        self._askers = ThreadPoolExecutor(MAX_ASKERS, "pinecone")
        self._breaker = Breaker("pinecone", seconds=SEARCH_SECONDS)

    def key(self, embedder: str) -> str:
        """Apart from rows of the same embedder whose vectors are in PostgreSQL."""
        return f"{embedder}@pinecone"

    def add(self, owner_id: UUID, embedder: str, vectors: Mapping[int, Vectors]) -> None:
        """Write down what `delivery` is to send after the commit."""
        owned, key = {"owner_id": owner_id}, self.key(embedder)
        rows = [Embedding(chunk_id=pk, embedder=key, **owned) for pk in vectors]
        Embedding.objects.bulk_create(rows, batch_size=1000, ignore_conflicts=True)
        PendingVector.objects.bulk_create(
            [
                PendingVector(chunk_id=pk, embedder=key, vector=HalfVector(vector), **owned)
                for pk, vector in vectors.items()
            ],
            batch_size=1000,
        )

    def find(
        self,
        owner_id: UUID,
        embedder: str,
        vector: Vectors,
        *,
        limit: int,
        material_ids: Sequence[UUID] | None = None,
    ) -> dict[int, float]:
        """Ask the owner's namespace; nobody does while that has failed again and again."""
        if material_ids is not None and not material_ids:
            return {}
        if not self._breaker.allow():
            raise VectorIndexError("Pinecone has failed again and again.")
        is_wide = material_ids is not None and len(material_ids) > MAX_MATERIALS
        conditions: dict[str, Any] = {"embedder": {"$eq": self.key(embedder)}}
        if material_ids is not None and not is_wide:
            conditions["material"] = {"$in": [str(pk) for pk in material_ids]}
        try:
            with _our_errors(), tracing.span("query pinecone", kind="client"):
                reply = self._ask(
                    self._index.query,
                    namespace=str(owner_id),
                    vector=vector.tolist(),
                    top_k=WIDE_LIMIT if is_wide else limit,
                    filter=conditions,
                )
        except VectorIndexError:
            self._breaker.record_failure()
            raise
        self._breaker.record_success()
        found = {int(match.id.partition("-")[0]): float(match.score) for match in reply.matches}
        return _narrow(found, material_ids, limit) if is_wide else found

    def upsert(self, owner_id: UUID, rows: Sequence[PendingVector]) -> None:
        """Send vectors whose chunks are there. Raises: VectorIndexError."""
        chunks = Chunk.objects.filter(pk__in={row.chunk_id for row in rows})
        materials = dict(chunks.values_list("pk", "material_id"))
        vectors = [
            {
                "id": vector_id(row),
                "values": [float(number) for number in row.vector],
                "metadata": {"material": str(materials[row.chunk_id]), "embedder": row.embedder},
            }
            for row in rows
            if row.chunk_id in materials
        ]
        size = len(vectors[0]["values"]) * BYTES_A_NUMBER + BYTES_A_VECTOR if vectors else 1
        for batch in batched(vectors, max(1, min(MAX_UPSERTED, MAX_BYTES // size))):
            with _our_errors(), tracing.span("upsert pinecone", kind="client"):
                self._index.upsert(vectors=batch, namespace=str(owner_id), timeout=WRITE_SECONDS)

    def forget(self, owner_id: UUID, ids: Sequence[str]) -> set[str]:
        """Delete vectors. Returns: those that are seen there still. Raises: VectorIndexError."""
        space: Any = {"namespace": str(owner_id), "timeout": WRITE_SECONDS}
        left: set[str] = set()
        tell = tracing.span("delete pinecone", kind="client")
        with _our_errors(), tell, suppress(NotFoundError):  # a namespace that is not there
            for batch in batched(ids, MAX_DELETED):
                self._index.delete(ids=batch, **space)
            for batch in batched(ids, MAX_FETCHED):
                left |= self._index.fetch(ids=batch, **space).vectors.keys()
        return left

    def forget_owner(self, owner_id: UUID) -> None:
        """Delete a namespace. Raises: VectorIndexError."""
        tell = tracing.span("delete_namespace pinecone", kind="client")
        with _our_errors(), tell, suppress(NotFoundError):
            self._index.delete_namespace(name=str(owner_id), timeout=WRITE_SECONDS)

    def close(self) -> None:
        """Close the connections; nothing can be asked then."""
        self._askers.shutdown(wait=False, cancel_futures=True)
        self._index.close()

    def count_dimensions(self) -> int:
        """The length of vectors that the index takes. Raises: VectorIndexError."""
        with _our_errors():
            return int(self._ask(self._index.describe_index_stats).dimension or 0)

    def _ask(self, call: Callable[..., Any], **arguments: Any) -> Any:
        """Call within SEARCH_SECONDS in all: the SDK tries again and waits for minutes."""
        asked = self._askers.submit(call, timeout=SEARCH_SECONDS, **arguments)
        try:
            return asked.result(SEARCH_SECONDS)
        except TimeoutError:
            asked.cancel()
            raise VectorIndexError("Pinecone does not answer in time.") from None


def batched(items: Sequence[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of at most so many."""
    left = iter(items)
    while batch := list(islice(left, size)):
        yield batch


def _narrow(
    found: Mapping[int, float], material_ids: Sequence[UUID] | None, limit: int
) -> dict[int, float]:
    """Those of the materials, the nearest first."""
    chunks = Chunk.objects.filter(pk__in=found, material_id__in=material_ids or [])
    inside = set(chunks.values_list("pk", flat=True))
    nearest = sorted(inside, key=lambda pk: -found[pk])[:limit]
    return {pk: found[pk] for pk in nearest}


@contextmanager
def _our_errors() -> Iterator[None]:
    """The SDK's errors as ours."""
    try:
        yield
    except PineconeError as error:
        raise VectorIndexError(f"Pinecone: {type(error).__name__}.") from None
