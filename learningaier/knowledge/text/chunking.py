"""Text to chunks: passages of 150 to 250 words that follow the structure of the text.

No word is cut in two, no two topics are joined across a heading, a chunk ends with its page or with
the sentence that goes on over the page break, and `text[chunk.start:chunk.end]` is the chunk, to
the character.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from learningaier.knowledge.text.blocks import Block, Kind, split_blocks
from learningaier.knowledge.text.page_breaks import join_pages
from learningaier.knowledge.text.scripts import CJK, MARKS, UNSPACED
from learningaier.knowledge.text.segments import Segment, split_segments

ENOUGH_WORDS = 150  # a paragraph's end may close a chunk that has this many
MAX_WORDS = 250
MAX_HEADING = 200  # characters kept of a heading

# A run of letters without spaces counts a word for every two characters of Chinese, for every five
# of Thai (marks stay with their letter); of other letters (a hex dump, a sequence of DNA) one for
# every 64, so that a chunk has a bound.
_WORD = re.compile(
    rf"[{CJK}]{{1,2}}|[{UNSPACED}]{{1,5}}[{MARKS}]{{0,30}}|[^\s{CJK}{UNSPACED}]{{1,64}}"
)


@dataclass(frozen=True)
class Page:
    """Page `number` (from 1) of a text: its characters `start` to `end`."""

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class ChunkSpan:
    """A chunk before it is stored.

    `body_start` is where its text begins after the headings that open it; `headings` are those
    above it, the outermost first. `page_end`: where its last sentence ends. `lead`: the lead-in,
    header or question, of an earlier chunk, that its first segments belong to. `gaps`: where
    running lines within that sentence begin and end, in characters of the body.
    """

    start: int
    body_start: int
    end: int
    page: int | None
    headings: tuple[str, ...]
    page_end: int | None = None
    lead: str = ""
    gaps: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Piece:
    """What is never divided: a sentence, a table row, some lines of code."""

    start: int
    end: int
    words: int
    opens_paragraph: bool
    is_heading: bool = False
    lead: str = ""
    group_words: int = 0


def split_chunks(text: str, pages: Sequence[Page] = ()) -> list[ChunkSpan]:
    """The passages of a text, in order. Without pages, the whole text is one."""
    joined = join_pages(text, [(page.start, page.end) for page in pages])
    starts = [page.start for page in pages]

    def page_at(place: int) -> int | None:
        return pages[max(bisect_right(starts, place) - 1, 0)].number if pages else None

    path: list[tuple[int, str]] = []
    chunks: list[ChunkSpan] = []
    for start, end in joined.parts or [(0, len(text))]:
        shown = joined.text[start:end]
        for section in _sections(shown, split_blocks(shown, 0, len(shown)), path):
            headings = tuple(title for _, title in path)
            for first, body, last, lead in _pack(section, page_at, start):
                chunks.append(
                    ChunkSpan(
                        start + first,
                        start + body,
                        start + last,
                        page_at(start + first),
                        headings,
                        page_at(start + max(last - 1, first)),
                        lead,
                        joined.gaps_within(start + body, start + last),
                    )
                )
    return chunks


def compose_searched(title: str, headings: Sequence[str], body: str) -> str:
    """What of a chunk is embedded and indexed: its body under the material's title and headings."""
    return "\n".join([title, *headings, body])


def count_words(text: str) -> int:
    """Words of a text, in any script."""
    return sum(1 for _ in _WORD.finditer(text))


def _sections(
    text: str, blocks: Iterable[Block], path: list[tuple[int, str]]
) -> Iterator[list[_Piece]]:
    """The pieces between two headings; `path` holds the headings above while each is read."""
    pieces: list[_Piece] = []
    body: list[Block] = []
    for block in blocks:
        if block.kind is not Kind.HEADING:
            body.append(block)
            continue
        if body:
            yield [*pieces, *_pieces(text, body, path)]
            pieces, body = [], []
        _enter(path, block, text)
        words = count_words(text[block.start : block.end])
        pieces.append(_Piece(block.start, block.end, words, opens_paragraph=False, is_heading=True))
    if pieces or body:
        yield [*pieces, *_pieces(text, body, path)]


def _enter(path: list[tuple[int, str]], block: Block, text: str) -> None:
    while path and path[-1][0] >= block.level:
        path.pop()
    title = " ".join(text[block.start : block.end].strip("# \t\n").split())
    path.append((block.level, title[:MAX_HEADING]))


def _pieces(text: str, blocks: Sequence[Block], path: Sequence[tuple[int, str]]) -> list[_Piece]:
    """The segments of a section as pieces; those that belong together stay so, where they fit."""
    if not blocks:
        return []
    first, last = blocks[0].start, blocks[-1].end
    title = path[-1][1] if path else ""
    asked = title if title.endswith(("?", "\uff1f")) else ""
    section = text[first:last]
    segments = split_segments(section, asked)
    opening = {block.start - first for block in blocks}
    held = Counter(one.parent for one in segments if one.parent >= 0)
    pieces: list[_Piece] = []
    at = 0
    for number, one in enumerate(segments):
        # From where the segment before ended, so that marks and labels between are covered.
        start = at + len(section[at : one.start]) - len(section[at : one.start].lstrip())
        lead = (
            section[segments[one.parent].start : segments[one.parent].end]
            if held and one.parent >= 0
            else one.context
        )
        for index, (a, b) in enumerate(_divide(text, first + start, first + one.end)):
            opens = (
                index == 0
                and one.parent < 0
                and not opening.isdisjoint(range(start, one.start + 1))
            )
            pieces.append(_Piece(a, b, count_words(text[a:b]), opens, lead=lead))
        at = one.end
        if held[number] and pieces:
            _reserve(pieces, segments, section, number)
    if section[at:].strip():
        pieces += [
            _Piece(a, b, count_words(text[a:b]), opens_paragraph=False)
            for a, b in _divide(text, first + at, last)
        ]
    return pieces


def _reserve(pieces: list[_Piece], segments: Sequence[Segment], section: str, number: int) -> None:
    """Note with a lead-in, header or question how many words it and all that it holds take."""
    held = [one for one in segments[number + 1 : number + MAX_WORDS] if one.parent == number]
    words = sum(count_words(section[one.start : one.end]) for one in held)
    pieces[-1] = replace(pieces[-1], group_words=pieces[-1].words + words)


def _divide(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A piece that is longer than a chunk may be, cut between words."""
    words = list(_WORD.finditer(text, start, end))
    for at in range(0, len(words), MAX_WORDS):
        last = words[min(at + MAX_WORDS, len(words)) - 1]
        yield words[at].start(), last.end()


def _pack(
    pieces: Sequence[_Piece], page_at: Callable[[int], int | None], offset: int
) -> Iterator[tuple[int, int, int, str]]:
    """Fill chunks with pieces: up to a paragraph's end once there are enough words.

    Headings go with what stands below them, unless they alone fill a chunk. Yields: start, start of
    the body, and end of each chunk, and what its first piece belongs to. `offset`: of the pieces in
    the text whose pages `page_at` knows.
    """
    chunk: list[_Piece] = []
    words, has_body = 0, False
    for piece in pieces:
        is_full = words + piece.words > MAX_WORDS
        is_enough = words >= ENOUGH_WORDS and piece.opens_paragraph
        is_parted = words + piece.group_words > MAX_WORDS >= piece.group_words
        page = page_at(offset + piece.start)
        ends = (
            [page_at(offset + chunk[0].start), page_at(offset + chunk[-1].end - 1)] if chunk else []
        )
        is_over = any(end != page for end in ends)
        if (has_body and (is_full or is_enough or is_parted)) or words > MAX_WORDS or is_over:
            yield _bounds(chunk)
            chunk, words, has_body = [], 0, False
        chunk.append(piece)
        has_body = has_body or not piece.is_heading
        words += piece.words
    if chunk:
        yield _bounds(chunk)


def _bounds(chunk: Sequence[_Piece]) -> tuple[int, int, int, str]:
    opening = next((piece for piece in chunk if not piece.is_heading), None)
    body = opening.start if opening else chunk[-1].end
    return chunk[0].start, body, chunk[-1].end, opening.lead if opening else ""
