"""Titles of conversations, made from their first question."""

import unicodedata

LONGEST = 60  # characters


def make_title(question: str) -> str:
    """The question's beginning in whole words, at most 60 characters."""
    words = " ".join(question.split())
    if len(words) <= LONGEST:
        return words
    cut = words[: LONGEST - 1]
    if " " in cut[LONGEST // 2 :] and words[LONGEST - 1] != " ":
        cut = cut.rsplit(" ", 1)[0]
    while cut and unicodedata.combining(words[len(cut)]):  # a letter keeps its marks
        cut = cut[:-1]
    return f"{cut.rstrip(' ,.;:')}…"
