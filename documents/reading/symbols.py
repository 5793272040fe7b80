"""Letters of the fonts Symbol and Wingdings as the Unicode characters that a reader sees."""

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_PRIVATE = 0xF000  # where Word and PowerPoint put these fonts' letters

_SYMBOL = dict(
    zip(
        [*range(0x20, 0x7F), *range(0xA0, 0xFF)],
        " !∀#∃%&∍()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾"
        "αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"
        "\uf8ff⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        strict=True,
    )
)
_WINGDINGS = {
    0x21: "✏", 0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x36: "⌛", 0x4A: "☺", 0x4B: "😐", 0x4C: "☹",
    0x51: "✈", 0x52: "☼", 0x54: "❄", 0x58: "✠", 0x59: "✡", 0x5E: "♈", 0x6C: "●", 0x6D: "❍",
    0x6E: "■", 0x6F: "□", 0x70: "▢", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆",
    0x76: "❖", 0x77: "⬥", 0x78: "⌧", 0x7A: "⌘", 0x7B: "❀", 0x9E: "·", 0x9F: "•", 0xA1: "○",
    0xA4: "◉", 0xA7: "▪", 0xA8: "☐", 0xAA: "✦", 0xAB: "★", 0xB2: "⟡", 0xC3: "⬃", 0xD8: "➢",
    0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧",
    0xF2: "⇩", 0xF3: "⬄", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒", 0xFE: "☑",
    **{0x80 + at: mark for at, mark in enumerate("⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿")},
}  # fmt: skip
_IN_PRIVATE_USE = re.compile("[\uf020-\uf0ff]")
_BULLETS = frozenset("\u00b7\u2022\u25cf\u25cb\u25e6\u25aa\u25a0\u2043o§ØüvqnlFw")


def from_symbol_font(code: int, font: str) -> str:
    """What a letter of such a font shows; U+FFFD for one that is not known."""
    code = code - _PRIVATE if code >= _PRIVATE else code
    name = font.casefold()
    if name.startswith(("wingdings", "webdings")):
        return _WINGDINGS.get(code, REPLACEMENT)
    found = _SYMBOL.get(code, REPLACEMENT)
    return REPLACEMENT if found == "\uf8ff" else found


def from_private_use(text: str, font: str) -> str:
    """A text whose letters U+F020 to U+F0FF, if any, are those of a symbol font."""
    if not _IN_PRIVATE_USE.search(text):
        return text
    return "".join(
        from_symbol_font(ord(character), font or "Symbol")
        if "\uf020" <= character <= "\uf0ff"
        else character
        for character in text
    )


def as_bullet(mark: str) -> str:
    """A list's bullet as text: `•` for whatever round or square one a font draws."""
    mark = mark.strip()
    if not mark or mark in _BULLETS or "\ue000" <= mark[0] <= "\uf8ff":
        return "•"
    return mark
