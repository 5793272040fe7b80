"""The two foldings that make spellings of one word equal."""

import unicodedata

from learningaier.knowledge.text.marks import normalise_compatible

# What never tells two words apart: soft hyphens, zero-width spaces and joiners, Arabic tatweel,
# Arabic and Hebrew vowel signs.
_DROPPED = (
    *(0xAD, 0x640, 0x670, 0xFEFF),
    *range(0x200B, 0x2010),
    *range(0x2060, 0x2065),
    *range(0x591, 0x5BE),
    *(0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7),
    *range(0x610, 0x61B),
    *range(0x64B, 0x660),
    *range(0x6D6, 0x6DD),
)
_DIGITS = {
    point: str(unicodedata.digit(chr(point)))
    for point in range(0x660, 0x11A00)
    if unicodedata.category(chr(point)) == "Nd"
}
# One kind of apostrophe; Arabic letters that keyboards and hands exchange; the Turkish capital I
# with its dot, whose lower case is two characters elsewhere.
_SPELLINGS = {
    "\u2019": "'", "\u02bc": "'", "\uff07": "'",
    "\u0623": "\u0627", "\u0625": "\u0627", "\u0622": "\u0627", "\u0671": "\u0627",
    "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643",
}  # fmt: skip
_TABLE = str.maketrans(_SPELLINGS) | _DIGITS | dict.fromkeys(_DROPPED)

_BARE = str.maketrans(
    {
        "\u0131": "i", "\u0111": "d", "\u0142": "l", "\u00f8": "o", "\u03c2": "\u03c3",
        "\u0629": "\u0647", "\u00e6": "ae", "\u0153": "oe", "\u00df": "ss",
    }
)  # fmt: skip
# Latin, Greek and Cyrillic diacritics; the Indic dot below, and candrabindu as anusvara.
_ACCENTS = dict.fromkeys([*range(0x300, 0x370), 0x93C, 0x9BC]) | {0x901: 0x902}


def normalise(text: str) -> str:
    """NFKC, lower case, ASCII digits, one kind of apostrophe; nothing that cannot be seen."""
    if text.isascii():
        return text.lower()
    return normalise_compatible(text).replace("\u0130", "i").lower().translate(_TABLE)


def fold(word: str) -> str:
    """Drop Latin, Greek, Cyrillic diacritics; dakuten, Hangul, Indic and Thai vowels stay."""
    if word.isascii():
        return word
    bare = unicodedata.normalize("NFD", word).translate(_ACCENTS)
    return unicodedata.normalize("NFC", bare).translate(_BARE)
