"""Text to the form in which it is stored.

Free of Django, as the extracting child process runs it.
"""

import re
from collections.abc import Iterable

from learningaier.knowledge.text.marks import normalise_canonical

PAGE_BREAK = "\n\n"

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# PDFium writes U+0002 or U+FFFE for a hyphen at a line's end. Before a capital or a digit it is
# part of the word (Lucene-BM25), elsewhere it only tells where the word was broken.
_KEPT_HYPHEN = re.compile("[\x02\ufffe]\n?(?=[A-Z0-9])")
_SOFT_HYPHEN = re.compile("[\x02\ufffe\u00ad]\n?")
_BLANK_BEFORE = " \n\xa0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_DROPPED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]+")

Span = tuple[int | None, int, int]  # page number from 1, or None; start; end


def clean_text(text: str) -> str:
    """LF line ends, NFC, no control characters, words whole, nothing blank around it.

    Tabs before the first word stay: there a table begins with an empty cell.
    """
    text = _BREAKS.sub("\n", text)
    text = _DROPPED.sub("", _SOFT_HYPHEN.sub("", _KEPT_HYPHEN.sub("-", text)))
    return normalise_canonical(text).rstrip().lstrip(_BLANK_BEFORE)


def join_pages(pages: Iterable[tuple[int | None, str]]) -> tuple[str, list[Span]]:
    """Pages as one text, and the span of each: `text[start:end]` is the cleaned page."""
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    for number, content in pages:
        part = clean_text(content)
        spans.append((number, at, at + len(part)))
        parts.append(part)
        at += len(part) + len(PAGE_BREAK)
    return PAGE_BREAK.join(parts), spans


def has_words(text: str) -> bool:
    """Whether there is a letter or a digit anywhere."""
    return any(character.isalnum() for character in text)
