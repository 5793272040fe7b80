"""Marks of Markdown and HTML within a text: what a reader sees without them."""

import re

# Bounded, so that a text full of marks that are never closed is read in linear time.
_MAX_MARKED = 200  # characters between two marks
_TAG = (
    r"</?(?:b|i|u|s|em|strong|sub|sup|mark|span|small|kbd|code|del|ins|font|a)"
    r"(?:\s[^<>\n]{0,200})?>"
)
_INVISIBLE = re.compile(
    rf"{_TAG}"
    r"|[\u200b\u2060\ufeff]"
    r"|\[\^[^\]\s]{1,20}\]"  # a footnote's mark
    r"|(?<=\w)`|`(?=\w)"
    r"|\\(?=[*_~`=\[\]()#+.!|-])",
    re.I,
)
_LINK = re.compile(
    r"!?\[([^\[\]\n]{0,300})\]\((?:[^()\s]|\([^()\s]*\)){0,1000}(?:\s\"[^\"\n]*\")?\)"
)
_STRONG = re.compile(rf"(?<!\\)(\*\*\*|\*\*|__|~~|==)(?=\S)([^\n]{{1,{_MAX_MARKED}}}?)(?<=\S)\1")
_EMPHASIS = re.compile(
    rf"(?<![\\*\d])\*(?=[^\s*])([^*\n]{{1,{_MAX_MARKED}}}?)(?<=[^\s*])\*(?!\*)"
    rf"|(?<![\w\\])_(?=[^\s_])([^_\n]{{1,{_MAX_MARKED}}}?)(?<=[^\s_])_(?![\w])"
)
_MARKS = frozenset("*_~=[<`\\\u200b\u2060\ufeff")


def strip_marks(text: str) -> str:
    """The text without emphasis, links' targets, escapes and inline tags; words stay whole."""
    if _MARKS.isdisjoint(text):
        return text
    text = _LINK.sub(r"\1", text)
    text = _STRONG.sub(r"\2", text)
    text = _EMPHASIS.sub(lambda match: match.group(1) or match.group(2) or "", text)
    return _INVISIBLE.sub("", text)
