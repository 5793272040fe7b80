"""Bytes to text, and text to the form in which it is stored.

Free of Django, as the extracting child process runs it.
"""

import codecs
import re
from collections.abc import Iterable

from charset_normalizer import from_bytes

from learningaier.knowledge.text.marks import normalise_canonical

SAMPLE_BYTES = 256 * 1024  # enough to tell an encoding by
PAGE_BREAK = "\n\n"

# The longer marks first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# PDFium writes U+0002 or U+FFFE for a hyphen at a line's end. Before a capital or a digit it is
# part of the word (Lucene-BM25), elsewhere it only tells where the word was broken.
_KEPT_HYPHEN = re.compile("[\x02\ufffe]\n?(?=[A-Z0-9])")
_SOFT_HYPHEN = re.compile("[\x02\ufffe\u00ad]\n?")
_DROPPED = {
    code: None
    for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFEFF, 0xFFFE, 0xFFFF)
    if chr(code) not in "\n\t"
}

Span = tuple[int | None, int, int]  # page number from 1, or None; start; end


def decode_text(data: bytes) -> str:
    """The text of a plain file in whatever encoding it has; bytes that fit none become U+FFFD."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if encoding := _guess_utf16(data[:SAMPLE_BYTES]):
        return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(data[:SAMPLE_BYTES]).best()
        return data.decode(best.encoding if best else "utf-8", errors="replace")


def decode_html(data: bytes) -> str:
    """The text of an HTML file; without a byte order mark its own `charset` counts."""
    declared = _META_CHARSET.search(data[:4096])
    if declared and not data.startswith(tuple(mark for mark, _ in _MARKS)):
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeError):
            return decode_text(data)
    return decode_text(data)


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text of any encoding: they hold NULs and are not UTF-16 or UTF-32."""
    has_mark = data.startswith(tuple(mark for mark, _ in _MARKS))
    return b"\0" in data and not has_mark and not _guess_utf16(data)


def _guess_utf16(sample: bytes) -> str:
    """UTF-16 without a mark: often every second byte is NUL, and no control codes come out."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 40 < len(sample) or min(even, odd) * 50 > max(even, odd):
        return ""
    encoding = "utf-16-be" if even > odd else "utf-16-le"
    text = sample.decode(encoding, errors="ignore")
    controls = sum(character < " " and character not in "\r\n\t\f" for character in text)
    return encoding if text and controls * 100 <= len(text) else ""


def clean_text(text: str) -> str:
    """LF line ends, NFC, no control characters, words whole, nothing blank around it."""
    text = _BREAKS.sub("\n", text)
    text = _SOFT_HYPHEN.sub("", _KEPT_HYPHEN.sub("-", text)).translate(_DROPPED)
    return normalise_canonical(text).strip()


def join_pages(pages: Iterable[tuple[int, str]]) -> tuple[str, list[Span]]:
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
