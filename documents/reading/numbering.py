"""The numbers and bullets that Word and LibreOffice draw before the items of a list."""

from collections.abc import Mapping
from dataclasses import dataclass

from documents.reading.symbols import as_bullet

MAX_ROMAN = 3999
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
          (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CHINESE = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Level:
    """How one level of a list is numbered. `pattern` has `%1` to `%9` for the levels' numbers."""

    kind: str = "decimal"
    pattern: str = ""
    start: int = 1
    is_legal: bool = False  # all levels in Arabic figures
    restarts_after: int | None = None  # the level whose next item lets this one begin anew


class Counters:
    """Where a list stands, level by level."""

    def __init__(self, levels: Mapping[int, Level]) -> None:
        self._levels = levels
        self._at: dict[int, int] = {}

    def next_mark(self, depth: int, start: int | None = None) -> str:
        """Count an item of that level, 0 being the outermost. Returns: its mark.

        `start`: begin this level anew with this number.
        """
        level = self._levels.get(depth, Level())
        first = level.start if start is None else start
        is_new = depth not in self._at or start is not None
        self._at[depth] = first if is_new else self._at[depth] + 1
        for deeper in [key for key in self._at if key > depth]:
            after = self._levels.get(deeper, Level()).restarts_after
            if after is None or (after and depth < after):
                del self._at[deeper]
        if level.kind == "bullet":
            return as_bullet(level.pattern)
        return self._fill(level, depth)

    def _fill(self, level: Level, depth: int) -> str:
        mark = level.pattern
        for at in range(depth, -1, -1):
            held = self._levels.get(at, Level())
            kind = "decimal" if level.is_legal else held.kind
            mark = mark.replace(f"%{at + 1}", format_number(self._at.get(at, held.start), kind))
        return mark.strip()


def format_number(number: int, kind: str) -> str:  # noqa: PLR0911  one a kind of list
    """A number as its kind of list writes it; Arabic figures for a kind that is not known."""
    if kind in {"none", ""}:
        return ""
    if kind in {"lowerLetter", "upperLetter", "a", "A"}:
        letters = _letters(number)
        return letters.upper() if kind in {"upperLetter", "A"} else letters
    if kind in {"lowerRoman", "upperRoman", "i", "I"}:
        roman = _roman(number)
        return roman.upper() if kind in {"upperRoman", "I"} else roman
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind == "ordinal":
        return f"{number}{_suffix(number)}"
    if kind.startswith(("chinese", "ideograph", "japaneseCounting", "taiwaneseCounting")):
        return _chinese(number)
    if kind.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(ord("①") + number - 1)
    return str(number)


def _letters(number: int) -> str:
    """a to z, then aa, bb, … as Word and browsers with repeated letters do up to their habit."""
    if number < 1:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    if not 1 <= number <= MAX_ROMAN:
        return str(number)
    out = []
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        out.append(letters * count)
    return "".join(out)


def _suffix(number: int) -> str:
    if 10 <= number % 100 <= 20:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _chinese(number: int) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _CHINESE[tens]) + "十" if tens else ""
    return head + (_CHINESE[ones] if ones else "")
