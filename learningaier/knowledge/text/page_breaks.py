"""Sentences that go on over a page break, and the running lines that stand between.

A header, a footer or a page number is a line at a page's edge that other pages have too (figures
aside), or a number alone. Where the last sentence of a page goes on after it, both pages are read
as one, and what stands between is a gap in that sentence.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from learningaier.knowledge.text.blocks import (
    ENDS_SENTENCE,
    ITEM,
    MARKDOWN_HEADING,
    NUMBERED_HEADING,
)
from learningaier.knowledge.text.code import FENCE
from learningaier.knowledge.text.stopwords import EVERY

EDGE_LINES = 3  # at the top and at the bottom of a page that may be running lines
MAX_RUNNING_LINE = 120  # characters
FULL_LINE, WRAPPED_WIDTH = 0.75, 40  # as in `blocks`
_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|p\.|página|pagina|стр\.?|σελ\.?|trang|sayfa|第)\s*)?(?:\d{1,4}|[ivxlc]{1,6})"
    r"(?:\s*(?:/|of|von|de|из|từ|共)\s*\d{1,4})?\s*[页頁]?\W*$",
    re.I,
)
_STOPS = re.compile(r"[.!?。！？؟।۔]")
_LINE = re.compile(r"[^\n\f]*\S[^\n\f]*")


@dataclass(frozen=True)
class JoinedPages:
    """A text with its gaps blanked (as long as before), and the parts that are read as one."""

    text: str
    parts: list[tuple[int, int]]
    gaps: list[tuple[int, int]]

    def gaps_within(self, start: int, end: int) -> tuple[int, ...]:
        """The gaps of a span, counted from its start: where each begins and ends, in one row."""
        held = (gap for gap in self.gaps if gap[0] >= start and gap[1] <= end)
        return tuple(place - start for gap in held for place in gap)


def join_pages(text: str, pages: Sequence[tuple[int, int]]) -> JoinedPages:
    """Join the pages over whose break a sentence goes on."""
    lines = [[match.span() for match in _LINE.finditer(text, *page)] for page in pages]
    running = _find_running(text, lines)
    parts = [list(page) for page in pages[:1]]
    gaps: list[tuple[int, int]] = []
    for before, after, page in zip(lines, lines[1:], pages[1:], strict=False):
        last = next(
            (span for span in reversed(before) if not _is_running(text, span, running)), None
        )
        first = next((span for span in after if not _is_running(text, span, running)), None)
        if last and first and _goes_on(text, before, last, after, first):
            gaps.append((last[0] + len(text[slice(*last)].rstrip()), first[0]))
            parts[-1][1] = page[1]
        else:
            parts.append(list(page))
    pieces, at = [], 0
    for start, end in gaps:
        pieces += [text[at:start], " " * (end - start)]
        at = end
    shown = "".join([*pieces, text[at:]])
    return JoinedPages(shown, [(start, end) for start, end in parts], gaps)


def _find_running(text: str, lines: Sequence[Sequence[tuple[int, int]]]) -> set[str]:
    """The lines at the pages' edges that two pages have."""
    counts: Counter[str] = Counter()
    for page in lines:
        edges = {*page[:EDGE_LINES], *page[-EDGE_LINES:]}
        counts.update({_shape(text[start:end]) for start, end in edges})
    return {
        shape for shape, count in counts.items() if count > 1 and len(shape) <= MAX_RUNNING_LINE
    }


def _shape(line: str) -> str:
    return " ".join(re.sub(r"\d+", "0", line).casefold().split())


def _is_running(text: str, span: tuple[int, int], running: set[str]) -> bool:
    line = text[slice(*span)]
    return _shape(line) in running or (len(line) < 40 and _NUMBER.match(line) is not None)


def _goes_on(
    text: str,
    before: Sequence[tuple[int, int]],
    last: tuple[int, int],
    after: Sequence[tuple[int, int]],
    first: tuple[int, int],
) -> bool:
    """Whether a page's last line is followed, within its sentence, by the next page's first."""
    ending, opening = text[slice(*last)].strip(), text[slice(*first)].strip()
    if ENDS_SENTENCE.search(ending) or "\t" in ending or ending.startswith(("#", "|")):
        return False
    marks = (FENCE, ITEM, MARKDOWN_HEADING, NUMBERED_HEADING)
    if any(mark.match(opening) for mark in marks) or opening.startswith("|") or "\t" in opening:
        return False
    head, tail = opening.lstrip("\"'“‘«(「『")[:1], ending.split()[-1].lower().strip(",-")
    if head.islower() or ending.endswith((",", "-", "，", "、", "\u00ad")) or tail in EVERY:
        return True
    is_prose = _STOPS.search(text, first[0], after[min(len(after), 6) - 1][1]) is not None
    if head.isdigit() or head.lower() == head.upper():  # a figure, or a script without capitals
        return is_prose
    widths = sorted(end - start for start, end in before)
    usual = widths[len(widths) * 9 // 10]
    is_full = usual >= WRAPPED_WIDTH and len(ending) >= FULL_LINE * usual
    return is_prose and (is_full or _STOPS.search(ending) is not None)
