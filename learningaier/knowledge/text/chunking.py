"""Text to chunks: passages of 150 to 250 words that follow the structure of the text.

No word is cut in two, no two topics are joined across a heading, no chunk spans two pages, and
`text[chunk.start:chunk.end]` is the chunk, to the character.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from learningaier.knowledge.text.blocks import Block, Kind, split_blocks
from learningaier.knowledge.text.scripts import CJK
from learningaier.knowledge.text.sentences import split_sentences

ENOUGH_WORDS = 150  # a paragraph's end may close a chunk that has this many
MAX_WORDS = 250
MAX_HEADING = 200  # characters kept of a heading

# A run of letters without spaces, as in Chinese, counts a word for every two characters; of other
# letters (a hex dump, a sequence of DNA) one for every 64, so that a chunk has a bound.
_WORD = re.compile(rf"[{CJK}]{{1,2}}|[^\s{CJK}]{{1,64}}")


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
    above it, the outermost first.
    """

    start: int
    body_start: int
    end: int
    page: int | None
    headings: tuple[str, ...]


@dataclass(frozen=True)
class _Piece:
    """What is never divided: a sentence, a table row, some lines of code."""

    start: int
    end: int
    words: int
    opens_paragraph: bool
    is_heading: bool = False


def split_chunks(text: str, pages: Sequence[Page] = ()) -> list[ChunkSpan]:
    """The passages of a text, in order. Without pages, the whole text is one."""
    parts: list[tuple[int | None, int, int]]
    parts = [(page.number, page.start, page.end) for page in pages] or [(None, 0, len(text))]
    path: list[tuple[int, str]] = []
    passages: list[ChunkSpan] = []
    for number, start, end in parts:
        for section in _sections(text, split_blocks(text, start, end), path):
            headings = tuple(title for _, title in path)
            for first, body, last in _pack(section):
                passages.append(ChunkSpan(first, body, last, number, headings))
    return passages


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
    has_body = False
    for block in blocks:
        if block.kind is Kind.HEADING:
            if has_body:
                yield pieces
                pieces, has_body = [], False
            _enter(path, block, text)
            words = count_words(text[block.start : block.end])
            pieces.append(
                _Piece(block.start, block.end, words, opens_paragraph=False, is_heading=True)
            )
        else:
            held = list(_pieces(text, block))
            pieces += held
            has_body = has_body or bool(held)
    if pieces:
        yield pieces


def _enter(path: list[tuple[int, str]], block: Block, text: str) -> None:
    while path and path[-1][0] >= block.level:
        path.pop()
    title = " ".join(text[block.start : block.end].strip("# \t\n").split())
    path.append((block.level, title[:MAX_HEADING]))


def _pieces(text: str, block: Block) -> Iterator[_Piece]:
    body = text[block.start : block.end]
    spans = split_sentences(body)
    for index, (start, end) in enumerate(spans):
        for first, last in _divide(text, block.start + start, block.start + end):
            opens_paragraph = index == 0 and first == block.start + start
            yield _Piece(first, last, count_words(text[first:last]), opens_paragraph)


def _divide(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A piece that is longer than a chunk may be, cut between words."""
    words = list(_WORD.finditer(text, start, end))
    for at in range(0, len(words), MAX_WORDS):
        last = words[min(at + MAX_WORDS, len(words)) - 1]
        yield words[at].start(), last.end()


def _pack(pieces: Sequence[_Piece]) -> Iterator[tuple[int, int, int]]:
    """Fill chunks with pieces: up to a paragraph's end once there are enough words.

    Headings go with what stands below them, unless they alone fill a chunk.

    Yields: start, start of the body, and end of each chunk.
    """
    chunk: list[_Piece] = []
    words, has_body = 0, False
    for piece in pieces:
        is_full = words + piece.words > MAX_WORDS
        is_enough = words >= ENOUGH_WORDS and piece.opens_paragraph
        if (has_body and (is_full or is_enough)) or words > MAX_WORDS:
            yield _bounds(chunk)
            chunk, words, has_body = [], 0, False
        chunk.append(piece)
        has_body = has_body or not piece.is_heading
        words += piece.words
    if chunk:
        yield _bounds(chunk)


def _bounds(chunk: Sequence[_Piece]) -> tuple[int, int, int]:
    body = next((piece.start for piece in chunk if not piece.is_heading), chunk[-1].end)
    return chunk[0].start, body, chunk[-1].end
