"""What a search result shows of a passage: the place that matters, and the words that match."""

import re
from collections.abc import Set as AbstractSet

from learningaier.knowledge.text.analyzer import terms
from learningaier.knowledge.text.scripts import CJK, MARKS, UNSPACED

MAX_PREVIEW = 240  # characters
LEAD = 60  # of them before the best sentence, where it does not fit otherwise
ELLIPSIS = "…"

_RUN = re.compile(f"[{CJK}]+|[{UNSPACED}]+")
_LETTER = rf"[^\W_{CJK}{UNSPACED}]"
_PIECE = re.compile(
    f"{_RUN.pattern}|{_LETTER}+(?:[{MARKS}\u00ad]+{_LETTER}*)*(?:['\u2019][^\\W_]+)*"
)


def make_preview(body: str, span: tuple[int, int] | None) -> str:
    """About 240 characters around a span of the body, white space as single spaces, whole words."""
    start = 0 if span is None else span[0]
    before = " ".join(body[:start].split())
    after = " ".join(body[start:].split())
    room = max(LEAD, MAX_PREVIEW - len(after))
    lead = before if len(before) <= room else _cut_front(before, room)
    text = f"{lead} {after}" if lead else after
    return text if len(text) <= MAX_PREVIEW else _cut_back(text)


def find_highlights(preview: str, wanted: AbstractSet[str]) -> list[list[int]]:
    """Spans of the preview (code points) that match one of the wanted index terms.

    By stem, and whatever the diacritics; where words have no spaces, by pairs of characters.
    """
    found: list[list[int]] = []
    for piece in _PIECE.finditer(preview):
        word, at = piece.group(), piece.start()
        for start, end in _units(word):
            if not wanted.isdisjoint(terms(word[start:end])):
                _add(found, at + start, at + end)
    return found


def _units(word: str) -> list[tuple[int, int]]:
    """The word itself; of a run without spaces the groups of characters that are its terms."""
    found = terms(word)
    if len(found) < 2 or not _RUN.fullmatch(word):
        return [(0, len(word))]
    size = len(found[0])
    return [(at, at + size) for at in range(len(word) - size + 1)]


def _add(found: list[list[int]], start: int, end: int) -> None:
    """Add a span; one that overlaps the last is joined to it."""
    if found and start < found[-1][1]:
        found[-1][1] = end
    else:
        found.append([start, end])


def _cut_front(text: str, room: int) -> str:
    tail = text[-room:]
    _, space, rest = tail.partition(" ")
    return f"{ELLIPSIS} {rest if space else tail}"


def _cut_back(text: str) -> str:
    head = text[:MAX_PREVIEW]
    front, space, _ = head.rpartition(" ")
    return f"{front if space and len(front) > MAX_PREVIEW // 2 else head} {ELLIPSIS}"
