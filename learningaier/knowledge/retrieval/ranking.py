"""Second stage of retrieval: re-rank the most promising chunks by their sentences."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from learningaier.knowledge.text.analyzer import names, query_words, terms
from learningaier.knowledge.text.features import Analysis, hash_terms

Vectors = NDArray[np.float32]

BM25_WEIGHT, COSINE_WEIGHT, COVERAGE_WEIGHT, PAIR_WEIGHT = 0.4, 0.3, 0.2, 0.1
PAIR_WINDOW = 3  # words between two neighbouring question terms
PRIOR_CHUNKS, PRIOR_HITS = 200, 4  # what we believe of a term before seeing the library
FIGURE_BOOST = 2.0  # a year or a number in the question
UNSEEN_NAME_BOOST = 3.0  # a name or a figure that the library never mentions
CONTEXT_WEIGHT = 0.7  # worth of a question term found just before the sentence
CARRIED_WEIGHT = 0.25  # of a word that was not asked now but before
RERANK_TOP_N = 20  # chunks whose sentences are looked at
MIN_SPREAD = 0.04  # of cosines; what lies closer together is not told apart


@dataclass(frozen=True)
class Candidate:
    """A chunk that one of the retrievers has found."""

    id: int
    text: str
    bm25: float
    analysis: Analysis
    title: str = ""  # of the note or the document, with the chunk's heading
    language: str = "english"
    lead: str = ""
    gaps: tuple[int, ...] = ()
    nearness: float = 0.0  # of its vector to the question's, as `scale_cosines` has it


@dataclass(frozen=True)
class Query:
    """A question as the ranking sees it."""

    text: str
    words: tuple[tuple[str, ...], ...]  # each as its terms in the languages of the library
    weights: NDArray[np.float64]  # information of each word, in nats
    vector: Vectors
    chunks: int  # in the owner's library
    is_carried: NDArray[np.bool_]  # words that were taken over from earlier questions
    is_unseen: NDArray[np.bool_]  # names that the library never mentions

    @cached_property
    def hashes(self) -> NDArray[np.uint32]:
        """The terms of all words as an `Analysis` has them, word by word."""
        return hash_terms([term for variants in self.words for term in variants])

    @cached_property
    def starts(self) -> list[int]:
        """Where the terms of each word begin."""
        return list(accumulate((len(variants) for variants in self.words[:-1]), initial=0))

    @property
    def total(self) -> float:
        """The information of the whole question."""
        return float(self.weights.sum())

    @property
    def figures(self) -> NDArray[np.bool_]:
        """Which of the words are years or numbers."""
        return np.array([variants[0][0].isdigit() for variants in self.words], dtype=np.bool_)


@dataclass(frozen=True)
class Sentence:
    """A sentence of a candidate, from `start` to `end` of the candidate's text."""

    chunk_id: int
    start: int
    end: int
    text: str
    cosine: float
    matched: NDArray[np.bool_]  # question words in this sentence
    held: NDArray[
        np.float64
    ]  # 1 in this sentence, CONTEXT_WEIGHT just before it or in the title, else 0
    pairs: float
    language: str = "english"


@dataclass(frozen=True)
class Ranked:
    """A candidate with its final score and its sentences, in the text's order."""

    id: int
    score: float
    sentences: tuple[Sentence, ...]
    candidate: Candidate

    @property
    def best_span(self) -> tuple[int, int] | None:
        """Where the sentence stands that speaks most about the question."""
        best = max(self.sentences, key=lambda s: s.cosine + s.pairs + s.held.sum(), default=None)
        return None if best is None else (best.start, best.end)


def smoothed_idf(df: int, chunks: int) -> float:
    """-ln P(term in a chunk), smoothed: a library of one note is not taken for the language."""
    return math.log((chunks + PRIOR_CHUNKS) / (df + PRIOR_HITS))


def make_query(
    question: str,
    vector: Vectors,
    df: Mapping[str, int],
    chunks: int,
    languages: Sequence[str] = ("english",),
    carried: str = "",
) -> Query:
    """A question with what each of its words is worth.

    `vector`: the question's, of length 1. `df`: in how many of the library's `chunks` a term
    occurs. `languages`: the library's. `carried`: the words taken over from earlier questions.
    """
    found = tuple(query_words(question, languages))
    named = {name for language in languages for name in names(question, language)}
    known = [sum(df.get(term, 0) for term in variants) for variants in found]
    is_name = np.array([not named.isdisjoint(variants) for variants in found], np.bool_)
    is_unseen = is_name & (np.array(known, np.int64) == 0)
    is_figure = np.array([variants[0][0].isdigit() for variants in found], np.bool_)
    boosts = np.where(is_unseen, UNSEEN_NAME_BOOST, np.where(is_figure, FIGURE_BOOST, 1.0))
    taken = set(query_words(carried, languages)) if carried else set()
    is_carried = np.array([word in taken for word in found], np.bool_)
    worth = np.array([smoothed_idf(count, chunks) for count in known], np.float64) * boosts
    worth = np.where(is_carried, CARRIED_WEIGHT, 1.0) * worth
    return Query(question, found, worth, vector, chunks, is_carried, is_unseen)


def scale_cosines(cosines: Mapping[int, float]) -> dict[int, float]:
    """Cosines as 1 for the nearest chunk that was found down to 0 for the farthest.

    Each embedder has a scale of its own: of two texts that share nothing the cosine is 0.1 by
    OpenAI's models and 0.75 by E5's. Chunks that were not found are farther still: 0.
    """
    if not cosines:
        return {}
    nearest = max(cosines.values())
    spread = max(nearest - min(cosines.values()), MIN_SPREAD)
    return {pk: 1 - (nearest - cosine) / spread for pk, cosine in cosines.items()}


def select_candidates(
    keywords: Mapping[int, float], cosines: Mapping[int, float], weight: float = 0.3
) -> list[int]:
    """The candidates whose sentences are worth a look, at most RERANK_TOP_N, the best first.

    `weight`: of the cosines beside the keywords, 0 to 1.
    """
    top = max(keywords.values(), default=0.0) or 1.0
    candidates = sorted(keywords.keys() | cosines.keys())
    first_sight = {
        pk: (1 - weight) * keywords.get(pk, 0.0) / top + weight * cosines.get(pk, 0.0)
        for pk in candidates
    }
    return sorted(candidates, key=lambda pk: -first_sight[pk])[:RERANK_TOP_N]


def rank(query: Query, candidates: Sequence[Candidate], weight: float = 0.0) -> list[Ranked]:
    """The candidates by final score, best first.

    `weight`: of a candidate's nearness beside what its words and sentences say.
    """
    if not candidates:
        return []
    top = max(candidate.bm25 for candidate in candidates) or 1.0
    read = _read(query, [candidate.analysis for candidate in candidates])
    ranked, at = [], 0
    for candidate in candidates:
        sentences = _hold(query, candidate, read, at)
        at += len(sentences)
        said = _score(query, candidate, top, sentences)
        score = (said + weight * candidate.nearness) / (1 + weight)
        ranked.append(Ranked(candidate.id, score, sentences, candidate))
    return sorted(ranked, key=lambda r: -r.score)


@dataclass(frozen=True)
class _Read:
    """All candidates' sentences beside the question, one after the other."""

    cosines: NDArray[np.float32]  # sentences
    matched: NDArray[np.bool_]  # sentences × question words
    pairs: NDArray[np.float64]  # sentences


def _read(query: Query, analyses: Sequence[Analysis]) -> _Read:
    """Find the question's terms in all sentences at once."""
    counts = np.concatenate([analysis.counts for analysis in analyses])
    places = np.repeat(np.arange(len(counts)), counts)  # the sentence of each term
    spelled = np.concatenate([analysis.terms for analysis in analyses])[:, None] == query.hashes
    found = np.logical_or.reduceat(spelled, query.starts, axis=1) if query.words else spelled
    matched = np.zeros((len(counts), len(query.words)), np.bool_)
    rows, columns = np.nonzero(found)
    matched[places[rows], columns] = True
    cosines = np.concatenate([analysis.vectors for analysis in analyses]) @ query.vector
    return _Read(cosines, matched, _pairs(query, found, places, len(counts)))


def _pairs(
    query: Query, found: NDArray[np.bool_], places: NDArray[np.intp], sentences: int
) -> NDArray[np.float64]:
    """Information-weighted share of neighbouring question terms that are neighbours here too.

    `found`: terms × question words; `places`: the sentence of each term.
    """
    worth = query.weights[:-1] + query.weights[1:]
    near = np.zeros((sentences, len(worth)), np.bool_)
    left, right = found[:, :-1], found[:, 1:]
    for gap in range(1, PAIR_WINDOW + 1):
        both = (left[:-gap] & right[gap:]) | (right[:-gap] & left[gap:])
        both &= (places[:-gap] == places[gap:])[:, None]
        rows, columns = np.nonzero(both)
        near[places[rows], columns] = True
    total = float(worth.sum())
    return near @ worth / total if total else np.zeros(sentences)


def _hold(query: Query, candidate: Candidate, read: _Read, at: int) -> tuple[Sentence, ...]:
    """The candidate's sentences, from row `at` on.

    What the title or the sentence before says, a pronoun or an ellipsis may stand for.
    """
    title = set(terms(candidate.title, candidate.language))
    titled = np.array([not title.isdisjoint(found) for found in query.words], dtype=np.bool_)
    sentences = []
    for number, (start, end) in enumerate(candidate.analysis.spans.tolist()):
        row = at + number
        matched = read.matched[row]
        context = titled | read.matched[row - 1] if number else titled
        held = np.where(matched, 1.0, np.where(context, CONTEXT_WEIGHT, 0.0))
        text = candidate.text[start:end]
        cosine, pairs = float(read.cosines[row]), float(read.pairs[row])
        sentences.append(
            Sentence(
                candidate.id, start, end, text, cosine, matched, held, pairs, candidate.language
            )
        )
    return tuple(sentences)


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
