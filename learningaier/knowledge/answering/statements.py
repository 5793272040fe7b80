"""Reading a language model's answer while it is being written: statements and what they cite.

The model is asked for JSON Lines, `{"text": …, "citations": [{"passage": 1, "quote": …}]}`. What
comes may stand in a code fence, in an array, under a key, over several lines, between prose: every
complete JSON object with a `text` is a statement, whatever is around it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MAX_STATEMENT = 2000  # characters


@dataclass(frozen=True)
class Citation:
    """What the model says a statement stands on: the passage's number, from 1, and its words."""

    passage: int
    quote: str


@dataclass(frozen=True)
class Statement:
    """A sentence of the model's answer, not yet proved."""

    text: str
    citations: tuple[Citation, ...]


class StatementReader:
    """Takes the model's text piece by piece and gives each statement as soon as it is complete.

    `has_read_json`: whether anything was in the form that was asked for.
    """

    def __init__(self) -> None:
        self.has_read_json = False
        self._text = ""
        self._at = 0
        self._opened: list[int] = []  # where the objects that are still open begin
        self._is_string = False

    def feed(self, piece: str) -> Iterator[Statement]:
        """The statements that this piece completes."""
        self._text += piece
        while self._at < len(self._text):
            character = self._text[self._at]
            if self._is_string and character == "\\":
                if self._at + 1 == len(self._text):
                    return  # the escaped character is still to come
                self._at += 2
                continue
            self._at += 1
            if character == '"' and self._opened:  # quotes outside of objects are prose
                self._is_string = not self._is_string
            elif character == "{" and not self._is_string:
                self._opened.append(self._at - 1)
            elif character == "}" and self._opened and not self._is_string:
                yield from self._close(self._opened.pop())

    def _close(self, start: int) -> Iterator[Statement]:
        try:
            found = json.loads(self._text[start : self._at], strict=False)
        except ValueError:
            return
        self.has_read_json = True
        statement = _read_statement(found)
        if statement is not None:
            yield statement


def _read_statement(found: dict[str, Any]) -> Statement | None:
    text = found.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > MAX_STATEMENT:
        return None
    citations = found.get("citations")
    listed = citations if isinstance(citations, list) else []
    read = (_read_citation(citation) for citation in listed)
    return Statement(" ".join(text.split()), tuple(citation for citation in read if citation))


def _read_citation(found: Any) -> Citation | None:
    if not isinstance(found, dict) or not isinstance(found.get("quote"), str):
        return None
    try:
        return Citation(int(found.get("passage", 0)), found["quote"])
    except (TypeError, ValueError):
        return None
