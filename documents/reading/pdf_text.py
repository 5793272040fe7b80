"""A page's text layer as PDFium reads it, figures raised and lowered where they stand so."""

import ctypes
import re
from dataclasses import dataclass, field
from typing import Any

from pypdfium2 import raw

from documents.reading.text import lower_text, raise_text
from learningaier.knowledge.text.stopwords import EVERY

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_HYPHEN = "\ufffe"  # PDFium's character for a hyphen at a line's end, and for an unknown glyph
# What may be raised or lowered: figures and signs after something, a letter or two at a word's end.
_SCRIPTED = re.compile(r"(?<=[^\s])[\d+\-−–*†‡§]+|(?<=\b[^\W_])[a-z]{1,2}\b|(?<=\d)[a-z]{1,2}\b")
_OPENING = re.compile(r"[\d+\-−–*†‡§∗]+|[a-z]{1,2}\b")
_SMALLER = 0.85  # of the size of the letter before
_SHIFTED = 0.12  # of that size, up or down
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS = 60  # to tell a language from letters without sense
_PRIVATE = re.compile("[\ue000-\uf8ff]")


@dataclass
class PageText:
    """`lines`: index of the first letter of each line of `text`, and its box. `area`: the share of
    the page that text covers. `unknown`: letters of which the file does not say what they are.
    """

    text: str
    page_size: tuple[float, float] = (1.0, 1.0)
    lines: list[tuple[int, tuple[float, float, float, float]]] = field(default_factory=list)
    area: float = 0.0
    unknown: int = 0

    @property
    def is_gibberish(self) -> bool:
        """Whether these are letters, and yet no words of any language known here."""
        words = [word for word in _WORD.findall(self.text.casefold()) if word.isascii()]
        return len(words) >= _ENOUGH_WORDS and not any(word in EVERY for word in words)


def read_page_text(page: Any) -> PageText:
    """The text layer of a page."""
    layer = page.get_textpage()
    try:
        return _Layer(layer, page).read()
    finally:
        layer.close()


class _Layer:
    def __init__(self, layer: Any, page: Any) -> None:
        self._layer = layer
        self._crop = page.get_cropbox()
        self._size = page.get_size()
        self._text = str(layer.get_text_range())
        count = layer.count_chars()
        if len(self._text) != count:  # a letter beyond 16 bits, or one that has no text
            self._text = "".join(self._character(at) for at in range(count))

    def _character(self, at: int) -> str:
        code = raw.FPDFText_GetUnicode(self._layer, at)
        return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else _HYPHEN

    def read(self) -> PageText:
        text = self._name_unknown(self._text)
        found = PageText("", self._size, unknown=self._count_unknown(text))
        out: list[str] = []
        at = length = 0
        for line in text.splitlines(keepends=True):
            box = self._line_box(at, line)
            if box is None:
                out.append(line)
                length += len(line)
            elif self._is_on_page(box):
                goes_on = bool(found.lines) and _is_beside(found.lines[-1][1], box)
                if goes_on and out:
                    length -= len(out[-1])
                    out[-1] = out[-1].rstrip("\r\n")
                    length += len(out[-1])
                before = out[-1][-40:] if goes_on and out else ""
                found.lines.append((length, box))
                found.area += (box[2] - box[0]) * (box[3] - box[1])
                out.append(self._write_scripts(line, at, before))
                length += len(out[-1])
            at += len(line)
        found.text = "".join(out)
        found.area /= max(self._size[0] * self._size[1], 1.0)
        return found

    def _name_unknown(self, text: str) -> str:
        """U+FFFD for letters without a meaning; hyphens stay what they are."""
        if _HYPHEN not in text:
            return text
        return "".join(
            UNKNOWN
            if character == _HYPHEN
            and raw.FPDFText_GetUnicode(self._layer, at) in {0, 0xFFFE, 0xFFFF}
            else character
            for at, character in enumerate(text)
        )

    def _count_unknown(self, text: str) -> int:
        return text.count(UNKNOWN) + len(_PRIVATE.findall(text))

    def _box(self, at: int) -> tuple[float, float, float, float] | None:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        if not raw.FPDFText_GetCharBox(self._layer, at, left, right, bottom, top):
            return None
        return left.value, bottom.value, right.value, top.value

    def _line_box(self, at: int, line: str) -> tuple[float, float, float, float] | None:
        """From the first to the last letter of a line."""
        shown = line.rstrip()
        start = len(shown) - len(shown.lstrip())
        if not shown:
            return None
        first, last = self._box(at + start), self._box(at + len(shown) - 1)
        if first is None or last is None:
            return None
        return (
            min(first[0], last[0]), min(first[1], last[1]),
            max(first[2], last[2]), max(first[3], last[3]),
        )  # fmt: skip

    def _is_on_page(self, box: tuple[float, float, float, float]) -> bool:
        left, bottom, right, top = self._crop
        return bool(box[0] < right and box[2] > left and box[1] < top and box[3] > bottom)

    def _write_scripts(self, line: str, at: int, ahead: str) -> str:
        """A line with its raised and lowered figures marked; `ahead` is what stands before it."""
        out: list[str] = []
        done = 0
        if ahead and (opening := _OPENING.match(line)) and (shift := self._shift_of_line(at)):
            write = raise_text if shift > 0 else lower_text
            out.append(write(ahead, opening[0]))
            done = opening.end()
        for match in _SCRIPTED.finditer(line, done):
            start, end = self._scripted_part(at, match.start(), match.end())
            shift = self._shift(at + start - 1, at + start) if start < end else 0.0
            if not shift:
                continue
            before = (ahead + "".join(out) + line[done:start])[-40:]
            out.append(line[done:start])
            write = raise_text if shift > 0 else lower_text
            out.append(write(before, line[start:end]))
            done = end
        return "".join([*out, line[done:]])

    def _shift_of_line(self, at: int) -> float:
        """How a line that goes on beside another stands to the letter before the break."""
        before = at - 1
        while before > 0 and self._text[before] in "\r\n ":
            before -= 1
        size = raw.FPDFText_GetFontSize(self._layer, at)
        if size >= _SMALLER * raw.FPDFText_GetFontSize(self._layer, before):
            return 0.0
        return self._shift(before, at)

    def _scripted_part(self, at: int, start: int, end: int) -> tuple[int, int]:
        """In `1023` only `23` may be raised: from the first smaller letter on."""
        sizes = [
            raw.FPDFText_GetFontSize(self._layer, at + place) for place in range(start - 1, end)
        ]
        for place in range(1, len(sizes)):
            if sizes[place] < _SMALLER * sizes[place - 1]:
                stop = place
                while stop < len(sizes) and sizes[stop] <= sizes[place] * 1.05:
                    stop += 1
                return start - 1 + place, start - 1 + stop
        return end, end

    def _shift(self, base: int, raised: int) -> float:
        """How far a smaller letter stands above (or below: negative) the line of the one before."""
        size = raw.FPDFText_GetFontSize(self._layer, base)
        heights = []
        for at in (base, raised):
            across, up = ctypes.c_double(), ctypes.c_double()
            raw.FPDFText_GetCharOrigin(self._layer, at, across, up)
            heights.append(up.value)
        shift = (heights[1] - heights[0]) / size if size else 0.0
        return shift if _SHIFTED < abs(shift) < 1 else 0.0


def _is_beside(
    before: tuple[float, float, float, float], box: tuple[float, float, float, float]
) -> bool:
    """Whether a line only goes on where another one ends: a raised figure has broken it."""
    overlap = min(before[3], box[3]) - max(before[1], box[1])
    lower = min(before[3] - before[1], box[3] - box[1])
    gap = box[0] - before[2]
    return overlap > 0.4 * lower and -0.5 * lower < gap < 1.5 * max(box[3] - box[1], lower)
