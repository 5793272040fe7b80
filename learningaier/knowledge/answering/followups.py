"""Questions that lean on the conversation before them: "and in 1998?", "why?", "was he born there?"

No model is asked: what a question lacks is taken from the question before it, without what it
replaces, and for a person that it does not name, from the answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from learningaier.knowledge.text.analyzer import names, terms, words
from learningaier.knowledge.text.stopwords import EVERY

FEW = 3  # content terms up to which a question with a pronoun or an opening may lean
MAX_NAMES = 6  # words taken from an answer

_OPENINGS = re.compile(
    r"\A\s*(?:and|but|so|or|what about|how about|what of|what if|same for|also|then"
    r"|und|aber|was ist mit|wie ist es mit|et|mais|y|pero|e|ma"
    r"|那么?|那麼?|还有|還有|では|じゃあ|そして|그럼|그리고)\b",
    re.I,
)
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their|er|ihn|seine?|il|elle)\b", re.I)
_POINTER = re.compile(
    r"\b(?:it|its|this|that|these|those|one|ones|there|then|the (?:first|second|third|last|other"
    r"|former|latter)(?: one)?(?=\W*$)|es|das|dies\w*|davon|dazu|cela|ça|eso|esto)\b"
    r"|[它他她這这那其]|それ|これ|彼|그것|그녀|그는",
    re.I,
)
_ASKS = re.compile(
    r"\b(?:who(?:m|se)?|what|when|where|why|how(?: (?:many|much|long|old|far|big|tall))?|which)\b"
    r"|\b(?:wer|was|wann|wo|warum|wie|welche[rs]?|qui|quoi|quand|où|pourquoi|comment)\b",
    re.I,
)
_EMPTY = frozenset(
    "really ok okay yes no more again exactly example examples else detail details give show say "
    "mean means elaborate continue go on thanks sure wirklich genau mehr beispiel vraiment".split()
)
_FIGURES = re.compile(r"\b\d[\d.,]*\b")
_WORD = re.compile(r"[^\W\d_][\w'\u2019-]*")


@dataclass(frozen=True)
class Turn:
    """An earlier message of a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True)
class Resolved:
    """A question as it can be searched for, and the words of it that were taken over."""

    text: str
    carried: str = ""


def resolve(question: str, history: Sequence[Turn]) -> Resolved:
    """The question with what it takes from the conversation, as it can be searched for.

    `history`: the oldest turn first. A question that stands alone comes back as it is.
    """
    resolved, answer = Resolved(""), ""
    for turn in [*history, Turn("user", question)]:
        if turn.role == "assistant":
            answer = turn.text
        else:
            before = resolved.text
            resolved = _lean(turn.text, before, answer) if before else Resolved(turn.text)
    return resolved


def needs_context(question: str) -> bool:
    """Whether the question says too little to be understood alone."""
    content = _content(question)
    if not content:
        return True
    if len(content) > FEW:
        return False
    return bool(_OPENINGS.match(question) or _PERSON.search(question) or _POINTER.search(question))


def _lean(question: str, before: str, answer: str) -> Resolved:
    """The question with the words of the one before that it neither has nor replaces."""
    if not needs_context(question):
        return Resolved(question)
    taken = _without_replaced(before, question)
    if _PERSON.search(question):
        taken = f"{taken} {_names_of(answer)}"
    said = set(terms(question))
    kept = [word for word in taken.split() if not set(terms(word)) <= said]
    carried = " ".join(kept)
    return Resolved(f"{question} {carried}".strip(), carried)


def _content(question: str) -> list[str]:
    """The content terms; a question of nothing but stop words has none."""
    bare = _ASKS.sub(" ", _POINTER.sub(" ", _PERSON.sub(" ", _OPENINGS.sub(" ", question))))
    return [word for word in words(bare) if word not in EVERY and word not in _EMPTY]


def _without_replaced(before: str, question: str) -> str:
    """The question before, without its question word if there is a new one, without its figures
    if there are new ones, without its names if there are new ones."""
    text = before
    if _ASKS.search(question) and not _OPENINGS.match(question):
        text = _ASKS.sub(" ", text)
    if _FIGURES.search(question):
        text = _FIGURES.sub(" ", text)
    opening = _OPENINGS.match(question)
    new = names(f"x {question[opening.end() :]}" if opening else question)
    if any(not name[0].isdigit() for name in new):
        old = {name for name in names(before) if not name[0].isdigit()}
        text = " ".join(word for word in text.split() if not set(terms(word)) & old)
    return " ".join(text.split())


def _names_of(answer: str) -> str:
    """The first names of an answer: who a pronoun may stand for."""
    known = names(f"x {answer}")
    found = [word for word in _WORD.findall(answer) if word[0].isupper()]
    people = dict.fromkeys(word for word in found if set(terms(word)) & known)
    return " ".join([*people][:MAX_NAMES])
