"""Blocks of a page while it is walked through: paragraphs, lists in lists, tables in cells."""

import re
from dataclasses import dataclass, field
from typing import Any

from documents.reading.numbering import format_number
from documents.reading.numbers import as_number
from documents.reading.text import Block, Line, indent_item, join_rows

MAX_SPAN = 1000  # columns or rows, as browsers limit them
_COLLAPSED = re.compile(r"[ \t\n\r\f\u2028]*\u2028[ \t\n\r\f]*|[ \t\n\r\f]+")
_BREAK = "\u2028"  # a line break that was meant
_PRESERVED = frozenset({"pre", "listing", "xmp", "plaintext", "textarea"})
_KINDS = {"a": "a", "A": "A", "i": "i", "I": "I"}
_NO_MARK = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)


@dataclass
class _List:
    is_ordered: bool
    kind: str
    next: int
    step: int
    has_marks: bool


@dataclass
class _Table:
    rows: list[list[str]] = field(default_factory=list)
    spans: dict[int, int] = field(default_factory=dict)  # column to the rows it is still taken
    caption: list[Block] = field(default_factory=list)
    cells: list[list[Block]] = field(default_factory=list)
    is_grid: bool = False


@dataclass
class _Frame:
    """A place that collects blocks: the page, a cell, a caption."""

    blocks: list[Block] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    mark: str | None = None  # of the item that has not begun yet
    item_depth: int = 0
    column_span: int = 1
    row_span: int = 1


class PageBlocks:
    """Takes a page's text and the bounds of its blocks in their order."""

    def __init__(self) -> None:
        self._frames = [_Frame()]
        self._tables: list[_Table] = []
        self._line = Line()
        self._preserved = 0

    def write(self, text: str, script: str = "") -> None:
        """Add text to the paragraph."""
        self._line.write(text if not self._preserved else text.replace("\n", _BREAK), script)

    def break_line(self) -> None:
        """A line break within a paragraph."""
        self._line.write(_BREAK)

    def open_block(self, name: str, element: Any) -> None:  # noqa: C901  one case a kind of block
        """Whatever begins here begins on a new line."""
        self._end_line()
        frame = self._frames[-1]
        if name in _PRESERVED:
            self._preserved += 1
        if name in {"ul", "ol", "menu", "dir"}:
            frame.lists.append(_new_list(name, element))
        elif name == "li":
            frame.mark, frame.item_depth = self._next_mark(element), max(len(frame.lists), 1)
        elif name == "table":
            self._tables.append(_Table())
        elif name == "tr" and self._tables:
            self._tables[-1].rows.append([])
        elif name in {"td", "th"} and self._tables:
            self._frames.append(
                _Frame(column_span=_span(element, "colspan"), row_span=_span(element, "rowspan"))
            )
        elif name == "caption" and self._tables:
            self._frames.append(_Frame())
        elif name == "optgroup":
            self._line.write(element.get("label") or "")

    def close_block(self, name: str) -> None:
        """Whatever follows begins on a new line."""
        self._end_line()
        if name in _PRESERVED:
            self._preserved -= 1
        if name in {"ul", "ol", "menu", "dir"} and self._frames[-1].lists:
            self._frames[-1].lists.pop()
        elif name == "li":
            self._frames[-1].mark, self._frames[-1].item_depth = (
                None,
                len(self._frames[-1].lists) - 1,
            )
        elif name in {"td", "th"} and self._tables:
            self._end_cell(self._frames.pop())
        elif name == "caption" and self._tables:
            self._tables[-1].caption += self._frames.pop().blocks
        elif name == "table" and self._tables:
            self._end_table(self._tables.pop())

    def finish(self) -> list[Block]:
        """All blocks of the page."""
        self._end_line()
        return self._frames[0].blocks

    def _end_line(self) -> None:
        text = _COLLAPSED.sub(_collapse, self._line.take()) if not self._preserved else (
            self._line.take().replace(_BREAK, "\n").strip("\n")
        )  # fmt: skip
        text = text if self._preserved else text.strip(" \n")
        if not text.strip():
            return
        frame = self._frames[-1]
        if frame.item_depth <= 0:
            frame.blocks.append(Block(text))
            return
        mark, frame.mark = frame.mark, None
        indented = indent_item(mark or "", text, frame.item_depth - 1 + (mark is None))
        frame.blocks.append(Block(indented, is_item=True))

    def _next_mark(self, element: Any) -> str:
        lists = self._frames[-1].lists
        if not lists:
            return "•"
        current = lists[-1]
        if not current.is_ordered:
            return "•" if current.has_marks else ""
        value = element.get("value")
        number = as_number(value, current.next)
        current.next = number + current.step
        return f"{format_number(number, current.kind)}." if current.has_marks else ""

    def _end_cell(self, frame: _Frame) -> None:
        table = self._tables[-1]
        if not table.rows:
            table.rows.append([])
        row = table.rows[-1]
        _skip_taken(table, row)
        if row or frame.column_span > 1 or frame.row_span > 1:
            table.is_grid = True
        at = len(row)
        row.append(" ".join(block.text.strip() for block in frame.blocks))
        row.extend([""] * (frame.column_span - 1))
        for column in range(at, len(row)):
            if frame.row_span > 1:
                table.spans[column] = frame.row_span
        table.cells.append(frame.blocks)

    def _end_table(self, table: _Table) -> None:
        blocks = self._frames[-1].blocks
        blocks += table.caption
        if not table.is_grid:  # a frame around paragraphs, not a table
            blocks += [block for cell in table.cells for block in cell]
        elif text := join_rows(table.rows):
            blocks.append(Block(text))


def _collapse(match: re.Match[str]) -> str:
    return "\n" * match[0].count(_BREAK) if _BREAK in match[0] else " "


def _new_list(name: str, element: Any) -> _List:
    start, is_reversed = element.get("start") or "", element.get("reversed") is not None
    items = sum(1 for child in element if child.tag in {"li", "{http://www.w3.org/1999/xhtml}li"})
    first = as_number(start, items if is_reversed else 1)
    return _List(
        is_ordered=name == "ol",
        kind=_KINDS.get(element.get("type") or "", "decimal"),
        next=first,
        step=-1 if is_reversed else 1,
        has_marks=not _NO_MARK.search(element.get("style") or ""),
    )


def _span(element: Any, name: str) -> int:
    return max(1, min(as_number(element.get(name), 1), MAX_SPAN))


def _skip_taken(table: _Table, row: list[str]) -> None:
    """Leave places empty that a cell further up still takes."""
    if not row:
        table.spans = {column: left - 1 for column, left in table.spans.items() if left > 1}
    while table.spans.get(len(row), 0) > 0:
        row.append("")
