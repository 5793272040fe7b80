"""Second stage of retrieval: re-rank at most 100 candidate chunks by their sentences."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from learningaier.knowledge.analyzer import names, query_terms, terms
from learningaier.knowledge.sentences import split_sentences

Vectors = NDArray[np.float32]
Embed = Callable[[list[str]], Vectors]  # texts -> (n, d), rows of length one

BM25_K1, BM25_B = 0.9, 0.75  # used by the SQL of the first stage
BM25_WEIGHT, COSINE_WEIGHT, COVERAGE_WEIGHT, PAIR_WEIGHT = 0.4, 0.3, 0.2, 0.1
PAIR_WINDOW = 3  # words between two neighbouring question terms
PRIOR_CHUNKS, PRIOR_HITS = 200, 4  # what we believe of a term before seeing the library
FIGURE_BOOST = 2.0  # a year or a number in the question
STRANGER_BOOST = 3.0  # a name or a figure that the library never mentions
REACH = 0.7  # worth of a question term found just before the sentence
RESCORED = 20  # chunks whose sentences are looked at


@dataclass(frozen=True)
class Candidate:
    """A chunk that a leg of the search has nominated."""

    id: int
    text: str
    bm25: float
    cosine: float = 0.0  # of the whole chunk, from the vector leg
    title: str = ""  # of the note or the document, with the chunk's heading


@dataclass(frozen=True)
class Query:
    """A question as the ranking sees it."""

    text: str
    terms: tuple[str, ...]
    weights: NDArray[np.float64]  # information of each term, in nats
    vector: Vectors
    chunks: int  # in the owner's library
    language: str = "english"

    @property
    def total(self) -> float:
        """The information of the whole question."""
        return float(self.weights.sum())

    @property
    def figures(self) -> NDArray[np.bool_]:
        """Which of the terms are years or numbers."""
        return np.array([term[0].isdigit() for term in self.terms], dtype=np.bool_)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a candidate, from `start` to `end` of the candidate's text."""

    chunk_id: int
    start: int
    end: int
    text: str
    cosine: float
    matched: NDArray[np.bool_]  # question terms in this sentence
    held: NDArray[np.float64]  # 1 in this sentence, REACH just before it or in the title, else 0
    pairs: float


@dataclass(frozen=True)
class Ranked:
    """A candidate with its final score and its sentences, in the text's order."""

    id: int
    score: float
    sentences: tuple[Sentence, ...]

    @property
    def best_span(self) -> tuple[int, int] | None:
        """Where the sentence stands that speaks most about the question."""
        best = max(self.sentences, key=lambda s: s.cosine + s.pairs + s.held.sum(), default=None)
        return None if best is None else (best.start, best.end)


def information(df: int, chunks: int) -> float:
    """-ln P(term in a chunk), smoothed: a library of one note is not taken for the language."""
    return math.log((chunks + PRIOR_CHUNKS) / (df + PRIOR_HITS))


def make_query(
    question: str, vector: Vectors, df: Mapping[str, int], chunks: int, language: str = "english"
) -> Query:
    """A question with what each of its terms is worth.

    `vector`: the question's, of length 1. `df`: in how many of the library's `chunks` a term
    occurs.
    """
    found = tuple(query_terms(question, language))
    named = names(question, language)
    weights = np.array([information(df.get(t, 0), chunks) * _boost(t, df, named) for t in found])
    return Query(question, found, weights, vector, chunks, language)


def _boost(term: str, df: Mapping[str, int], named: set[str]) -> float:
    if term in named and not df.get(term):
        return STRANGER_BOOST
    return FIGURE_BOOST if term[0].isdigit() else 1.0


def rank(query: Query, candidates: Sequence[Candidate], embed: Embed) -> list[Ranked]:
    """The candidates by final score, best first.

    Only the RESCORED most promising ones get sentences; the others do not come back.
    """
    top = max((c.bm25 for c in candidates), default=0.0) or 1.0
    promising = sorted(candidates, key=lambda c: -(0.7 * c.bm25 / top + 0.3 * c.cosine))[:RESCORED]
    spans = [split_sentences(candidate.text) for candidate in promising]
    texts = [
        c.text[first:last]
        for c, found in zip(promising, spans, strict=True)
        for first, last in found
    ]
    cosines = iter((embed(texts) @ query.vector).tolist() if texts else [])
    ranked = []
    for candidate, found in zip(promising, spans, strict=True):
        sentences = _read(query, candidate, found, cosines)
        ranked.append(Ranked(candidate.id, _score(query, candidate, top, sentences), sentences))
    return sorted(ranked, key=lambda r: -r.score)


def _read(
    query: Query,
    candidate: Candidate,
    spans: Sequence[tuple[int, int]],
    cosines: Iterator[float],
) -> tuple[Sentence, ...]:
    """The candidate's sentences, held against the question.

    What the title or the sentence before says, a pronoun or an ellipsis may stand for.
    """
    title = set(terms(candidate.title, query.language))
    titled = np.array([term in title for term in query.terms], dtype=np.bool_)
    sentences: list[Sentence] = []
    for start, end in spans:
        text = candidate.text[start:end]
        places = _places(query, text)
        matched = np.array([bool(places[term]) for term in query.terms], dtype=np.bool_)
        context = titled | sentences[-1].matched if sentences else titled
        held = np.where(matched, 1.0, np.where(context, REACH, 0.0))
        cosine, pairs = next(cosines), _pairs(query, places)
        sentences.append(Sentence(candidate.id, start, end, text, cosine, matched, held, pairs))
    return tuple(sentences)


def _places(query: Query, text: str) -> dict[str, list[int]]:
    """Where each term of the question stands in a text, counted in words."""
    places: dict[str, list[int]] = {term: [] for term in query.terms}
    for at, term in enumerate(terms(text, query.language)):
        if term in places:
            places[term].append(at)
    return places


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
