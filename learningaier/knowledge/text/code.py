"""Which lines of a text are code: between fences, or indented after the line that leads to them."""

import re
import textwrap
from collections.abc import Sequence

# Within a list a fence stands deeper than at the margin.
FENCE = re.compile(r"\s{0,12}(`{3,}(?=[^`]*$)|~{3,})")
_INDENTED = re.compile(r"(?: {4}|\t)")
_OF_LIST_OR_TABLE = re.compile(r"\s*(?:[-*+•●▪–◦|]|\(?\w{1,3}[.)])\s|[^\n]*\S\t|\t\t")
_LEADS = re.compile(r"\S.*[:：][*_]{0,3}\s*$")  # from the margin
_ENDS_FENCE = re.compile(r"\s*(`{3,}|~{3,})\s*$")


def find_code(lines: Sequence[str]) -> list[bool]:
    """Whether each line is code; the fences are, and blank lines within."""
    is_code = [False] * len(lines)
    fence = ""
    for at, line in enumerate(lines):
        opened = FENCE.match(line)
        is_code[at] = bool(fence or opened)
        if fence and closes_fence(line, fence):
            fence = ""
        elif opened and not fence:
            fence = opened.group(1)
    _mark_indented(lines, is_code)
    return is_code


def closes_fence(line: str, fence: str) -> bool:
    """Whether a line ends the code that a fence has opened: the same mark, at least as long."""
    closed = _ENDS_FENCE.match(line)
    return closed is not None and closed.group(1).startswith(fence)


def fence_code(text: str) -> str:
    """Code as a whole block, whichever of its fences the text has.

    A part of a longer block lacks one of them or both; indented code has none.
    """
    lines = text.strip("\r\n").rstrip().splitlines() or [""]
    opened = FENCE.match(lines[0])
    if opened and len(lines) > 1 and closes_fence(lines[-1], opened.group(1)):
        return "\n".join(_shift(lines))
    if opened:
        return "\n".join([*_shift(lines), opened.group(1)])
    closed = _ENDS_FENCE.match(lines[-1])
    code = lines[:-1] if closed else lines
    inner = [len(mark.group(1)) for line in code if (mark := FENCE.match(line))]
    fence = closed.group(1) if closed else "`" * (max([2, *inner]) + 1)
    return "\n".join([fence, *textwrap.dedent("\n".join(code)).split("\n"), fence])


def _shift(lines: Sequence[str]) -> list[str]:
    """Code within a list, moved to the margin with its fences."""
    indent = len(lines[0]) - len(lines[0].lstrip())
    return [line[min(indent, len(line) - len(line.lstrip())) :] for line in lines]


def _mark_indented(lines: Sequence[str], is_code: list[bool]) -> None:
    """Four spaces after a colon and a blank line; other indented lines are a layout's."""
    at, lead = 0, ""
    while at < len(lines):
        line = lines[at]
        is_apart = at > 0 and not lines[at - 1].strip()
        if is_apart and not is_code[at] and _is_indented(line) and _LEADS.match(lead):
            end = _end_of_indented(lines, at)
            is_code[at:end] = [True] * (end - at)
            at = end
        elif line.strip():
            lead = line
            at += 1
        else:
            at += 1


def _is_indented(line: str) -> bool:
    is_other = _OF_LIST_OR_TABLE.match(line) is not None
    return _INDENTED.match(line) is not None and bool(line.strip()) and not is_other


def _end_of_indented(lines: Sequence[str], start: int) -> int:
    """Past the last indented line; blank ones between belong to it."""
    end = at = start
    while at < len(lines) and (not lines[at].strip() or _INDENTED.match(lines[at])):
        at += 1
        if lines[at - 1].strip():
            end = at
    return end
