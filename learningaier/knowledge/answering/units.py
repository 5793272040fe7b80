"""The sentences of a passage with what they belong to: lists, tables, questions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from learningaier.knowledge.retrieval.ranking import Query, Ranked, Sentence
from learningaier.knowledge.text.analyzer import terms
from learningaier.knowledge.text.features import split_body
from learningaier.knowledge.text.segments import KEY, NOT_ANSWERS, OPTION, Kind, Segment

MAX_GROUP = 20  # items of a list that are quoted together
MAX_GROUP_LENGTH = 1500  # characters
MAX_WHOLE_TABLE = 8  # rows
_WHO = re.compile(
    r"\b(?:who|whose|wer|qui|quién|chi|quem|wie|кто|ποιος|ai|kim|cine)\b|[谁誰]|誰", re.I
)
_PRONOUN = re.compile(
    r"\W*(?:(?:he|she|they|it|er|sie|es|il|elle|ils|elles|él|ella|lui|lei|hij|zij|он|она|они|el|ea)\b"
    r"|[他她它])",
    re.I,
)
LISTED = frozenset({Kind.ITEM, Kind.CODE, Kind.FORMULA})


@dataclass(frozen=True)
class Unit:
    """A sentence, item, row or block of a passage; `number`: its place there."""

    passage: "Passage"
    number: int
    sentence: Sentence
    segment: Segment

    @property
    def kind(self) -> Kind:
        """Which kind of unit this is."""
        return self.segment.kind

    @property
    def can_answer(self) -> bool:
        """Whether it is more than a question, a header or one of several options."""
        ends = self.text.rstrip().endswith(("?", "\uff1f", "\u061f"))
        return self.kind not in NOT_ANSWERS and not (ends and self.kind is not Kind.ANSWER)

    @cached_property
    def text(self) -> str:
        """Its characters, without running lines between two pages."""
        return self.passage.body[self.segment.start : self.segment.end]

    @cached_property
    def read(self) -> Sentence:
        """The sentence with the text that it is read as: a row with its header."""
        return replace(self.sentence, text=self.segment.read or self.text)

    def own(self, query: Query) -> NDArray[np.bool_]:
        """The words of a question that stand in it, not in what it belongs to."""
        found = {*terms(self.text, self.passage.language), *terms(self.text)}
        return np.array([not found.isdisjoint(variants) for variants in query.words], np.bool_)


@dataclass(frozen=True)
class Passage:
    """A ranked chunk as units; `body` has spaces for running lines."""

    body: str
    language: str
    units: list[Unit]

    def children(self, number: int) -> list[Unit]:
        """What a lead-in leads to."""
        held = (unit for unit in self.units if unit.segment.parent == number)
        return [unit for unit in held if unit.kind in LISTED]

    def neighbours(self, number: int) -> list[Unit]:
        """The items around one, of a list without a lead-in."""
        first = last = number
        while first and self._is_loose_item(first - 1):
            first -= 1
        while last + 1 < len(self.units) and self._is_loose_item(last + 1):
            last += 1
        return self.units[first : last + 1]

    def _is_loose_item(self, number: int) -> bool:
        segment = self.units[number].segment
        return segment.kind is Kind.ITEM and segment.parent < 0

    def indent(self, unit: Unit) -> int:
        """How far an item stands from the margin."""
        start = unit.segment.start
        return start - (self.body.rfind("\n", 0, start) + 1)


def read_passage(ranked: Ranked) -> Passage:
    """The units of a ranked chunk; plain sentences where it was analysed by an older version."""
    candidate = ranked.candidate
    split = split_body(candidate.text, candidate.lead, candidate.gaps)
    segments: Sequence[Segment] = split.segments
    spans = [(one.start, one.end) for one in ranked.sentences]
    if [(one.start, one.end) for one in segments] != spans:
        segments = [Segment(start, end, Kind.SENTENCE) for start, end in spans]
    passage = Passage(split.body, candidate.language, [])
    for number, (sentence, segment) in enumerate(zip(ranked.sentences, segments, strict=True)):
        passage.units.append(Unit(passage, number, sentence, segment))
    return passage


def expand(unit: Unit, query: Query, place: int | None) -> list[Unit]:
    """A chosen unit with what belongs to it, in the order of the text; empty if that is not there.

    `place`: which item of a list was asked for.
    """
    passage = unit.passage
    if unit.kind is Kind.ROW:
        return _expand_row(unit, query)
    if unit.kind is Kind.ANSWER:
        return [*_find_option(unit), unit]
    if unit.kind in LISTED:
        lead = unit.segment.parent
        leader = [passage.units[lead]] if lead >= 0 else []
        items = passage.children(lead) if lead >= 0 else passage.neighbours(unit.number)
        asked = leader[0].own(query) if leader else np.zeros(len(query.words), np.bool_)
        if place is None and (unit.own(query) & ~asked).any():
            return [unit] if unit.kind is Kind.ITEM else [*leader, unit]
    else:
        leader, items = [unit], passage.children(unit.number)
    leader = [one for one in leader if one.kind not in NOT_ANSWERS]
    if not items:
        return _with_person(unit, query)
    if place is not None:
        chosen = _pick_item(passage, items, place)
        return [*leader, *chosen] if chosen else []
    return [*leader, *_fit(items)]


def _find_option(unit: Unit) -> list[Unit]:
    """The option that an answer names by its letter."""
    key = KEY.fullmatch(unit.text.strip())
    parent = unit.segment.parent
    options = [one for one in unit.passage.units if one.kind is Kind.OPTION and parent >= 0]
    for one in options:
        letter = OPTION.match(one.text)
        is_of_same = one.segment.parent == parent
        if key and letter and is_of_same and letter[1].lower() == key[1].lower():
            return [one]
    return []


def _with_person(unit: Unit, query: Query) -> list[Unit]:
    """A sentence; where it says but "she" of whom was asked for, with the sentence before."""
    if not unit.number or not _WHO.search(query.text) or not _PRONOUN.match(unit.text):
        return [unit]
    before = unit.passage.units[unit.number - 1]
    return [before, unit] if before.kind is Kind.SENTENCE and before.can_answer else [unit]


def _pick_item(passage: Passage, items: Sequence[Unit], place: int) -> list[Unit]:
    """The item asked for, with those below it."""
    margin = min(passage.indent(item) for item in items)
    tops = [at for at, item in enumerate(items) if passage.indent(item) == margin]
    if not -len(tops) <= place < len(tops):
        return []
    number = place % len(tops)
    end = tops[number + 1] if number + 1 < len(tops) else len(items)
    return list(items[tops[number] : end])


def _fit(items: Sequence[Unit]) -> list[Unit]:
    kept: list[Unit] = []
    length = 0
    for item in items[:MAX_GROUP]:
        length += len(item.text)
        if kept and length > MAX_GROUP_LENGTH:
            break
        kept.append(item)
    return kept


def _expand_row(unit: Unit, query: Query) -> list[Unit]:
    """The row under its header, with the other rows that have as much of the question."""
    passage, header = unit.passage, unit.segment.parent
    rows = [one for one in passage.units if one.kind is Kind.ROW and one.segment.parent == header]
    own = unit.own(query)
    alike = [one for one in rows if not (own & ~one.own(query)).any()]
    if not own.any() and len(rows) > MAX_WHOLE_TABLE:
        alike = [unit]
    return [*([passage.units[header]] if header >= 0 else []), *alike[:MAX_WHOLE_TABLE]]
