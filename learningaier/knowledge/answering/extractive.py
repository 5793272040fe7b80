"""Answers without a language model: the best supported sentences word for word, or none."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from learningaier.knowledge.answering.drafts import Draft
from learningaier.knowledge.retrieval.ranking import Query, Ranked, Sentence
from learningaier.knowledge.text.analyzer import query_terms, stem, words
from learningaier.knowledge.text.scripts import is_latin
from learningaier.knowledge.text.stopwords import EVERY

THRESHOLD, THRESHOLD_GROWTH = 0.26, 0.018  # see threshold()
EVIDENCE_PRIOR = 4.0  # nats added to the question's information: one shared word is no support
DOUBT_MALUS = 0.05  # each for: one of several terms found, no date for a when, no sentence at all
CHUNKS = 5  # ranked chunks whose sentences may answer
PAIR_BONUS = 0.2
ANSWER_TYPE_BONUS = 0.2
FRAGMENT_MALUS = 0.2
OWN_BONUS = 0.2  # for the share of the question that the sentence itself covers
MARGIN = 0.3  # sentences this far below the best are left out
MAX_SENTENCES = 3  # of an answer

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_COUNTS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundreds?|thousands?"
    "|millions?|billions?|half|third|quarter|twice|once|single|several|first|second"
)
_KINDS = (
    (
        re.compile(
            r"\bhow (?:many|much|long|old|far|large|big|tall|high|fast|often|deep|wide|heavy)\b"
            r"|\b(?:what|which) (?:percent|number|portion|proportion|amount|fraction|population)"
            r"|\bpercent"
        ),
        re.compile(rf"\d|\b(?:{_COUNTS})\b", re.I),
    ),
    (
        re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|decade|century|time)\b"),
        re.compile(
            rf"\b(?:1\d{{3}}|20\d\d)s?\b|\b(?:{_MONTHS})\b|\bcentur|\bdecade"
            r"|\b\d+ (?:AD|BCE?|CE)\b",
            re.I,
        ),
    ),
    (
        re.compile(r"\bstands? for\b|\bacronym|\babbreviat|\bshort for\b"),
        re.compile(r"\([A-Z][\w-]*[A-Z]s?\)|\b[A-Z]{2,}s? \("),
    ),
    (
        re.compile(r"\bwhy\b|\bwhat (?:caused|causes|reason)"),
        re.compile(
            r"\b(?:because|due to|since|so that|in order to|therefore|as a result"
            r"|result(?:ed|s)? (?:in|from)|caus\w+|led to|reason|thus|to avoid)\b",
            re.I,
        ),
    ),
)
_NAMED = re.compile(
    r"\bwho(?:m|se)?\b|\bwhere\b|\b(?:what|which) (?:country|city|state|town|region|place"
    r"|location|continent|nation|river|street|area|district|countries|cities)\b"
)
_NAME = re.compile(r"(?<=[\w,;:)\]] )[\"'(\u201c]?([A-Z][\w'\u2019-]+)")


@dataclass(frozen=True)
class Extract:
    """What the library says to a question, and how far it supports that."""

    sentences: tuple[Sentence, ...]  # reading order; empty when refused
    quote: Sentence | None  # the best of them
    support: float

    @property
    def found(self) -> bool:
        return bool(self.sentences)


def extract_answer(draft: Draft) -> Iterator[str]:
    """Tell the sentences that support an answer, if any do, as running text."""
    found = draft.found
    limit = min(draft.top_k, MAX_SENTENCES)
    chosen = choose_sentences(found.query, found.ranked, limit)
    for sentence in chosen.sentences:
        quote = " ".join(sentence.text.split())  # line breaks of a page are mere spaces here
        yield draft.add_sentence(quote, [(sentence.chunk_id, sentence.start, sentence.end)])


def support(query: Query, sentence: Sentence) -> float:
    """At most 1: how much of the question the sentence speaks about, by words and by meaning.

    In other scripts than Latin the vectors know little more than which language it is, so there
    meaning counts as far as words bear it out.
    """
    coverage = float(query.weights @ sentence.held) / (query.total + EVIDENCE_PRIOR)
    lone = len(query.words) > 1 and np.count_nonzero(sentence.held) < 2
    doubts = lone + (answer_type_match(query.text, sentence.text) == 0) + is_fragment(sentence.text)
    meaning = max(sentence.cosine, 0.0)
    if not is_latin(sentence.text):
        meaning = min(meaning, coverage)
    return 0.5 * coverage + 0.5 * meaning - DOUBT_MALUS * doubts


def answer_type_match(question: str, sentence: str) -> float:
    """1 if the sentence holds the kind of thing asked for, 0 if not, 0.5 where nobody can tell."""
    asked = question.lower()
    for kind, evidence in _KINDS:
        if kind.search(asked):
            return 1.0 if evidence.search(sentence) else 0.0
    if not _NAMED.search(asked):
        return 0.5
    known = set(query_terms(question))
    named = (word for name in _NAME.findall(sentence) for word in words(name))
    return 1.0 if any(stem(word) not in known for word in named) else 0.0


def is_fragment(sentence: str) -> bool:
    """Table rows, headings, references: mostly figures, or (in Latin script) no function word."""
    found = words(sentence)
    figures = sum(word[0].isdigit() for word in found)
    is_bare = not any(word in EVERY for word in found)
    return figures * 3 > len(found) or (is_bare and is_latin(sentence))


def _bonus(query: Query, sentence: Sentence) -> float:
    own = float(query.weights @ sentence.matched) / (query.total or 1.0)
    bonus = (
        OWN_BONUS * own
        + PAIR_BONUS * sentence.pairs
        + ANSWER_TYPE_BONUS * answer_type_match(query.text, sentence.text)
    )
    return bonus - FRAGMENT_MALUS * is_fragment(sentence.text)


def threshold(chunks: int) -> float:
    """Support below this is "not in your notes": the best of many chunks scores high by chance."""
    return THRESHOLD + THRESHOLD_GROWTH * math.log(chunks + 1)


def choose_sentences(
    query: Query, ranked: Sequence[Ranked], limit: int = MAX_SENTENCES, least: float | None = None
) -> Extract:
    """At most `limit` sentences, grouped by chunk, in the order of the text."""
    order: dict[int, int] = {}
    scored: list[tuple[float, Sentence]] = []
    best = 0.0
    for chunk in ranked[:CHUNKS]:
        for sentence in chunk.sentences:
            if sentence.text.endswith("?"):
                continue  # a question in the text answers none
            held = support(query, sentence)
            best = max(best, held)
            scored.append((chunk.score + held + _bonus(query, sentence), sentence))
    if not scored or best < (threshold(query.chunks) if least is None else least):
        return Extract((), None, best)
    scored.sort(key=lambda pair: -pair[0])
    chosen = _pick(query, scored, limit)
    for sentence in chosen:
        order.setdefault(sentence.chunk_id, len(order))
    return Extract(
        tuple(sorted(chosen, key=lambda s: (order[s.chunk_id], s.start))), scored[0][1], best
    )


def _pick(query: Query, scored: Sequence[tuple[float, Sentence]], limit: int) -> list[Sentence]:
    """The best sentences that each say something of their own, best first.

    Where the best has the year or the number that was asked for, so must the others.
    """
    top, best = scored[0]
    wanted = query.figures & best.matched
    chosen: list[Sentence] = []
    for score, sentence in scored:
        if len(chosen) == limit or score < top - MARGIN:
            break
        has_figures = not (wanted & ~sentence.matched).any()
        if has_figures and not any(_repeats(sentence, other) for other in chosen):
            chosen.append(sentence)
    return chosen


def _repeats(one: Sentence, other: Sentence) -> bool:
    """The same statement twice: overlapping chunks, captions, repeated slides."""
    a, b = set(words(one.text)), set(words(other.text))
    return len(a & b) >= 0.8 * min(len(a), len(b))
