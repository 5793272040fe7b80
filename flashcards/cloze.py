"""Texts with gaps: `{{c1::text::hint}}`, a card a number, nested ones too.

A pure module, linear in the text's length. Whatever is not a well-formed gap is ordinary text.
Each card's question hides the gaps of its number behind `[hint]` or `[...]` and shows the rest.
"""

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

MAX_CLOZE_NUMBER = 500
MAX_CLOZES = 100  # different numbers in one text
MAX_DEPTH = 8  # gaps within gaps

TOKEN = re.compile(r"\{\{c(\d{1,4})::|\}\}|::|\\\(|\\\)|\\\[|\\\]|\$\$?|`+")
WITHOUT_NUMBER = re.compile(r"\{\{c0*::")
TOO_HIGH = re.compile(r"\{\{c\d{5,}::")


class ClozeError(ValueError):
    """A text that makes no cards; its message is a sentence for a person."""


@dataclass
class Gap:
    """A gap, or the whole text.

    `parts`: texts and gaps in order; `hint`: what follows `::`; `is_verbatim`: within a formula or
    code, where a mark of Markdown would be shown as it is.
    """

    number: int = 0
    parts: list["str | Gap"] = field(default_factory=list)
    hint: list[str] | None = None
    is_verbatim: bool = False

    def add(self, text: str) -> None:
        """Put text at the end: of the hint, once that has begun."""
        if self.hint is None:
            self.parts.append(text)
        else:
            self.hint.append(text)


def find_numbers(text: str) -> list[int]:
    """The numbers of a text's gaps, ascending. Raises: ClozeError for none, or for too many."""
    if WITHOUT_NUMBER.search(text):
        raise ClozeError("A cloze needs a number from 1: {{c1::text}}.")
    numbers = sorted({gap.number for gap in _walk(_parse(text))})
    highest = max(numbers, default=0)
    if highest > MAX_CLOZE_NUMBER or len(numbers) > MAX_CLOZES or TOO_HIGH.search(text):
        raise ClozeError(
            f"At most {MAX_CLOZES} different clozes, with numbers up to {MAX_CLOZE_NUMBER}."
        )
    if not numbers:
        raise ClozeError("A cloze card needs a gap like {{c1::text}} in its term.")
    return numbers


def hide(text: str, number: int) -> str:
    """The question of a number: its gaps hidden, the others shown."""
    return _render(_parse(text), number, _hidden)


def reveal(text: str, number: int) -> str:
    """The answer of a number: all shown, its gaps in bold where Markdown is read."""
    return _render(_parse(text), number, _shown_in_bold)


def strip_clozes(text: str) -> str:
    """The text as it reads with nothing hidden."""
    return _render(_parse(text), 0, _hidden)


@functools.lru_cache(maxsize=64)  # a text is shown by each of its cards, twice
def _parse(text: str) -> Gap:
    """The text as a tree, which nobody changes. A gap that is never closed is ordinary text."""
    stack, place, mode = [Gap()], 0, ""
    for token in TOKEN.finditer(text):
        stack[-1].add(text[place : token.start()])
        place = token.end()
        mark = token.group()
        if token.group(1):
            _open(stack, token, bool(mode))
        elif mark == "}}":
            _close(stack)
        elif mark == "::" and len(stack) > 1 and stack[-1].hint is None:
            stack[-1].hint = []
        else:
            mode = _follow_mode(mode, mark)
            stack[-1].add(mark)
    stack[-1].add(text[place:])
    while len(stack) > 1:
        _dissolve(stack)
    return stack[0]


def _open(stack: list[Gap], token: re.Match[str], is_verbatim: bool) -> None:
    number = int(token.group(1))
    if number == 0 or len(stack) > MAX_DEPTH or stack[-1].hint is not None:
        stack[-1].add(token.group())
    else:
        stack.append(Gap(number, is_verbatim=is_verbatim))


def _close(stack: list[Gap]) -> None:
    if len(stack) == 1:
        stack[-1].add("}}")
    else:
        gap = stack.pop()
        stack[-1].parts.append(gap)


def _dissolve(stack: list[Gap]) -> None:
    """Put an open gap back as the text that it was."""
    gap = stack.pop()
    stack[-1].add(f"{{{{c{gap.number}::")
    stack[-1].parts.extend(gap.parts)
    if gap.hint is not None:
        stack[-1].add("::" + "".join(gap.hint))


def _follow_mode(mode: str, mark: str) -> str:
    """The mark that will end the formula or code which the text is in; "" outside of both."""
    if mode:
        return "" if mark == mode else mode
    opened = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}
    return mark if mark.startswith("`") else opened.get(mark, "")


def _walk(gap: Gap) -> Iterator[Gap]:
    for part in gap.parts:
        if isinstance(part, Gap):
            yield part
            yield from _walk(part)


def _render(gap: Gap, number: int, show: Callable[[Gap, str], str]) -> str:
    shown = []
    for part in gap.parts:
        if isinstance(part, str):
            shown.append(part)
        else:
            is_meant = part.number == number  # what lies within is shown with it, as one
            inner = _render(part, 0 if is_meant else number, show)
            shown.append(show(part, inner) if is_meant else inner)
    return "".join(shown)


def _hidden(gap: Gap, inner: str) -> str:
    hint = "".join(gap.hint or []).strip()
    return f"[{hint or '...'}]"


def _shown_in_bold(gap: Gap, inner: str) -> str:
    return inner if gap.is_verbatim or not inner.strip() else f"**{inner.strip()}**"
