"""The structure of a text: headings, paragraphs, list items, table rows, code.

Two kinds of text come in: Markdown, where a blank line ends a paragraph, and the hard-wrapped lines
of a page, where only a line that stops early tells where a paragraph ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from learningaier.knowledge.text.code import find_code
from learningaier.knowledge.text.tables import PIPES, find_separator

MARKDOWN_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+\S")
NUMBERED_HEADING = re.compile(r"\s*((?:\d{1,2}\.)*\d{1,2})\.?\s+[^\W\d_a-z][^.!?]*$")
ITEM = re.compile(
    r"\s*(?:[-*+•●▪–◦‣·]\s+|\(?\d{1,3}[.)]\s+|[\(（]?\d{1,2}[)、）]\s*|\(?[a-z][)]\s+|[A-H]\)\s+"
    r"|\((?:[ivx]{1,5}|[a-z])\)\s*|[①-⑳]\s*|[(（]?[一二三四五六七八九十]{1,3}[)、）]\s*"
    r"|第[一二三四五六七八九十]{1,3}[,，、:：]\s*)(?=\S)"
)
LEAD_IN = re.compile(r"[:：][*_]{0,3}\s*$")
FORMULA = re.compile(r"\s*(?:\$\$|\\\[)")
FORMULA_END = re.compile(r"(?:\$\$|\\\])\s*$")
# What opens a question or its answer in exercises and papers, in several languages.
_BEFORE_LABEL = r"\s*(?:[-*+>]\s+)?(?:\*\*|__)?"
_AFTER_LABEL = r"\s*\d{0,3}\s*(?:[:：.)](?:\*\*|__)?\s*|(?:\*\*|__)[:：]?\s+)(?=\S)"
QUESTION_LABEL = re.compile(
    rf"{_BEFORE_LABEL}(?:(?:Q(?:uestion|ues)?|Frage|Pregunta|Domanda|Pergunta|Vraag|Întrebare|Soru"
    r"|Câu hỏi|Hỏi|Вопрос|Ερώτηση|سؤال|السؤال|प्रश्न|ถาม|คำถาม|问题?|問題?|题目?|質問|질문)"
    rf"{_AFTER_LABEL}|(?:F|P|D|V|S|В|Ε|س)\s?\d{{0,3}}\s?[:：]\s*(?=[^\n]{{1,400}}[?？؟]))"
)
ANSWER_LABEL = re.compile(
    rf"{_BEFORE_LABEL}(?:(?:A(?:ns(?:wer)?)?|Solution|Antwort|Lösung|Respuesta|Réponse|Risposta"
    r"|Resposta|Antwoord|Răspuns|Cevap|Đáp án|Trả lời|Đáp|Ответ|Απάντηση|الجواب|جواب|إجابة|الإجابة"
    rf"|उत्तर|ตอบ|คำตอบ|答案?|解答?|回答|答え|답변?|정답){_AFTER_LABEL}|(?:R|C|О|Α|ج)\s?\d{{0,3}}\s?[:：]\s*)"
)
MAX_LISTED_LINE = 80  # characters of a line that is an item without a mark
ENDS_SENTENCE = re.compile(r"[.!?…:;。！？]['\"”’»)\]]*\s*$")

MAX_HEADING = 80  # characters of a heading that no mark tells
MAX_MARKED_HEADING = 200  # characters of one that a mark tells; a longer line is a paragraph
FULL_LINE = 0.75  # share of the usual width below which a line was ended, not wrapped
WRAPPED_WIDTH = 40  # characters; narrower pages are lists and slides, one thing a line


class Kind(StrEnum):
    """What a block is; all but headings can be quoted."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    FORMULA = "formula"


@dataclass(frozen=True)
class Block:
    """A run of whole lines, `start` to `end` in the text. `level`: a heading's, 1 to 6."""

    kind: Kind
    start: int
    end: int
    level: int = 0


@dataclass(frozen=True)
class _Line:
    text: str
    start: int
    end: int


def split_blocks(text: str, start: int, end: int) -> list[Block]:
    """The blocks of `text[start:end]`, in order; blank lines belong to none."""
    lines = list(_lines(text, start, end))
    usual = _usual_width(lines)
    kinds = _classify(lines, usual)
    blocks: list[Block] = []
    for index, (line, (kind, level)) in enumerate(zip(lines, kinds, strict=True)):
        if not line.text.strip() and kind is not Kind.CODE:
            continue
        if index and blocks and _continues(lines, kinds, index, usual):
            blocks[-1] = Block(blocks[-1].kind, blocks[-1].start, line.end, blocks[-1].level)
        else:
            blocks.append(Block(kind, line.start, line.end, level))
    return blocks


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    at = start
    for raw in text[start:end].splitlines(keepends=True):
        yield _Line(raw, at, at + len(raw.rstrip()))
        at += len(raw)


def _usual_width(lines: list[_Line]) -> int:
    """The width that full lines have: the nine-tenths quantile of the lines' lengths."""
    widths = sorted(len(line.text.strip()) for line in lines if line.text.strip())
    return widths[len(widths) * 9 // 10] if widths else 0


def _classify(lines: list[_Line], usual: int) -> list[tuple[Kind, int]]:
    kinds: list[tuple[Kind, int]] = []
    is_code = find_code([line.text for line in lines])
    in_formula = False
    for index, line in enumerate(lines):
        if is_code[index]:
            kinds.append((Kind.CODE, 0))
        elif in_formula or FORMULA.match(line.text):
            kinds.append((Kind.FORMULA, 0))
            is_whole = in_formula or len(line.text.strip()) > 4
            in_formula = not (is_whole and FORMULA_END.search(line.text)) and bool(
                line.text.strip()
            )
        else:
            kinds.append(_classify_line(lines, index, usual))
    _mark_tables(lines, kinds)
    _mark_listed_lines(lines, kinds)
    return kinds


def _mark_tables(lines: list[_Line], kinds: list[tuple[Kind, int]]) -> None:
    """Make rows of runs of lines whose cells are parted by tabs, commas or semicolons."""
    for start, end in _runs(lines, kinds, {Kind.PARAGRAPH, Kind.ITEM, Kind.HEADING}):
        if find_separator([line.text for line in lines[start:end]]):
            kinds[start:end] = [(Kind.ROW, 0)] * (end - start)


def _mark_listed_lines(lines: list[_Line], kinds: list[tuple[Kind, int]]) -> None:
    """Make items of short lines without a mark that follow a line which ends in a colon."""
    for start, end in _runs(lines, kinds, {Kind.PARAGRAPH}):
        lead = next((at for at in range(start, end) if LEAD_IN.search(lines[at].text)), end)
        listed = [line.text.strip() for line in lines[lead + 1 : end]]
        is_list = len(listed) > 1 and all(
            len(text) <= MAX_LISTED_LINE and not ENDS_SENTENCE.search(text.rstrip(";,；，"))
            for text in listed[:-1]
        )
        labelled = any(QUESTION_LABEL.match(text) or ANSWER_LABEL.match(text) for text in listed)
        if is_list and not labelled and len(listed[-1]) <= MAX_LISTED_LINE:
            kinds[lead + 1 : end] = [(Kind.ITEM, 0)] * len(listed)


def _runs(
    lines: list[_Line], kinds: list[tuple[Kind, int]], wanted: set[Kind]
) -> Iterator[tuple[int, int]]:
    """The runs of lines of these kinds without a blank line, as first and past the last."""
    start = 0
    for at in range(len(lines) + 1):
        if at < len(lines) and kinds[at][0] in wanted and lines[at].text.strip():
            continue
        if at > start:
            yield start, at
        start = at + 1


def _classify_line(lines: list[_Line], index: int, usual: int) -> tuple[Kind, int]:
    text = lines[index].text
    marked = MARKDOWN_HEADING.match(text)
    if marked and len(text.strip("# \t\n")) <= MAX_MARKED_HEADING:
        return Kind.HEADING, len(marked.group(1))
    if PIPES.match(text):
        return Kind.ROW, 0
    if _is_plain_heading(lines, index, usual):
        numbered = NUMBERED_HEADING.match(text)
        return Kind.HEADING, 1 + numbered.group(1).count(".") if numbered else 2
    if ITEM.match(text):
        return Kind.ITEM, 0
    return Kind.PARAGRAPH, 0


def _is_plain_heading(lines: list[_Line], index: int, usual: int) -> bool:
    """A short line with a capital and no stop, between an ended paragraph and a fuller line."""
    text = lines[index].text.strip()
    following = lines[index + 1].text.strip() if index + 1 < len(lines) else ""
    if not text or len(text) > MAX_HEADING or ENDS_SENTENCE.search(text):
        return False
    if usual < WRAPPED_WIDTH or len(text) > FULL_LINE * usual or len(following) <= len(text):
        return False
    head = text.lstrip("0123456789. ")[:1]
    before = lines[index - 1].text.strip() if index else ""
    is_after_end = not before or ENDS_SENTENCE.search(before) is not None
    return head.isupper() and following[:1].isupper() and is_after_end and len(text.split()) > 0


def _continues(lines: list[_Line], kinds: list[tuple[Kind, int]], index: int, usual: int) -> bool:
    """Whether a line goes on with the block of the line before it."""
    before, line = lines[index - 1], lines[index]
    kind_before, kind = kinds[index - 1][0], kinds[index][0]
    if kind in (Kind.CODE, Kind.FORMULA) and kind_before is kind:
        return True
    if QUESTION_LABEL.match(line.text) or ANSWER_LABEL.match(line.text):
        return False
    if not before.text.strip() or kind is not Kind.PARAGRAPH:
        return False
    if kind_before not in (Kind.PARAGRAPH, Kind.ITEM):
        return False
    return not _ended_early(before, line, usual)


def _ended_early(before: _Line, line: _Line, usual: int) -> bool:
    """Whether wrapping does not explain the line break: the next word would have fitted."""
    text, following = before.text.strip(), line.text.strip()
    fits = len(text) + 1 + len(following.split(" ", 1)[0])
    is_short = fits < FULL_LINE * usual
    return is_short and ENDS_SENTENCE.search(text) is not None and not following[:1].islower()
