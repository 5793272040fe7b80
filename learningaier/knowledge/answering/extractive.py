"""Answers without a language model: the best supported sentences word for word, or none."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from learningaier.ai.embedders import EmbedderError
from learningaier.knowledge.answering.calibration import measure_backgrounds, weigh_meaning
from learningaier.knowledge.answering.constraints import Constraints
from learningaier.knowledge.answering.crosslingual import answer_across
from learningaier.knowledge.answering.drafts import Draft
from learningaier.knowledge.answering.evidence import Evidence
from learningaier.knowledge.answering.extracts import Extract, arrange
from learningaier.knowledge.answering.ordinals import find_ordinal, mask_ordinal
from learningaier.knowledge.answering.rendering import render
from learningaier.knowledge.answering.units import Unit, expand, read_passage
from learningaier.knowledge.retrieval.ranking import Query, Ranked, Sentence
from learningaier.knowledge.text.analyzer import words
from learningaier.knowledge.text.segments import Kind

THRESHOLD, THRESHOLD_GROWTH = 0.25, 0.018  # see threshold()
CHUNKS = 5  # ranked chunks whose sentences may answer
MARGIN = 0.21  # sentences this far below the best are left out
MAX_SENTENCES = 3  # of an answer
CONTRADICTION_MALUS = 0.2  # of a sentence that says of the matter that it is not so


def extract_answer(draft: Draft) -> Iterator[str]:
    """Tell the sentences that support an answer, if any do, in the form that they have."""
    found = draft.found
    chosen = choose_sentences(found.query, found.ranked, min(draft.top_k, MAX_SENTENCES))
    if not chosen.found:
        try:
            chosen = answer_across(found, draft.top_k)
        except EmbedderError:
            draft.is_degraded = True
    parts = render(chosen.groups, draft.top_k)
    for part in parts:
        if not part.is_header:  # which comes first, but has room only beside its rows
            draft.reserve(part.span)
    for part in parts:
        if not part.is_header or part.text.startswith("|"):
            yield draft.add_sentence(part.text, [part.span], part.separator)


def threshold(chunks: int) -> float:
    """Support below this is "not in your notes": the best of many chunks scores high by chance."""
    return THRESHOLD + THRESHOLD_GROWTH * math.log(chunks + 1)


def choose_sentences(
    query: Query, ranked: Sequence[Ranked], limit: int = MAX_SENTENCES, least: float | None = None
) -> Extract:
    """At most `limit` sentences with what belongs to them, by chunk, in the order of the text."""
    ordinal = find_ordinal(query.text)
    mask = mask_ordinal(query, ordinal[1]) if ordinal else np.zeros(len(query.words), np.bool_)
    scored = _score_units(query, ranked, mask)
    best = max((unit_support for _, unit_support, _ in scored), default=0.0)
    if not scored or best < (threshold(query.chunks) if least is None else least):
        return Extract((), None, best)
    scored.sort(key=lambda found: -found[0])
    place = ordinal[0] if ordinal and not (scored[0][2].own(query) & mask).any() else None
    groups = _pick(query, [(score, unit) for score, _, unit in scored], limit, place)
    return arrange(groups, scored[0][2], best)


def _score_units(
    query: Query, ranked: Sequence[Ranked], ordinal: NDArray[np.bool_]
) -> list[tuple[float, float, Unit]]:
    """Score and support of each unit that has what the question names.

    `ordinal`: the words that pick an item of a list, which its items need not say.
    """
    constraints, backgrounds = Constraints(query, ordinal), measure_backgrounds(ranked)
    bare = replace(query, weights=np.where(ordinal, 0.0, query.weights))
    scored: list[tuple[float, float, Unit]] = []
    for chunk in ranked[:CHUNKS]:
        if not constraints.admits_passage(chunk):
            continue
        before = np.zeros(len(query.words), np.bool_)
        for unit in read_passage(chunk).units:
            seen, before = before, before | unit.sentence.matched
            if not unit.can_answer or not constraints.admits(unit.sentence, unit.read.text, seen):
                continue
            is_list = unit.kind is Kind.ITEM or bool(unit.passage.children(unit.number))
            meaning = weigh_meaning(unit.sentence, backgrounds)
            evidence = Evidence(bare if is_list else query, unit, meaning)
            held, score = evidence.support, chunk.score + evidence.bonus
            if constraints.contradicts(unit.sentence, unit.read.text):
                held, score = held - CONTRADICTION_MALUS, score - 2 * CONTRADICTION_MALUS
            scored.append((score, held, unit))
    return scored


def _pick(
    query: Query, scored: Sequence[tuple[float, Unit]], limit: int, place: int | None
) -> list[list[Unit]]:
    """The best units that each say something of their own, best first, with what they belong to.

    Where the best has the year or the number that was asked for, so must the others. A list, a row
    or an answer to the same question stands alone.
    """
    top, best = scored[0]
    groups = [expand(best, query, place)]
    if not groups[0]:
        return []
    is_alone = best.kind is not Kind.SENTENCE or len(groups[0]) > 1
    wanted = query.figures & best.sentence.matched
    for score, unit in scored[1:]:
        if is_alone or len(groups) == limit or score < top - MARGIN:
            break
        has_figures = not (wanted & ~unit.sentence.matched).any()
        said = [other for group in groups for other in group]
        is_new = not any(_repeats(unit.read, other.read) for other in said)
        if has_figures and is_new and unit.kind in (Kind.SENTENCE, Kind.ANSWER):
            groups.append(expand(unit, query, None))
    return groups


def _repeats(one: Sentence, other: Sentence) -> bool:
    """The same statement twice: overlapping chunks, captions, repeated slides."""
    a, b = set(words(one.text)), set(words(other.text))
    return len(a & b) >= 0.8 * min(len(a), len(b))
