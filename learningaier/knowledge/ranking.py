"""Second stage of retrieval: re-rank at most 100 candidate chunks by their sentences."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from learningaier.knowledge.analyzer import names, query_terms, terms
from learningaier.knowledge.sentences import split_sentences

Vectors = NDArray[np.float32]
Embed = Callable[[list[str]], Vectors]  # texts -> (n, d), rows of length one

BM25_K1, BM25_B = 0.9, 0.75  # used by the SQL of the first stage
BM25_WEIGHT, COSINE_WEIGHT, COVERAGE_WEIGHT, PAIR_WEIGHT = 0.5, 0.2, 0.2, 0.1
PAIR_WINDOW = 3  # words between two neighbouring question terms
PRIOR_CHUNKS, PRIOR_HITS = 100, 2  # what we believe of a term before seeing the library
NAME_BOOST = 1.5  # names, years and figures are what a wrong passage lacks
RESCORED = 30  # chunks whose sentences are looked at


@dataclass(frozen=True)
class Candidate:
    id: int
    text: str
    bm25: float
    cosine: float = 0.0  # of the whole chunk, from the vector leg


@dataclass(frozen=True)
class Query:
    text: str
    terms: tuple[str, ...]
    weights: NDArray[np.float64]  # information of each term, in nats
    vector: Vectors

    @property
    def total(self) -> float:
        return float(self.weights.sum())


@dataclass(frozen=True)
class Sentence:
    chunk_id: int
    start: int
    end: int
    text: str
    cosine: float
    matched: NDArray[np.bool_]  # question terms in this sentence
    reachable: NDArray[np.bool_]  # ... or in the sentence before it (pronouns, headings)
    pairs: float


@dataclass(frozen=True)
class Ranked:
    id: int
    score: float
    sentences: tuple[Sentence, ...]

    @property
    def best_sentence(self) -> Sentence | None:
        """The sentence that speaks most about the question."""
        return max(self.sentences, key=lambda s: s.cosine + s.pairs + s.matched.sum(), default=None)


def information(df: int, chunks: int) -> float:
    """-ln P(term in a chunk), smoothed so that a library of one note is not taken for the language."""
    return math.log((chunks + PRIOR_CHUNKS) / (df + PRIOR_HITS))


def make_query(
    question: str, df: Mapping[str, int], chunks: int, embed: Embed, language: str = "english"
) -> Query:
    found = tuple(query_terms(question, language))
    named = names(question, language)
    weights = np.array(
        [information(df.get(t, 0), chunks) * (NAME_BOOST if t in named else 1.0) for t in found]
    )
    return Query(question, found, weights, embed([question])[0])


def rank(
    query: Query, candidates: Sequence[Candidate], embed: Embed, language: str = "english"
) -> list[Ranked]:
    """Candidates by final score, best first; only the RESCORED most promising ones get sentences."""
    top = max((c.bm25 for c in candidates), default=0.0) or 1.0
    promising = sorted(candidates, key=lambda c: -(0.7 * c.bm25 / top + 0.3 * c.cosine))[:RESCORED]
    spans = [(c, *span) for c in promising for span in split_sentences(c.text)]
    texts = [c.text[start:end] for c, start, end in spans]
    cosines = embed(texts) @ query.vector if texts else np.zeros(0, np.float32)
    by_chunk: dict[int, list[Sentence]] = {c.id: [] for c in promising}
    for (chunk, start, end), text, cosine in zip(spans, texts, cosines, strict=True):
        before = by_chunk[chunk.id]
        before.append(
            _sentence(query, chunk.id, (start, end), text, float(cosine), before, language)
        )
    ranked = [
        Ranked(c.id, _score(query, c, top, by_chunk[c.id]), tuple(by_chunk[c.id]))
        for c in promising
    ]
    return sorted(ranked, key=lambda r: -r.score)


def _sentence(
    query: Query,
    chunk_id: int,
    span: tuple[int, int],
    text: str,
    cosine: float,
    before: list[Sentence],
    language: str,
) -> Sentence:
    places: dict[str, list[int]] = {term: [] for term in query.terms}
    for at, term in enumerate(terms(text, language)):
        if term in places:
            places[term].append(at)
    matched = np.array([bool(places[term]) for term in query.terms], dtype=np.bool_)
    reachable = matched | before[-1].matched if before else matched
    return Sentence(chunk_id, *span, text, cosine, matched, reachable, _pairs(query, places))


def _pairs(query: Query, places: Mapping[str, list[int]]) -> float:
    """Information-weighted share of neighbouring question terms that are neighbours here too."""
    near = total = 0.0
    for (a, wa), (b, wb) in pairwise(zip(query.terms, query.weights, strict=True)):
        total += wa + wb
        if any(abs(x - y) <= PAIR_WINDOW for x in places[a] for y in places[b]):
            near += wa + wb
    return near / total if total else 0.0


def _score(query: Query, chunk: Candidate, top: float, found: Sequence[Sentence]) -> float:
    if not found:
        return BM25_WEIGHT * chunk.bm25 / top
    cosine = max(s.cosine for s in found)
    coverage = max(float(query.weights @ s.matched) for s in found) / (query.total or 1.0)
    pairs = max(s.pairs for s in found)
    return (
        BM25_WEIGHT * chunk.bm25 / top
        + COSINE_WEIGHT * cosine
        + COVERAGE_WEIGHT * coverage
        + PAIR_WEIGHT * pairs
    )
