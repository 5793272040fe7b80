"""Tables as they stand in a text: Markdown's pipes, the tabs of an extracted document, CSV.

A row says little alone, so it is read with its header: `Country: Chad; Capital: N'Djamena`.
"""

import csv
import re
from collections.abc import Sequence

PIPES = re.compile(r"\s*\|.*\|\s*$")
DELIMITER = re.compile(
    r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$|\s*\|\s*:?-+:?\s*\|\s*$"
)
_UNESCAPED_PIPE = re.compile(r"(?<!\\)\|")
_FIGURE = re.compile(r"[-−+]?[\d.,\s%$€£°]*\d[\d.,\s%$€£°]*$")
_YEAR = re.compile(r"(?:1[0-9]|20)\d\d$")

MIN_COLUMNS = 2
MAX_CSV_CELL = 80  # characters on average; more is prose with commas


def find_separator(lines: Sequence[str]) -> str:
    """What parts the cells of lines that are a table: a tab, a comma or a semicolon; else "".

    The lines stand one after the other without a blank one between. Prose has spaces after its
    commas, and not the same number of them in each line.
    """
    if len(lines) < 2:
        return ""
    for separator in "\t,;":
        counts = {len(split_cells(line, separator)) for line in lines}
        columns = next(iter(counts))
        if len(counts) > 1 or columns < MIN_COLUMNS:
            continue
        if separator == "\t" or _is_csv(lines, separator, columns):
            return separator
    return ""


def _is_csv(lines: Sequence[str], separator: str, columns: int) -> bool:
    spaced = sum(line.count(f"{separator} ") for line in lines)
    quoted = sum(line.count('"') for line in lines)
    length = sum(map(len, lines)) / (len(lines) * columns)
    return (spaced == 0 or quoted >= 2 * spaced) and length <= MAX_CSV_CELL


def split_cells(row: str, separator: str) -> list[str]:
    """The cells of a row, without surrounding white space."""
    if separator == "|":
        inner = row.strip().removeprefix("|")
        if inner.endswith("|") and not inner.endswith("\\|"):
            inner = inner[:-1]
        return [cell.strip().replace("\\|", "|") for cell in _UNESCAPED_PIPE.split(inner)]
    if separator == "\t":
        return [cell.strip() for cell in row.strip("\r\n").split("\t")]
    try:
        return [cell.strip() for cell in next(csv.reader([row], delimiter=separator), [])]
    except csv.Error:
        return [row]


def is_header(cells: Sequence[str]) -> bool:
    """Whether the first row of a table names its columns: words, or years, but no other figures."""
    figures = [cell for cell in cells[1:] if _FIGURE.match(cell) and not _YEAR.match(cell)]
    named = sum(bool(cell) for cell in cells)
    return not figures and named >= max(1, len(cells) - 1) and not _FIGURE.match(cells[0] or "x")


def read_row(cells: Sequence[str], header: Sequence[str]) -> str:
    """A row as a sentence: each filled cell after its column's name."""
    names = [*header, *[""] * (len(cells) - len(header))]
    read = [
        f"{name}: {cell}" if name else cell
        for name, cell in zip(names, cells, strict=False)
        if cell
    ]
    return "; ".join(read)
