"""Okapi BM25 (Robertson and Zaragoza 2009) within one owner, from the postings' covering index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

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
    WHERE %(materials)s::uuid[] IS NULL OR chunk_id IN (
        SELECT id FROM knowledge_chunk WHERE material_id = ANY(%(materials)s)
    )
    GROUP BY chunk_id ORDER BY score DESC, chunk_id LIMIT %(limit)s
)
SELECT NULL AS chunk_id, df, term FROM frequency
UNION ALL SELECT chunk_id, score, NULL FROM scored
"""


@dataclass(frozen=True)
class KeywordHits:
    """BM25 scores by chunk, and what the owner's library knows of the question's terms."""

    scores: Mapping[int, float]
    frequencies: Mapping[str, int]
    chunks: int


def find_by_keywords(
    owner_id: UUID,
    terms: Sequence[str],
    *,
    limit: int,
    material_ids: Sequence[UUID] | None = None,
) -> KeywordHits:
    """The best chunks by BM25.

    `material_ids`: the only notes and documents that count; None for all.
    """
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
                "materials": None if material_ids is None else list(material_ids),
                "limit": limit,
            },
        )
        rows: list[tuple[int | None, float, str]] = cursor.fetchall()
    scores = {chunk: value for chunk, value, _ in rows if chunk is not None}
    frequencies = {term: int(value) for chunk, value, term in rows if chunk is None}
    return KeywordHits(scores, frequencies, int(chunks))
