"""Combining marks without end, which no writing system knows, and which cost quadratic time.

Normalising sorts the marks of a letter, by comparing neighbours: 50,000 of them in a row take
seconds. Unicode's "stream-safe text format" (UAX #15) allows 30 in a row; what is above is left out
here.
"""

import re
import unicodedata

MAX_MARKS = 30  # in a row

# Marks are no word characters; so a text without such a run has nothing that could be cut.
_RUN = re.compile(rf"[^\w\s\x00-\u02ff]{{{MAX_MARKS + 1},}}")
# Two half-width letters of Japanese that compatibility forms turn into combining marks.
_HALF_WIDTH = str.maketrans({"\uff9e": "\u3099", "\uff9f": "\u309a"})


def normalise_canonical(text: str) -> str:
    """NFC, in time linear in the text's length; runs of more than MAX_MARKS marks are cut."""
    return text if text.isascii() else unicodedata.normalize("NFC", _cut_marks(text))


def normalise_compatible(text: str) -> str:
    """NFKC, in time linear in the text's length; runs of more than MAX_MARKS marks are cut."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", _cut_marks(text.translate(_HALF_WIDTH)))


def _cut_marks(text: str) -> str:
    return _RUN.sub(lambda run: _keep_first(run.group()), text)


def _keep_first(run: str) -> str:
    """The run's characters, without the marks after the first MAX_MARKS that stand in a row."""
    kept: list[str] = []
    marks = 0
    for character in run:
        marks = marks + 1 if _is_mark(character) else 0
        if marks <= MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def _is_mark(character: str) -> bool:
    """Whether a character is, or is made of, combining marks alone (UAX #15, non-starter)."""
    made_of = unicodedata.decomposition(character).split()
    first = chr(int(made_of[0], 16)) if made_of and made_of[0][0] != "<" else character
    return unicodedata.combining(first) > 0
