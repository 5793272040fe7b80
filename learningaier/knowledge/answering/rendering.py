"""Quoted units as the Markdown of an answer: lists, tables, code and formulas keep their form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from learningaier.knowledge.answering.drafts import Span
from learningaier.knowledge.answering.units import Unit
from learningaier.knowledge.text.code import fence_code
from learningaier.knowledge.text.segments import Kind

_QUOTED_LINE = re.compile(r"\n[ \t]*>[ \t]?")
_DELIMITING = re.compile(r"\n[ \t]*(\|(?:[ \t]*:?-+:?[ \t]*\|)+)[ \t\r]*(?:\n|$)")


@dataclass(frozen=True)
class Part:
    """A piece of an answer, what parts it from the piece before, and the span it stands on."""

    text: str
    separator: str
    span: Span
    is_header: bool = False


def render(groups: Sequence[Sequence[Unit]], room: int) -> list[Part]:
    """The parts of an answer.

    `room`: how many sources there may be. A group that has more stands on one span that holds it
    all.
    """
    parts: list[Part] = []
    before: Kind | None = None
    left = room
    for group in groups:
        whole = (group[0].sentence.chunk_id, group[0].segment.start, group[-1].segment.end)
        is_joined = len(group) > max(left, 1) and group[0].kind is not Kind.HEADER
        for unit in group:
            span = (unit.sentence.chunk_id, unit.segment.start, unit.segment.end)
            parts.append(
                Part(
                    _show(unit),
                    _separate(before, unit.kind) + _indent(unit, group),
                    whole if is_joined else span,
                    unit.kind is Kind.HEADER,
                )
            )
            before = unit.kind
        left -= 1 if is_joined else len(group)
    return parts


def _show(unit: Unit) -> str:
    text = unit.text.strip()
    if unit.kind is Kind.CODE:
        return fence_code(unit.text)
    if unit.kind is Kind.FORMULA:
        return text
    if unit.kind is Kind.HEADER:
        return text if not text.startswith("|") else f"{text}\n{_delimit(unit)}"
    if unit.kind is Kind.ROW and not text.startswith("|"):
        return unit.segment.read
    return " ".join(_QUOTED_LINE.sub(" ", text).split())


def _delimit(header: Unit) -> str:
    """The line below a table's header: its own, which aligns the columns, where it has one."""
    own = _DELIMITING.match(header.passage.body, header.segment.end)
    columns = len(re.findall(r"(?<!\\)\|", header.text.strip())) - 1
    return own.group(1) if own else "|" + "---|" * max(columns, 1)


def _indent(unit: Unit, group: Sequence[Unit]) -> str:
    """How far an item stands below the others that are quoted with it."""
    if unit.kind is not Kind.ITEM:
        return ""
    items = [one for one in group if one.kind is Kind.ITEM]
    margin = min(unit.passage.indent(one) for one in items)
    return " " * (unit.passage.indent(unit) - margin)


def _separate(before: Kind | None, kind: Kind) -> str:
    """What stands between two parts: running text, lines of one list or table, or blocks."""
    if before is None:
        return ""
    if before is Kind.OPTION:
        return "\n"
    lines = {Kind.ITEM, Kind.ROW, Kind.HEADER}
    if before in lines and kind in lines:
        return "\n"
    prose = {Kind.SENTENCE, Kind.ANSWER}
    return " " if before in prose and kind in prose else "\n\n"
