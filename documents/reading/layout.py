"""The order in which a page's lines are read: across a row, and column by column."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

_COLUMN_GAP = 0.3  # line heights between two columns: what OCR leaves of a narrow one
_COLUMN_FILL = 0.5  # share of a column's width that its lines usually have
_COLUMN_LINES = 3  # lines from which something is a column and not a row of a table
_COLUMN_LENGTH = 6  # line heights that a column's line is wide; the cells of a table are shorter
_PARAGRAPH_GAP = 0.9  # line heights of white between two paragraphs
_CELL_GAP = 1.6  # line heights of white between two cells of a row
MAX_DEPTH = 40


@dataclass(frozen=True)
class Piece:
    """A line, or a part of one, with its place on the page; `top` is smaller than `bottom`."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        """The height of the box, in points."""
        return self.bottom - self.top

    @property
    def width(self) -> float:
        """The width of the box, in points."""
        return self.right - self.left


def write_page(pieces: Sequence[Piece]) -> str:
    """The text of a page: a line a row, wide gaps within a row as tabs, paragraphs apart."""
    return "\n\n".join(_write_region(region) for region in _split(list(pieces), 0) if region)


def _split(pieces: list[Piece], depth: int) -> list[list[Piece]]:
    """Regions in reading order. Columns are split first, then what lies above each other."""
    if len(pieces) < 2 * _COLUMN_LINES or depth > MAX_DEPTH:
        return [pieces]
    height = median(piece.height for piece in pieces)
    if columns := _columns(pieces, height):
        return [region for column in columns for region in _split(column, depth + 1)]
    bands = _bands(pieces, height)
    if len(bands) < 2:
        return [pieces]
    regions = [_split(band, depth + 1) for band in bands]
    if all(len(found) == 1 for found in regions):
        return [pieces]  # no columns anywhere below: the bands are paragraphs of one region
    return [region for found in regions for region in found]


def _columns(pieces: list[Piece], height: float) -> list[list[Piece]]:
    """Left and right of the widest gap from top to bottom, if both are columns of prose."""
    best: tuple[float, float] = (_COLUMN_GAP * height, 0.0)
    reached = float("-inf")
    for piece in sorted(pieces, key=lambda piece: piece.left):
        if reached != float("-inf") and piece.left - reached > best[0]:
            best = (piece.left - reached, (piece.left + reached) / 2)
        reached = max(reached, piece.right)
    if not best[1]:
        return []
    sides = [
        [piece for piece in pieces if piece.right <= best[1]],
        [piece for piece in pieces if piece.left >= best[1]],
    ]
    return sides if all(_is_prose(side) for side in sides) else []


def _is_prose(side: list[Piece]) -> bool:
    if len(side) < _COLUMN_LINES:
        return False
    width = max(piece.right for piece in side) - min(piece.left for piece in side)
    usual = median(piece.width for piece in side)
    height = median(piece.height for piece in side)
    return usual > _COLUMN_FILL * width and usual > _COLUMN_LENGTH * height


def _bands(pieces: list[Piece], height: float) -> list[list[Piece]]:
    """What is parted by white from side to side."""
    bands: list[list[Piece]] = []
    reached = float("-inf")
    for piece in sorted(pieces, key=lambda piece: piece.top):
        if piece.top - reached > height * 0.3 or not bands:
            bands.append([])
        bands[-1].append(piece)
        reached = max(reached, piece.bottom)
    return bands


def _write_region(pieces: list[Piece]) -> str:
    out: list[str] = []
    bottom = None
    for row in _rows(pieces):
        top = min(piece.top for piece in row)
        height = median(piece.height for piece in row)
        if bottom is not None:
            out.append("\n\n" if top - bottom > _PARAGRAPH_GAP * height else "\n")
        out.append(_write_row(row, height))
        bottom = max(piece.bottom for piece in row)
    return "".join(out)


def _rows(pieces: list[Piece]) -> list[list[Piece]]:
    """Pieces at the same height, from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (piece.top + piece.bottom) / 2):
        middle = (piece.top + piece.bottom) / 2
        if rows and middle < min(other.bottom for other in rows[-1]) - piece.height * 0.25:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _write_row(row: list[Piece], height: float) -> str:
    out = row[0].text
    for before, piece in pairwise(row):
        out += ("\t" if piece.left - before.right > _CELL_GAP * height else " ") + piece.text
    return out
