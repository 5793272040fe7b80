"""Which script a text is written in."""

import unicodedata

# Han, Hiragana, Katakana, Hangul: written without (reliable) spaces. For use in a regex class.
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
# Thai, Lao, Burmese and Khmer letters with their marks, without digits and punctuation: spaces
# part phrases there, not words.
UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u109a-\u109f"
    "\u1780-\u17d3\u17d7\u17dc\u17dd\ua9e0-\ua9ef\uaa60-\uaa7f"
)
# Where combining marks are: all but CJK's and private ones. Scanning these takes 4 ms at import.
_MARKED_BLOCKS = (range(0x300, 0x3000), range(0xA600, 0xAC00), range(0x10A00, 0x11A00))


def _find_marks() -> str:
    """All combining marks (Mn, Mc) as the inside of a character class."""
    marks = [
        point
        for block in _MARKED_BLOCKS
        for point in block
        if unicodedata.category(chr(point)) in ("Mn", "Mc")
    ]
    ranges: list[list[int]] = []
    for point in marks:
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


MARKS = _find_marks()
LATIN_END = "\u0250"  # the first letter after the Latin blocks


def is_latin(text: str) -> bool:
    """Whether at least half of the letters are Latin; also of a text without letters."""
    letters = [character for character in text if character.isalpha()]
    return 2 * sum(letter < LATIN_END for letter in letters) >= len(letters)
