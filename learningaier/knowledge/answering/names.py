"""The names of a question, and whether a text has them, or but half of one."""

import re
from collections.abc import Sequence
from itertools import pairwise

from learningaier.knowledge.text.folding import fold, normalise
from learningaier.knowledge.text.languages import DEFAULT_LANGUAGE
from learningaier.knowledge.text.markup import strip_marks
from learningaier.knowledge.text.scripts import CJK, UNSPACED
from learningaier.knowledge.text.stopwords import EVERY

_LETTER = rf"[^\W_{CJK}{UNSPACED}]"
_CAPITALISED = rf"[^\W\d_a-z{CJK}{UNSPACED}](?:{_LETTER}|['\u2019])+"
_RUN = re.compile(rf"{_CAPITALISED}(?:[ -]{_CAPITALISED})+")
_WORD = re.compile(rf"(?=[^\d]){_LETTER}(?:{_LETTER}|['\u2019])*")
_ENDING = re.compile(r"(?<=...)['\u2019].*")  # Curie's, Allen'ın
# German writes all nouns with capitals: the first after "welche" or "wie viele" names a kind.
_ASKED_KIND = re.compile(
    r"\b(?:welche[mnrs]?|wie ?viele?n?|was für (?:eine?[mnrs]?)?)\s+(?=[A-ZÄÖÜ])", re.I
)
_UNTIL_NOUN = r"[A-ZÄÖÜ][\w-]*"

MAX_BOUND = 3  # words of a name that must be there whole; of a longer one some may be missing
MIN_SHARED = 4  # letters that inflected forms of one name share at least


def find_names(question: str, language: str) -> list[list[str]]:
    """The names of several words, each word folded. Only capitals tell names."""
    text = strip_marks(question)
    if language == "german":
        text = re.sub(rf"(?:{_ASKED_KIND.pattern}){_UNTIL_NOUN}", " ", text, flags=re.I)
    found = (re.split("[ -]", match.group()) for match in _RUN.finditer(text))
    capitalised = (run for run in found if all(word[0].isupper() for word in run))
    runs = [[_fold(word) for word in run if _fold(word) not in EVERY] for run in capitalised]
    return [run for run in runs if len(run) > 1]


def has_half(names: Sequence[Sequence[str]], text: str, language: str) -> bool:
    """Whether a text has but half of one of the names.

    English says names without endings, and so must they stand there. Where nouns are written with
    capitals, or words have many endings, a name is half only if its last word is there without
    the first, as in another's family.
    """
    there = {_fold(word) for word in _WORD.findall(strip_marks(text))}
    beginnings = {_shorten(word) for word in there}
    for run in names:
        if len(run) > MAX_BOUND:
            continue
        held = [_is_there(word, there, beginnings, language) for word in run]
        is_half = any(held) and not all(held)
        if language != DEFAULT_LANGUAGE:
            is_half = held[-1] and not held[0]
        if is_half:
            return True
    return False


def names_another(run: Sequence[str], text: str) -> bool:
    """Whether a text has half of a name, as a part of another's: Pierre Curie for Marie Curie."""
    found = _WORD.findall(strip_marks(text))
    folded = [_fold(word) for word in found]
    if set(run) <= set(folded):
        return False
    for at, (one, other) in enumerate(pairwise(folded)):
        is_other = (other == run[-1] and one not in run) or (one == run[0] and other not in run)
        beside = found[at] if other == run[-1] else found[at + 1]
        is_named = beside[0].isupper() and _fold(beside) not in EVERY
        if is_other and is_named and f"{found[at]} {found[at + 1]}" in text:
            return True
    return False


def _is_there(word: str, there: set[str], beginnings: set[str], language: str) -> bool:
    """Whether a word of a name stands there, in whatever case and in whatever compound."""
    if _shorten(word) in beginnings:
        return True
    if language == DEFAULT_LANGUAGE:
        return False
    shared = word[: max(MIN_SHARED, (2 * len(word)) // 3)]
    return len(word) >= MIN_SHARED and any(shared in other for other in there)


def _shorten(word: str) -> str:
    """What related words share: Africa and African."""
    return word[: max(5, len(word) - 2)]


def _fold(word: str) -> str:
    return fold(normalise(_ENDING.sub("", word)))
