"""Which script a text is written in."""

# Han, Hiragana, Katakana, Hangul: written without (reliable) spaces. For use in a regex class.
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af\U00020000-\U0003134f"
LATIN_END = "\u0250"  # the first letter after the Latin blocks


def is_latin(text: str) -> bool:
    """Whether at least half of the letters are Latin; also of a text without letters."""
    letters = [character for character in text if character.isalpha()]
    return 2 * sum(letter < LATIN_END for letter in letters) >= len(letters)
