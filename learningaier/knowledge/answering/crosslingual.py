"""Answers from passages in another language than the question's, by what the sentences mean.

Words say nothing there, and WordLlama knows English alone; so the embedder of the chunks weighs the
sentences of the nearest chunks, where it is multilingual and answers in time. A figure must stand
in the passage all the same, and a name where both are in one script.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from learningaier.ai.embedders import EmbedderError, Vectors
from learningaier.ai.providers import get_question_embedder
from learningaier.ai.timely import embed_in_time
from learningaier.knowledge.answering.answer_types import lacks_figure
from learningaier.knowledge.answering.backgrounds import everyday_texts
from learningaier.knowledge.answering.constraints import Constraints
from learningaier.knowledge.answering.extracts import NOTHING, Extract, arrange
from learningaier.knowledge.answering.negation import is_text_negated
from learningaier.knowledge.answering.units import Unit, expand, read_passage
from learningaier.knowledge.retrieval.ranking import Query, Ranked
from learningaier.knowledge.retrieval.search import Found, Meaning
from learningaier.knowledge.text.languages import detect_language
from learningaier.knowledge.text.scripts import is_latin

CHUNKS = 5  # the nearest in another language, whose sentences are embedded
MAX_EMBEDDED = 40  # sentences of them
SECONDS = 2.0  # for embedding them
MAX_SENTENCES = 2  # of an answer
MARGIN = 0.08  # sentences this far below the best are left out
# Least evidence, as `_weigh` has it: of one chunk; what e times as many add, as the best of many is
# near by chance; the most. Texts in Chinese lie further from questions in other languages.
THRESHOLD, THRESHOLD_GROWTH, MAX_THRESHOLD = 0.16, 0.045, 0.295
SHIFTS = {"chinese": -0.05}
SENTENCE_WEIGHT, CHUNK_WEIGHT = 0.6, 0.4
OUTSTANDING_WEIGHT = 0.4  # of how far a sentence stands out from the others
LIFT = 0.02  # of cosines: of texts in books, above everyday ones
EVERYDAY_CHUNKS = 10  # chunks of the library that everyday texts count as
DOUBT = 0.05  # for a sentence without the figure asked for, or that denies what is not asked
_FIGURE = re.compile(r"\d{2,}")


@dataclass(frozen=True)
class _Candidates:
    """Units of the nearest chunks, with the cosine of each one's chunk."""

    units: list[Unit]
    cosines: list[float]


def answer_across(found: Found, limit: int) -> Extract:
    """The sentences in another language that answer the question; none without an embedder.

    Raises: EmbedderError where it does not answer in time; what it has done by then is kept.
    """
    embedder = get_question_embedder()
    if found.meaning is None or not embedder.traits.is_multilingual:
        return NOTHING
    candidates = _list_candidates(found.query, _find_foreign(found, found.meaning), found.meaning)
    if not candidates.units:
        return NOTHING
    everyday = everyday_texts(candidates.units[0].passage.language)
    texts = [*everyday, *(unit.read.text for unit in candidates.units)]
    vectors = embed_in_time(embedder, texts, seconds=SECONDS)
    evidence = _weigh(found.query, found.meaning, candidates, vectors, len(everyday))
    chosen = _choose(found, candidates.units, evidence, min(limit, MAX_SENTENCES))
    if not chosen.found and len(vectors) < len(texts):
        raise EmbedderError("There was no time for all sentences.")
    return chosen


def _find_foreign(found: Found, meaning: Meaning) -> list[Ranked]:
    """The nearest chunks in another language than the question's."""
    asked = detect_language(found.query.text)
    foreign = [
        one for one in found.ranked if one.candidate.language != asked and one.id in meaning.cosines
    ]
    return sorted(foreign, key=lambda one: -meaning.cosines[one.id])[:CHUNKS]


def _list_candidates(query: Query, ranked: Sequence[Ranked], meaning: Meaning) -> _Candidates:
    constraints = Constraints(query, np.zeros(len(query.words), np.bool_))
    figures = set(_FIGURE.findall(query.text))
    candidates = _Candidates([], [])
    for one in ranked:
        text = f"{one.candidate.title}\n{one.candidate.text}"
        is_of_script = is_latin(query.text) == is_latin(one.candidate.text)
        if not figures <= set(_FIGURE.findall(text)):
            continue
        if is_of_script and not constraints.admits_passage(one):
            continue
        units = [unit for unit in read_passage(one).units if unit.can_answer]
        room = MAX_EMBEDDED - len(candidates.units)
        candidates.units.extend(units[:room])
        candidates.cosines.extend([meaning.cosines[one.id]] * len(units[:room]))
    return candidates


def _weigh(
    query: Query,
    meaning: Meaning,
    candidates: _Candidates,
    vectors: Sequence[Vectors],
    everyday: int,
) -> NDArray[np.float64]:
    """Of each unit that has a vector, how far above the background it and its chunk are.

    The background: everyday texts, and the chunks of the library that are not looked at. Evidence
    of 0 is as near as these are; of 1, the same text.
    """
    if len(vectors) <= everyday:
        return np.zeros(0)
    cosines = np.asarray(vectors) @ meaning.vector
    near = sorted(meaning.cosines.values(), reverse=True)[CHUNKS:]
    usual = EVERYDAY_CHUNKS * (float(cosines[:everyday].mean()) + LIFT)
    background = (usual + sum(near)) / (EVERYDAY_CHUNKS + len(near))
    own = cosines[everyday:]
    chunks = np.array(candidates.cosines[: len(own)])
    above = SENTENCE_WEIGHT * own + CHUNK_WEIGHT * chunks - background
    above += OUTSTANDING_WEIGHT * (own - own.mean())
    evidence = above / max(1 - background, 0.01)
    doubts = [_is_doubtful(query, unit) for unit in candidates.units[: len(own)]]
    return np.asarray(evidence - DOUBT * np.array(doubts), np.float64)


def _is_doubtful(query: Query, unit: Unit) -> bool:
    text = unit.read.text
    asks_for_not = is_text_negated(query.text) and not is_text_negated(text)
    return asks_for_not or lacks_figure(query.text, text)


def find_threshold(chunks: int, language: str) -> float:
    """Evidence below this is "not in your notes".

    `chunks`: among which the nearest were found. `language`: of the text.
    """
    grown = THRESHOLD + THRESHOLD_GROWTH * math.log(max(chunks, 1))
    return min(grown, MAX_THRESHOLD) + SHIFTS.get(language, 0.0)


def _choose(
    found: Found, units: Sequence[Unit], evidence: NDArray[np.float64], limit: int
) -> Extract:
    order = np.argsort(-evidence, kind="stable")
    if found.meaning is None or not len(order):
        return NOTHING
    first, best = units[order[0]], float(evidence[order[0]])
    if best < find_threshold(len(found.meaning.cosines), first.passage.language):
        return NOTHING
    chosen = [units[at] for at in order[:limit] if evidence[at] >= best - MARGIN]
    groups = [expand(unit, found.query, None) for unit in chosen]
    return arrange([group for group in groups if group], first, best)
