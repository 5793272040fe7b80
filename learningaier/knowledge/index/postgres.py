"""The two legs of the search inside PostgreSQL, both exact and both within one owner.

Okapi BM25 (Robertson and Zaragoza 2009) reads the postings' covering index only. The vector leg
scans the owner's vectors; there is no approximate index, as one per learner would not pay below
100,000 chunks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from pgvector import HalfVector

from learningaier.ai.embedders import Vectors
from learningaier.knowledge.ranking import BM25_B, BM25_K1

STATISTICS = """
SELECT count(*), coalesce(avg(length), 1) FROM knowledge_chunk WHERE owner_id = %s
"""

KEYWORDS = """
WITH hit AS MATERIALIZED (
    SELECT term, chunk_id, tf, length FROM knowledge_posting
    WHERE owner_id = %(owner)s AND term = ANY(%(terms)s)
), frequency AS (
    SELECT term, count(*)::float8 AS df FROM hit GROUP BY term
), scored AS (
    SELECT chunk_id, sum(
        ln(1 + (%(chunks)s - df + 0.5) / (df + 0.5))
        * tf * (%(k1)s + 1) / (tf + %(k1)s * (1 - %(b)s + %(b)s * length / %(mean)s))
    ) AS score
    FROM hit JOIN frequency USING (term)
    WHERE %(scope)s::bigint[] IS NULL OR chunk_id = ANY(%(scope)s)
    GROUP BY chunk_id ORDER BY score DESC, chunk_id LIMIT %(limit)s
)
SELECT NULL AS chunk_id, df, term FROM frequency
UNION ALL SELECT chunk_id, score, NULL FROM scored
"""

VECTORS = """
SELECT chunk_id, -(vector <#> %(vector)s) AS cosine FROM knowledge_embedding
WHERE owner_id = %(owner)s AND embedder = %(embedder)s
  AND (%(scope)s::bigint[] IS NULL OR chunk_id = ANY(%(scope)s))
ORDER BY vector <#> %(vector)s LIMIT %(limit)s
"""


@dataclass(frozen=True)
class KeywordHits:
    """BM25 scores by chunk, and what the owner's library knows of the question's terms."""

    scores: Mapping[int, float]
    frequencies: Mapping[str, int]
    chunks: int


def find_by_keywords(
    owner_id: UUID, terms: Sequence[str], *, limit: int, scope: Sequence[int] | None = None
) -> KeywordHits:
    """The best chunks by BM25. `scope`: the only chunk ids that count; None for all."""
    with connection.cursor() as cursor:
        cursor.execute(STATISTICS, [owner_id])
        chunks, mean = cursor.fetchone()
        cursor.execute(
            KEYWORDS,
            {
                "owner": owner_id,
                "terms": list(terms),
                "chunks": chunks,
                "mean": float(mean),
                "k1": BM25_K1,
                "b": BM25_B,
                "scope": None if scope is None else list(scope),
                "limit": limit,
            },
        )
        rows: list[tuple[int | None, float, str]] = cursor.fetchall()
    scores = {chunk: value for chunk, value, _ in rows if chunk is not None}
    frequencies = {term: int(value) for chunk, value, term in rows if chunk is None}
    return KeywordHits(scores, frequencies, int(chunks))


def find_by_vector(
    owner_id: UUID,
    vector: Vectors,
    embedder: str,
    *,
    limit: int,
    scope: Sequence[int] | None = None,
) -> dict[int, float]:
    """Cosine similarity of the nearest chunks."""
    values: dict[str, Any] = {
        "owner": owner_id,
        "vector": HalfVector(vector).to_text(),
        "embedder": embedder,
        "scope": None if scope is None else list(scope),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(VECTORS.replace("%(vector)s", "%(vector)s::halfvec"), values)
        return dict(cursor.fetchall())
