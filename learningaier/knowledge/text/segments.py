"""What can be quoted of a text, each with what it belongs to.

A sentence says what it says. An item of a list needs the sentence that leads to it, a row its
header, an answer its question: that is a segment's `context`. It is searched together with it and
quoted without it.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from learningaier.knowledge.text.blocks import (
    ANSWER_LABEL,
    ITEM,
    LEAD_IN,
    QUESTION_LABEL,
    Block,
    split_blocks,
)
from learningaier.knowledge.text.blocks import Kind as BlockKind
from learningaier.knowledge.text.sentences import split_sentences
from learningaier.knowledge.text.tables import (
    DELIMITER,
    PIPES,
    find_separator,
    is_header,
    read_row,
    split_cells,
)

MAX_CONTEXT = 400  # characters
MAX_ASKING = 2  # sentences of a question: "Look at the cell. What is it called?"
MAX_CODE = 1200  # characters of code that is quoted whole
_ASKS = re.compile(
    r"[?？؟][*_]{0,3}\s*(?:[(\[（][^()\[\]（）]{0,30}[)\]）])?\s*$"
)  # "… ? (2 marks)"
_LEADS = re.compile(
    r"\b(?:following|below|as follows|these|folgend\w*|diese|nachstehend\w*|suivant\w*|siguientes?"
    r"|seguent[ei]|two|three|four|five|six|seven|eight|nine|ten|zwei|drei|vier|fünf|sechs|sieben"
    r"|acht|neun|zehn|[2-9]|1[0-9])\b|以下|如下|下列|[二两兩三四五六七八九十]个|[二两兩三四五六七八九十]個",
    re.I,
)
OPTION = re.compile(r"\s*\(?([A-Ha-h])[.)]\s+")
KEY = re.compile(r"\(?([A-Ha-h])\)?[.)]?\s*(?:\s|$)")
_PROTECTED = re.compile(r"\$[^$\n]{1,200}\$|`[^`\n]{1,200}`")


class Kind(StrEnum):
    """What a segment is; headers, questions and options are no answers by themselves."""

    SENTENCE = "sentence"
    ITEM = "item"
    HEADER = "header"
    ROW = "row"
    CODE = "code"
    FORMULA = "formula"
    QUESTION = "question"
    OPTION = "option"
    ANSWER = "answer"


NOT_ANSWERS = frozenset({Kind.HEADER, Kind.QUESTION, Kind.OPTION})


@dataclass(frozen=True)
class Segment:
    """A quotable span of a text.

    `context`: the words it belongs to. `parent`: the place, among the segments, of the lead-in,
    header or question that holds them; -1 where there is none. `read`: a row with its header.
    """

    start: int
    end: int
    kind: Kind
    context: str = ""
    parent: int = -1
    read: str = ""

    def searched(self, text: str) -> str:
        """What is indexed and embedded of it."""
        said = self.read or text[self.start : self.end]
        return f"{self.context} {said}" if self.context else said


def split_segments(text: str, lead: str = "") -> list[Segment]:
    """The segments of a text without headings, in order.

    `lead`: what its first segments belong to, where their lead-in, header or question stands
    before the text.
    """
    reader = _Reader(text, lead)
    for run in _group(split_blocks(text, 0, len(text)), text):
        reader.read(run)
    return reader.segments


def _group(blocks: list[Block], text: str) -> Iterator[list[Block]]:
    """Rows of one table together, everything else alone."""
    run: list[Block] = []
    for block in blocks:
        is_next = block.kind is BlockKind.ROW and run and run[-1].kind is BlockKind.ROW
        if run and not (is_next and "\n\n" not in text[run[-1].end : block.start]):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


class _Reader:
    """Takes block by block and remembers what the next ones may belong to."""

    def __init__(self, text: str, lead: str) -> None:
        self.segments: list[Segment] = []
        self._text = text
        self._lead, self._parent = lead[:MAX_CONTEXT], -1  # of items, code and formulas
        self._header = lead
        self._question = lead[:MAX_CONTEXT] if _ASKS.search(lead) else ""
        self._question_at = -1
        self._options: dict[str, str] = {}
        self._is_first = True

    def read(self, run: list[Block]) -> None:
        """Add the segments of a block, or of the rows of a table."""
        kind = run[0].kind
        if kind is BlockKind.ROW:
            self._read_table(run)
        elif kind is BlockKind.CODE:
            self._read_code(run[0])
        elif kind is BlockKind.FORMULA:
            self._add(run[0].start, run[0].end, Kind.FORMULA, self._lead, self._parent)
        elif kind is BlockKind.ITEM:
            self._read_item(run[0])
        else:
            self._read_paragraph(run[0])
        self._is_first = False

    def _add(self, start: int, end: int, kind: Kind, context: str = "", parent: int = -1) -> None:
        self.segments.append(Segment(start, end, kind, context, parent))

    def _read_paragraph(self, block: Block) -> None:
        body = self._text[block.start : block.end]
        label = ANSWER_LABEL.match(body)
        if label and self._question:
            self._read_answer(block.start + label.end(), block.end)
            return
        asked = QUESTION_LABEL.match(body)
        if asked or _is_question(body):
            self._read_question(block, block.start + asked.end() if asked else block.start)
            return
        if self._question and (self._is_first or self._question_at == len(self.segments) - 1):
            self._read_answer(block.start, block.end)
            return
        self._question = ""
        for start, end in _sentences(body):
            self._add(block.start + start, block.start + end, Kind.SENTENCE)
        self._lead_with_last()

    def _lead_with_last(self) -> None:
        """Let the last sentence lead to what follows, if it ends in a colon or says so."""
        last = self.segments[-1]
        said = self._text[last.start : last.end]
        self._lead = self._text[last.start : last.end][:MAX_CONTEXT]
        leads = LEAD_IN.search(said) or _LEADS.search(said)
        self._parent = len(self.segments) - 1 if leads else -1
        if not leads:
            self._lead = ""

    def _read_question(self, block: Block, start: int) -> None:
        """A question; its answer may stand on the same line."""
        body = self._text[start : block.end]
        mark = re.search(r"[?？؟]", body)
        label = ANSWER_LABEL.match(body, mark.end()) if mark else None
        end = start + mark.end() if mark and label else block.end
        self._question = self._text[start:end][:MAX_CONTEXT]
        self._question_at = len(self.segments)
        self._options = {}
        self._add(start, end, Kind.QUESTION)
        self._lead, self._parent = self._question, self._question_at
        if label:
            self._read_answer(start + label.end(), block.end)
        elif mark and body[mark.end() :].strip() and not _ASKS.search(body):
            self.segments[-1] = replace(self.segments[-1], end=start + mark.end())
            self._read_answer(start + mark.end(), block.end)

    def _read_answer(self, start: int, end: int) -> None:
        body = self._text[start:end]
        key = KEY.match(body.strip())
        chosen = self._options.get(key.group(1).lower(), "") if key else ""
        for first, last in _sentences(body):
            context = f"{self._question} {chosen}".strip()
            self._add(start + first, start + last, Kind.ANSWER, context, self._question_at)
        if self._is_first and self._question_at < 0:
            self._question = ""

    def _read_item(self, block: Block) -> None:
        body = self._text[block.start : block.end]
        mark = ITEM.match(body)
        said = body[mark.end() :] if mark else body
        label = ANSWER_LABEL.match(said)
        if label and self._question:
            self._read_answer(block.end - len(said) + label.end(), block.end)
            return
        if QUESTION_LABEL.match(said) or _is_question(said):
            self._read_question(block, block.end - len(said))
            return
        option = OPTION.match(body)
        if self._question and option:
            self._choose_option(block, option.group(1).lower())
            return
        for number, (start, end) in enumerate(_sentences(body)):
            first = block.start + (start if number else len(body) - len(body.lstrip()))
            self._add(first, block.start + end, Kind.ITEM, self._lead, self._parent)

    def _choose_option(self, block: Block, letter: str) -> None:
        """One of several answers to choose from; the key says later which is right."""
        said = self._text[block.start : block.end]
        self._options[letter] = said.strip()
        self._add(block.start, block.end, Kind.OPTION, self._question, self._question_at)
        shift = len(said) - len(said.lstrip())
        self.segments[-1] = replace(self.segments[-1], start=block.start + shift)

    def _read_code(self, block: Block) -> None:
        start = block.start
        while block.end - start > MAX_CODE:
            cut = self._text.rfind("\n", start + 1, start + MAX_CODE)
            cut = cut if cut > start else start + MAX_CODE
            self._add(start, cut, Kind.CODE, self._lead, self._parent)
            start = cut + (self._text[cut] == "\n")
        if self._text[start : block.end].strip():
            self._add(start, block.end, Kind.CODE, self._lead, self._parent)

    def _read_table(self, rows: list[Block]) -> None:
        lines = [self._text[row.start : row.end] for row in rows]
        separator = "|" if PIPES.match(lines[0]) else find_separator(lines)
        header, parent = self._find_header(lines, separator)
        for number, (row, line) in enumerate(zip(rows, lines, strict=True)):
            if separator == "|" and DELIMITER.match(line):
                continue
            cells = split_cells(line, separator) if separator else [line]
            if number == 0 and parent >= 0:
                self._add(row.start, row.end, Kind.HEADER)
                continue
            read = read_row(cells, header)
            context = self._lead if self._parent >= 0 else ""
            self.segments.append(Segment(row.start, row.end, Kind.ROW, context, parent, read))

    def _find_header(self, lines: list[str], separator: str) -> tuple[list[str], int]:
        """The names of the columns, and the place of the segment that they become, or -1."""
        first = split_cells(lines[0], separator) if separator else lines[:1]
        if self._is_first and self._header:
            before = split_cells(self._header, separator) if separator else []
            if len(before) == len(first):
                return before, -1
        is_marked = separator == "|" and len(lines) > 1 and DELIMITER.match(lines[1])
        if is_marked or (len(lines) > 1 and is_header(first)):
            return first, len(self.segments)
        return [], -1


def _is_question(body: str) -> bool:
    """Whether a block asks and says nothing else, but for the marks to be had."""
    asks = _ASKS.search(body)
    return asks is not None and len(_sentences(body[: asks.start() + 1])) <= MAX_ASKING


def _sentences(body: str) -> list[tuple[int, int]]:
    """The sentences of a block, formulas and code within a line kept whole."""
    spans = split_sentences(body)
    if "$" not in body and "`" not in body:
        return spans
    kept = [match.span() for match in _PROTECTED.finditer(body)]
    starts = [start for start, _ in kept]
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        before = bisect_left(starts, joined[-1][1]) - 1 if joined else -1
        if before >= 0 and joined[-1][1] < kept[before][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
