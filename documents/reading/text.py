"""The form in which every reader writes what it has read.

Paragraphs are parted by a blank line, items of a list follow each other, a table's row is a line of
cells parted by tabs; docs/architecture.md has the whole.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from documents.decoding import Span
from documents.warnings import ReadingWarning

_RAISED = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-−=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_CAN_RAISE = re.compile(r"[0-9+\-−=()ni]+")
_CAN_LOWER = re.compile(r"[0-9+\-−=()]+|[aehijklmnoprstuvx]")
_NOTE_MARK = re.compile(r"[\d*†‡§¶,–\- ]+|[a-z]|\[[^\]]*\]")  # a note's number, star or letter
_WORD_BEFORE = re.compile(r"(?:[^\W\d_]{4,}|[.,;:!?)\]\"'”’»])$")  # longer than any unit
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|ère|ème|e|o|a|º|ª|os|as|TM|SM|®|™|℠)$")
_SPACES = re.compile(r"[^\S\xa0\u202f]+")


@dataclass
class Reading:
    """A text, the span of each page in it, and what it lacks."""

    text: str
    spans: list[Span]
    warnings: list[ReadingWarning] = field(default_factory=list)


@dataclass(frozen=True)
class Block:
    """A paragraph, a list's item or a whole table, without line ends around it."""

    text: str
    is_item: bool = False


def join_blocks(blocks: Iterable[Block]) -> str:
    """Blocks as text: items of a list line on line, everything else with a blank line between."""
    parts: list[str] = []
    was_item = False
    for block in blocks:
        if not block.text.strip():
            continue
        if parts:
            parts.append("\n" if was_item and block.is_item else "\n\n")
        parts.append(block.text)
        was_item = block.is_item
    return "".join(parts)


def join_rows(rows: Iterable[Sequence[str]]) -> str:
    """A table as lines of cells with tabs between: as many in every row, none for empty rows."""
    found = [[one_line(cell) for cell in row] for row in rows]
    found = [row for row in found if any(row)]
    width = max((len(row) for row in found), default=0)
    while width and not any(len(row) >= width and row[width - 1] for row in found):
        width -= 1  # columns that are empty in every row
    return "\n".join("\t".join([*row, *[""] * width][:width]) for row in found)


def one_line(text: str) -> str:
    """Words with one space between, but for spaces that must not break."""
    return _SPACES.sub(" ", text).strip(" ")


def indent_item(mark: str, text: str, level: int) -> str:
    """A list's item with its mark, two spaces deeper a level."""
    return f"{'  ' * level}{mark} {text}" if mark else f"{'  ' * level}{text}"


def raise_text(before: str, text: str) -> str:  # noqa: PLR0911  one a kind of superscript
    """A superscript, to be put after `before`.

    `10` + `11` becomes `10^11`, `m` + `3` becomes `m³`; a note's mark stands apart from its word.
    """
    inner = text.strip()
    if not inner:
        return text
    if _ORDINAL.match(inner) and before[-1:].isalnum():
        return text
    if before[-1:].isdigit():
        return (
            f"^{inner}" if len(inner.lstrip("+-−")) == 1 or _is_number(inner) else f"^{{{inner}}}"
        )
    raised = inner.translate(_RAISED) if _CAN_RAISE.fullmatch(inner) else ""
    if _WORD_BEFORE.search(before) and _NOTE_MARK.fullmatch(inner):
        return f" {raised or inner}" + text[len(text.rstrip()) :]
    if raised:
        return raised + text[len(text.rstrip()) :]
    if not before[-1:].strip():
        return text
    return f"^{inner}" if len(inner) == 1 else f"^{{{inner}}}"


def lower_text(before: str, text: str) -> str:
    """A subscript, to be put after `before`: `H₂`, `xᵢ`, `k_{max}`."""
    inner = text.strip()
    if not inner or not before[-1:].strip():
        return text
    if _CAN_LOWER.fullmatch(inner):
        return inner.translate(_LOWERED) + text[len(text.rstrip()) :]
    return f"_{inner}" if len(inner) == 1 else f"_{{{inner}}}"


def _is_number(text: str) -> bool:
    return text.lstrip("+-−").replace(".", "").replace(",", "").isdigit()


class Line:
    """A paragraph in the making: text runs, some of them raised or lowered."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._script = ""
        self._scripted: list[str] = []

    def write(self, text: str, script: str = "") -> None:
        """Add a run. `script`: empty, `super`, `sub`, or `note` for the mark of a note."""
        if not text:
            return
        if script != self._script:
            self._flush()
            self._script = script
        (self._scripted if script else self._parts).append(text)

    def take(self) -> str:
        """The paragraph as text; the line is empty afterwards."""
        self._flush()
        text = "".join(self._parts)
        self._parts = []
        return text

    def _flush(self) -> None:
        text, self._scripted = "".join(self._scripted), []
        script, self._script = self._script, ""
        if not text:
            return
        before = "".join(self._parts[-8:])[-40:]
        if script == "sub":
            self._parts.append(lower_text(before, text))
        elif script == "super":
            self._parts.append(raise_text(before, text))
        else:
            gap = " " if before[-1:].strip() else ""
            raised = text.translate(_RAISED) if _CAN_RAISE.fullmatch(text) else text
            self._parts.append(gap + raised)
