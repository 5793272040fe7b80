"""An answer as lines of text, among which the two signals of the plain stream stand alone."""

import re

DONE, FAILED = "[DONE]", "[ERROR]"

# After white space too, as clients trim a line before they compare it.
_TAKEN_FOR_SIGNAL = re.compile(r"(?m)^([^\S\n]*\[)(?=(?:DONE|ERROR)\])")


class PlainLines:
    """The events of one answer, piece by piece.

    No `data:` line of an answer begins with a signal: the line is sent as two events, the first of
    which ends after the bracket. A line break of whatever kind arrives as a line feed, as
    server-sent events know no other.
    """

    def __init__(self) -> None:
        self._ends_with_return = False

    def encode(self, piece: str) -> bytes:
        """The piece as events; their data, joined, is the piece. Nothing for an empty one."""
        text = self._unify_breaks(piece)
        if not text:
            return b""
        return b"".join(map(encode_event, _TAKEN_FOR_SIGNAL.sub("\\1\0", text).split("\0")))

    def _unify_breaks(self, piece: str) -> str:
        """1. A piece ends with CR, sent as a break. 2. The next begins with its LF: no break."""
        if self._ends_with_return and piece.startswith("\n"):
            piece = piece[1:]
            self._ends_with_return = False
        if piece:
            self._ends_with_return = piece.endswith("\r")
        return piece.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def encode_event(text: str) -> bytes:
    """Text as the data of one event; a line break begins another line of it."""
    return "".join(f"data: {line}\n" for line in text.split("\n")).encode() + b"\n"
