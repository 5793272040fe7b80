"""The vectors inside PostgreSQL: an exact scan of the owner's.

There is no approximate index: one per learner would not pay below 100,000 chunks.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import connection
from pgvector import HalfVector

from learningaier.ai.embedders import Vectors
from learningaier.knowledge.models import Embedding

NEAREST = """
SELECT chunk_id, -(vector <#> %(vector)s::halfvec) AS cosine FROM knowledge_embedding
WHERE owner_id = %(owner)s AND embedder = %(embedder)s
  AND (%(materials)s::uuid[] IS NULL OR chunk_id IN (
    SELECT id FROM knowledge_chunk WHERE material_id = ANY(%(materials)s)
  ))
ORDER BY vector <#> %(vector)s::halfvec LIMIT %(limit)s
"""


class PostgresVectors:
    """A `VectorIndex` whose rows hold the vectors themselves."""

    def key(self, embedder: str) -> str:
        """The embedder's own name: vectors stand in its rows."""
        return embedder

    def add(self, owner_id: UUID, embedder: str, vectors: Mapping[int, Vectors]) -> None:
        """Write a row a chunk, or replace the embedder's row."""
        rows = [
            Embedding(
                chunk_id=chunk_id, owner_id=owner_id, embedder=embedder, vector=HalfVector(vector)
            )
            for chunk_id, vector in vectors.items()
        ]
        Embedding.objects.bulk_create(
            rows,
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["chunk", "embedder"],
            update_fields=["vector"],
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
        """Scan all vectors of the owner: exact, and linear in their number."""
        values = {
            "owner": owner_id,
            "vector": HalfVector(vector).to_text(),
            "embedder": embedder,
            "materials": None if material_ids is None else list(material_ids),
            "limit": limit,
        }
        with connection.cursor() as cursor:
            cursor.execute(NEAREST, values)
            return dict(cursor.fetchall())
