"""Bytes of a text file to characters, whatever encoding it has.

A byte order mark decides, then UTF-16 and UTF-32 by their zero bytes, then UTF-8, then chardet's
judgement over the whole file, weighed by what a reader would not believe: a capital in the middle
of a word, a word of two scripts, a currency sign between letters.
"""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import pairwise, starmap

import chardet

from documents.reading.wide import guess_wide, is_utf8_in_part

# The longer marks first: UTF-32's little-endian mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# How much each candidate is believed before the text is looked at. Those of a group are told apart
# by few bytes, so the group's Windows code page, which most files have, comes first.
_PRIORS = {
    "cp1252": 1.15, "iso8859-1": 1.05, "iso8859-15": 1.1, "mac-roman": 1.05,
    "cp1250": 1.0, "iso8859-2": 1.0, "cp1257": 0.95, "iso8859-13": 0.9,
    "cp1251": 1.0, "koi8-r": 1.0, "koi8-u": 0.99, "cp866": 0.95, "iso8859-5": 0.9,
    "mac-cyrillic": 0.95, "cp1253": 1.0, "iso8859-7": 0.98, "cp1254": 1.0, "iso8859-9": 0.98,
    "cp1255": 1.0, "iso8859-8": 0.95, "cp1256": 1.0, "iso8859-6": 0.95, "cp1258": 0.9,
    "cp874": 1.0, "cp932": 1.0, "euc_jis_2004": 1.0, "cp949": 1.0, "euc_kr": 0.99,
    "big5hkscs": 1.0, "gb18030": 1.0, "cp850": 0.7, "cp437": 0.65,
}  # fmt: skip
_SEVEN_BIT = ("iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_ext", "iso2022_kr", "hz")
_SHIFTS = re.compile(rb"\x1b[$(]|~\{")  # what switches alphabets in seven bits
_HIGH_WORDS = re.compile(rb"[^\s\x80-\xff]*[\x80-\xff][^\s]*")
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_CONTROLS = [bytes([code]) for code in range(1, 32) if code not in b"\t\n\f\r\x1b"]
_NEVER = frozenset({"Cc", "Cn", "Co", "Sk"})  # categories of characters that no word has
_BETWEEN_NO_LETTERS = frozenset({"So", "Sm", "Sc", "No"})
_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "HEBREW", "ARABIC"})
_WEIGHT_OF_CONTEXT = 0.4  # of the words around, which all encodings share
_PROFILE_WORDS = 20_000  # words with a byte above 127 that are enough to judge an encoding by
_LIKELY = 0.15  # a score below which a rival makes the result a guess
_RIVAL = 0.9  # of the best score


@dataclass(frozen=True)
class Decoded:
    """A text, and what is doubtful about it."""

    text: str
    replaced: int = 0  # bytes that fit no encoding and became U+FFFD
    is_guess: bool = False  # another encoding is nearly as likely


def has_mark(data: bytes) -> bool:
    """Whether a byte order mark says what the encoding is."""
    return data.startswith(tuple(mark for mark, _ in _MARKS))


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text of any encoding: they hold NULs, and codes that no text has."""
    if b"\0" not in data or has_mark(data) or guess_wide(data):
        return False
    kept = data.replace(b"\0", b"")
    controls = sum(kept.count(code) for code in _CONTROLS)
    return data.count(0) * 10 > len(data) or controls * 50 > len(data) or not is_utf8_in_part(kept)


def decode_text(data: bytes) -> Decoded:
    """The text of a file without its byte order mark."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode(data, encoding)
    if encoding := guess_wide(data):
        return _decode(data, encoding)
    if _SHIFTS.search(data) and (text := _decode_seven_bit(data)):
        return Decoded(text)
    if is_utf8(data):
        return _decode(data, "utf-8")
    return _decode_legacy(data)


def _decode(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    own = data.count("\ufffd".encode("utf-8")) if encoding.startswith("utf-8") else 0
    return Decoded(text, replaced=max(0, text.count("\ufffd") - own))


def _decode_seven_bit(data: bytes) -> str:
    """ISO-2022 or HZ, if that is what it is: all bytes below 128, and every shift makes sense."""
    if not data.isascii():
        return ""
    found = chardet.detect(
        data, max_bytes=len(data), include_encodings=_SEVEN_BIT, compat_names=False
    )
    try:
        return data.decode(str(found["encoding"]))
    except (LookupError, UnicodeError):
        return ""


def is_utf8(data: bytes) -> bool:
    """Whether a text is UTF-8, be it with a damaged byte here and there.

    Other encodings hardly ever hold UTF-8's sequences by chance, so where these are not outnumbered
    by bytes that are none, the rest is damage.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        wrong = data.decode("utf-8", errors="replace").count("\ufffd")
        return (
            wrong <= max(1, len(_MULTIBYTE.findall(data)) // 4)
            and _MULTIBYTE.search(data) is not None
        )
    return True


def _decode_legacy(data: bytes) -> Decoded:
    scores = _score(data)
    if not scores:
        return _decode(data, "cp1252")
    ranked = sorted(scores, key=lambda name: scores[name], reverse=True)
    best = ranked[0]
    text = data.decode(best)
    rivals = [name for name in ranked[1:4] if scores[name] > _RIVAL * scores[best]]
    is_guess = scores[best] < _LIKELY and any(data.decode(name) != text for name in rivals)
    return Decoded(text, is_guess=is_guess)


def _score(data: bytes) -> dict[str, float]:
    """The encodings in which every byte is a character, with what speaks for each."""
    profile = b" ".join(_words(data))
    beliefs = _detect(profile)
    for name, belief in _detect(data).items():
        beliefs[name] = beliefs.get(name, 0.0) + belief * _WEIGHT_OF_CONTEXT
    scores = {}
    for name, belief in beliefs.items():
        try:
            text = profile.decode(name)
            data.decode(name)
        except UnicodeDecodeError:
            continue
        scores[name] = belief * _PRIORS[name] * (1 - _share_of_oddities(text)) ** 3
    return scores


def _detect(data: bytes) -> dict[str, float]:
    found = chardet.detect_all(
        data,
        ignore_threshold=True,
        max_bytes=len(data),
        include_encodings=_PRIORS,
        compat_names=False,
    )
    names = {str(result["encoding"]): float(result["confidence"]) for result in found}
    return {name: names[name] for name in names.keys() & _PRIORS.keys()}


def _words(data: bytes) -> list[bytes]:
    """The words that tell the encoding, from all over the file."""
    words = _HIGH_WORDS.findall(data)
    step = len(words) // _PROFILE_WORDS + 1
    return words[::step]


def _share_of_oddities(text: str) -> float:
    """The share of words that no one would have written so, 0 to 1."""
    words = [word for word in text.split() if not word.isascii()]
    return sum(_is_odd(word) for word in words) / len(words) if words else 0.0


def _is_odd(word: str) -> bool:
    categories = [unicodedata.category(character) for character in word]
    if categories[0] == "Mn" or any(
        category in _NEVER and not character.isascii()
        for character, category in zip(word, categories, strict=True)
    ):
        return True
    if any(starmap(_clash, pairwise(word))) or _ends_oddly(word[-2:], categories[-1]):
        return True
    return any(
        category in _BETWEEN_NO_LETTERS
        and not character.isascii()
        and before.isalpha()
        and after.isalpha()
        for before, character, after, category in zip(
            word, word[1:], word[2:], categories[1:], strict=False
        )
    )


def _clash(left: str, right: str) -> bool:
    """Whether two letters never stand side by side: a small and a capital one, two alphabets."""
    if not (left.isalpha() and right.isalpha()) or (left.isascii() and right.isascii()):
        return False
    if (left.islower() and right.isupper()) or left in "ªº":
        return True
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in (left, right)}
    return len(scripts & _ALPHABETS) > 1


def _ends_oddly(tail: str, category: str) -> bool:
    """Whether a word ends on an opening quote or a sign of mathematics."""
    is_sign = not tail.isascii() and (category == "Sm" or tail[-1] in "„‚")
    return is_sign and tail[0].isalpha()
