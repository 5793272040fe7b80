"""Signs that tell things apart, spelled as words: C++ and C#, -v and -V, ≥ and ≤, −18 and 18, α.

A tokenizer that keeps letters and digits alone takes C, C++ and C# for one thing. So each such sign
is written out before a text is cut into words, the same way in texts and in questions; what people
write out themselves (`csharp`, `minus 18`, `alpha`) comes to the same words.
"""

import re
import unicodedata

from learningaier.knowledge.text.marks import normalise_compatible

# Every sign has one of these; most texts, hyphens and full stops with them, are left alone after
# one look. Wide forms and the like count as what they are normalised to.
_ANY = re.compile(
    r"[+#♯♭⁻≥⩾≧≤⩽≦<>≠°%$€£¥\u0370-\u03ff\u00b5\ufb29\ufe5f-\ufe6a\uff03-\uff1e\uffe0-\uffe6]"
    r"|[-−–‐‑](?:\s?\d|(?![^\W_]))|(?<!\w)[-−–][A-Za-z]|\.(?:[A-Z]{2}|net)|[Mm]inus |零下"
)
_GREEK_WORD = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]{3}")
_GREEK_LETTER = re.compile(r"(?<![\u0370-\u03ff])[\u0391-\u03c9](?![\u0370-\u03ff\u0300-\u036f])")

_DASH = r"[-−–‐‑]"
# What a sign begins with is looked at first: most places of a text begin none.
_SIGNS = re.compile(
    r"(?<![^\W_])(?=[A-Za-z][A-Za-z\d]{0,5}[+#♯♭\-−–‐‑])(?:"
    r"(?P<plusplus>[A-Za-z]\+\+(?!\+))"  # C++  C++17
    r"|(?P<sharp>[A-Za-z][#♯](?!\w))"  # C#  F#
    r"|(?P<flat>[A-G]♭(?!\w))"
    r"|(?P<ion>[A-Z][A-Za-z]?\d{0,2}(?:\+(?![\w+])|[-−](?![\w\-−])))"  # K+  Ca2+  O−
    rf"|(?P<joined>[A-Z][A-Za-z]{{0,5}}{_DASH}\d{{1,4}}(?![\d.,]\d)[a-z]?(?!\w)))"  # IL-2
    r"|(?=[.\-−–Mm零])(?:"
    r"(?P<dotted>(?<![\w.])\.(?:[A-Z]{2,6}|net)(?!\w))"  # .NET
    r"|(?P<option>(?<![\w\-−–/])[-−–][A-Za-z](?![\w\-]))"  # -v  -V
    r"|(?P<negative>(?:(?<![\w)\]%°.\-−–])[-−–]|\b[Mm]inus |零下\s?)(?=\d)))"
    r"|(?P<least>>=|[≥⩾≧])|(?P<most><=|[≤⩽≦])|(?P<unequal>!=|≠)"
    r"|(?P<less><(?=\s?[-−]?\d))|(?P<more>>(?=\s?[-−]?\d))"
    r"|°\s?(?P<degree>[CFK])(?![^\W_])"
    r"|(?=[\s%€£¥$])(?:"
    r"(?P<percent>(?<=\d)\s?%)"
    r"|(?P<currency>[$€£¥](?=\s?\d)|(?<=\d)\s?[€£¥]))"
)
_PLAIN = {
    "least": " GREATERorequal ",
    "most": " LESSorequal ",
    "unequal": " NOTequal ",
    "less": " LESSthan ",
    "more": " MOREthan ",
    "percent": " percent ",
}
_CURRENCIES = {"$": " dollar ", "€": " euro ", "£": " pound ", "¥": " yen "}
_NOT_JOINED = frozenset("mid pre post non anti early late after before since circa page".split())


def spell_signs(text: str, *, has_parts: bool = True) -> str:
    """The text with its signs as words.

    `has_parts`: whether `IL-2` also counts as its parts, as in a text; in a question it is one.
    """
    if not _ANY.search(text):
        return text
    text = normalise_compatible(text)
    text = _SIGNS.sub(lambda match: _spell(match, has_parts=has_parts), text)
    return spell_greek(text)


def spell_greek(text: str) -> str:
    """Single Greek letters by their names; a text in Greek is left alone."""
    if not _GREEK_LETTER.search(text) or _GREEK_WORD.search(text):
        return text
    return _GREEK_LETTER.sub(_name_letter, text)


def _name_letter(match: re.Match[str]) -> str:
    name = unicodedata.name(match.group(), "").split()[-1].lower()
    return f" {'lambda' if name == 'lamda' else name} "


def _spell(match: re.Match[str], *, has_parts: bool) -> str:
    kind, found = str(match.lastgroup), match.group()
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind == "currency":
        return _CURRENCIES[found.strip()]
    if kind == "negative":
        return " 0minus"  # a figure, as it begins with a digit; the number follows at once
    if kind == "joined":
        return _join(found, has_parts=has_parts)
    if kind == "ion":
        sign = "plus" if found[-1] == "+" else "minus"
        return f"{found[:-1]}{sign} {found[:-1]} "
    spelled = {
        "plusplus": f"{found[0]}plusplus ",
        "sharp": f"{found[0]}sharp ",
        "flat": f"{found[0]}flat ",
        "dotted": f"dot{found[1:]} ",
        "option": f"OPTION{'capital' if found[-1].isupper() else 'small'}{found[-1]} ",
        "degree": f" degree{found[-1]} ",
    }
    return spelled[kind]


def _join(found: str, *, has_parts: bool) -> str:
    letters, digits = re.split(_DASH, found, maxsplit=1)
    if letters.lower() in _NOT_JOINED:
        return found
    joined = f"{letters}{digits}"
    return f"{joined} {letters} {digits}" if has_parts else joined
