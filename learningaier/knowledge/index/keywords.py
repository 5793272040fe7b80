"""Okapi BM25 (Robertson and Zaragoza 2009) within one owner, from the postings' covering index.

What is known of each term is asked first, then the scores; nothing but the index is touched. Per
10,000 postings read that takes about 4 ms, so the most frequent terms of a large library, which
say least, find no candidates: they are added to the scores of those that rarer ones found.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

# Counts are kept by material, as counting an owner's 100,000 chunks takes 40 ms.
STATISTICS = """
SELECT NULL, coalesce(sum(chunk_count), 0)::int, coalesce(sum(term_count), 0)::float8
FROM knowledge_material WHERE owner_id = %(owner)s
UNION ALL
SELECT term, count(*)::int, NULL FROM knowledge_posting
WHERE owner_id = %(owner)s AND term = ANY(%(terms)s) GROUP BY term
"""

# All in double precision: PostgreSQL takes 0.9 for a numeric, whose arithmetic is much slower.
SCORES = """
SELECT chunk_id, sum(
    asked.weight * tf / (tf + %(floor)s::float8 + %(slope)s::float8 * length)
) AS score
FROM unnest(%(terms)s::text[], %(weights)s::float8[]) AS asked (word, weight),
LATERAL (
    SELECT chunk_id, tf::float8, length::float8 FROM knowledge_posting
    WHERE owner_id = %(owner)s AND term = asked.word {among}
) AS hit
{scope} GROUP BY chunk_id ORDER BY score DESC, chunk_id LIMIT %(limit)s
"""
SCOPE = """
WHERE chunk_id IN (SELECT id FROM knowledge_chunk WHERE material_id = ANY(%(materials)s))
"""
AMONG = "AND chunk_id = ANY(%(chunks)s)"

BM25_K1, BM25_B = 0.9, 0.75
READ_AT_ONCE = 20_000  # postings; terms beyond find no candidates
WIDE = 6  # times as many candidates, where there are such terms


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
        cursor.execute(STATISTICS, {"owner": owner_id, "terms": list(terms)})
        known = {term: (count, length) for term, count, length in cursor.fetchall()}
        chunks, length = known.pop(None)
        frequencies = {term: count for term, (count, _) in known.items()}
        mean = length / chunks if chunks else 1.0
        values: dict[str, Any] = {
            "owner": owner_id,
            "floor": BM25_K1 * (1 - BM25_B),
            "slope": BM25_K1 * BM25_B / mean,
            "materials": None if material_ids is None else list(material_ids),
        }
        rare, common = _split(frequencies)
        values |= _weigh(rare, chunks) | {"limit": limit * WIDE if common else limit}
        scope = "" if material_ids is None else SCOPE
        cursor.execute(SCORES.format(among="", scope=scope), values)
        scores = dict(cursor.fetchall())
        if common:
            values |= _weigh(common, chunks) | {"chunks": list(scores)}
            cursor.execute(SCORES.format(among=AMONG, scope=""), values)
            for chunk_id, more in cursor.fetchall():
                scores[chunk_id] += more
    best = sorted(scores, key=lambda pk: (-scores[pk], pk))[:limit]
    return KeywordHits({pk: scores[pk] for pk in best}, frequencies, chunks)


def _split(frequencies: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """The terms that find candidates, the rarest first, and those too frequent for it."""
    rare: dict[str, int] = {}
    common: dict[str, int] = {}
    for term, count in sorted(frequencies.items(), key=lambda pair: pair[1]):
        fits = not rare or sum(rare.values()) + count <= READ_AT_ONCE
        (rare if fits else common)[term] = count
    return rare, common


def _weigh(frequencies: Mapping[str, int], chunks: int) -> dict[str, Any]:
    """Terms and their weights, as the statement takes them."""
    weights = [(BM25_K1 + 1) * inverse_frequency(count, chunks) for count in frequencies.values()]
    return {"terms": list(frequencies), "weights": weights}


def inverse_frequency(df: int, chunks: int) -> float:
    """What a term is worth that occurs in `df` of so many chunks, in nats; never negative."""
    return math.log(1 + max(chunks - df + 0.5, 0.0) / (df + 0.5))
