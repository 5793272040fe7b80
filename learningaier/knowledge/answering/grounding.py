"""Verifying what a language model cites, before anyone sees it.

A citation stands if its passage was given, its quote is there word for word (white space and
typographic marks aside), and the statement says what the quote says: their substance is shared, and
no figure and no name comes from elsewhere. A statement also has to speak about the question, so
that an order hidden in the material is not carried out with itself as the evidence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from learningaier.ai.providers import get_sentence_embedder
from learningaier.knowledge.answering.statements import Citation, Statement
from learningaier.knowledge.text.analyzer import names, query_terms, terms, words
from learningaier.knowledge.text.scripts import is_latin
from learningaier.knowledge.text.sentences import split_sentences
from learningaier.knowledge.text.stopwords import ENGLISH, EVERY, stopwords

SHARED = 0.5  # of a statement's content terms must stand in what it cites
SHARED_IF_CLOSE, CLOSE = 0.3, 0.55  # or less, where the vectors agree: a paraphrase
ABOUT = 0.35  # cosine from which a statement speaks about a question without sharing a word
ASKED_WORTH = 0.25  # of a content term that the question has already
MIN_QUOTE = 2  # words
STEM = 5  # characters that related words of two languages share: mitochondri-on, -um

_ALIKE = (
    "'\u2018\u2019\u02bc",
    '"\u201c\u201d\u201e\u00ab\u00bb',
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
)
_LOOSE = {character: f"[{alike}]" for alike in _ALIKE for character in alike}
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()


@dataclass(frozen=True)
class Passage:
    """A passage as the model was given it: its text, and the title and headings above it."""

    text: str
    title: str


@dataclass(frozen=True)
class Evidence:
    """A citation that stands: the passage's place among those given, and the sentences' span."""

    passage: int
    start: int
    end: int


def verify(
    statement: Statement, passages: Sequence[Passage], question: str
) -> tuple[Evidence, ...]:
    """The citations of a statement that stand, each once; none where the statement must go."""
    if not _is_about(statement.text, question):
        return ()
    located = (_locate(citation, passages) for citation in statement.citations)
    found = dict.fromkeys(evidence for evidence in located if evidence is not None)
    shared = tuple(
        evidence
        for evidence in found
        if _shares_substance(statement.text, evidence, passages, question)
    )
    return shared if shared and _is_grounded(statement.text, shared, passages, question) else ()


def find_quote(quote: str, text: str) -> tuple[int, int] | None:
    """Where a quote stands in a text word for word, with the sentences that it is part of.

    White space, typographic quotes and dashes may differ; no word and no letter may.
    """
    quoted = quote.strip()
    if len(words(quoted)) < MIN_QUOTE:
        return None
    pattern = r"\s+".join("".join(map(_loosen, part)) for part in quoted.split())
    match = re.search(rf"(?<!\w){pattern}(?!\w)" if _is_spaced(quoted) else pattern, text)
    if match is None:
        return None
    touched = [
        (start, end)
        for start, end in split_sentences(text)
        if start < match.end() and end > match.start()
    ]
    return min(match.start(), touched[0][0]), max(match.end(), touched[-1][1])


def _loosen(character: str) -> str:
    return _LOOSE.get(character) or re.escape(character)


def _is_spaced(text: str) -> bool:
    """Whether words are parted by spaces, as in all but Chinese and Japanese."""
    return text[0].isascii() and text[0].isalnum() and text[-1].isascii() and text[-1].isalnum()


def _locate(citation: Citation, passages: Sequence[Passage]) -> Evidence | None:
    if not 1 <= citation.passage <= len(passages):
        return None
    place = citation.passage - 1
    span = find_quote(citation.quote, passages[place].text)
    return None if span is None else Evidence(place, *span)


def _shares_substance(
    statement: str, evidence: Evidence, passages: Sequence[Passage], question: str
) -> bool:
    """Whether the statement says what the cited sentences say.

    Words of the question count little: they are no news. A statement in another
    language than the passage has to share a name, a figure or a related word.
    """
    passage = passages[evidence.passage]
    cited = passage.text[evidence.start : evidence.end]
    said = set(query_terms(statement))
    there = set(terms(f"{cited} {passage.title}")) | set(_spelled(cited))
    if not said:
        return False
    if _is_foreign(statement, cited):
        return bool({term[:STEM] for term in said} & {term[:STEM] for term in there})
    asked = set(query_terms(question))
    weights = {term: ASKED_WORTH if term in asked else 1.0 for term in said}
    share = sum(weights[term] for term in said & there) / sum(weights.values())
    return share >= SHARED or (share >= SHARED_IF_CLOSE and _cosine(statement, cited) >= CLOSE)


def _is_grounded(
    statement: str, found: Sequence[Evidence], passages: Sequence[Passage], question: str
) -> bool:
    """Whether each figure is in what is cited, and each name in the passages cited.

    A name may stand for a pronoun of the quote; both may have been asked about.
    """
    cited = " ".join(passages[one.passage].text[one.start : one.end] for one in found)
    around = " ".join(f"{passages[p.passage].title} {passages[p.passage].text}" for p in found)
    named = {term[:STEM] for term in terms(f"{around} {question}")}
    figures = {*terms(cited), *_spelled(cited), *terms(question)}
    said = {*names(statement), *_spelled(statement)}
    has_names = not _has_capital_nouns(statement)
    return all(
        term in figures if term[0].isdigit() else term[:STEM] in named or not has_names
        for term in said
    )


def _is_about(statement: str, question: str) -> bool:
    asked = {term[:STEM] for term in query_terms(question)}
    said = {term[:STEM] for term in query_terms(statement)}
    return bool(asked & said) or _cosine(statement, question) >= ABOUT


def _spelled(text: str) -> list[str]:
    """The figures that a text writes as words, as figures: `three` is 3."""
    return [str(_NUMBERS.index(word)) for word in words(text) if word in _NUMBERS]


def _is_foreign(one: str, other: str) -> bool:
    """Whether two texts differ in script, or share no function word though both have some."""
    if is_latin(one) != is_latin(other):
        return True
    a, b = set(words(one)) & EVERY, set(words(other)) & EVERY
    return bool(a and b) and not a & b


def _has_capital_nouns(text: str) -> bool:
    """German writes every noun as others write names."""
    found = set(words(text))
    return len(found & (stopwords("german") - ENGLISH)) > len(found & ENGLISH)


def _cosine(one: str, other: str) -> float:
    a, b = get_sentence_embedder().embed([one, other])
    return float(a @ b)
