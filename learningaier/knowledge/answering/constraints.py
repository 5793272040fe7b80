"""What a sentence must have to answer a question: its figures, its names, and its yes or no.

A sentence about the treaty of 1815 says nothing about one of 1814, however much else they share;
one about Pierre Curie says nothing about Marie; and what does not lower is not what lowers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from learningaier.knowledge.retrieval.ranking import Query, Ranked, Sentence
from learningaier.knowledge.text.analyzer import terms
from learningaier.knowledge.text.folding import fold, normalise
from learningaier.knowledge.text.markup import strip_marks
from learningaier.knowledge.text.stopwords import EVERY

_NEGATION = re.compile(
    r"\b(?:not(?! only| just)|never|cannot|neither|nor|no(?! longer than| more than|\.)|none"
    r"|\w+n['\u2019]t|nicht(?! nur)|kein\w*|nie|niemals|weder|jamais|pas|aucune?|nunca|jamás"
    r"|tampoco|niet|geen|nooit|não|mai|non|не|нет|никогда|ни|δεν|δε|μην|ποτέ|không|chẳng|chưa"
    r"|değil|asla|niciodată|لا|لم|لن|ليس|ليست|नहीं|मत)\b"
    r"|नहीं|ไม่|不(?![同过過断斷久仅僅但管论論少])|没(?!收)|沒(?!收)|未(?![来來])|并非|並非|ません|ない(?=[。、？]|$)|않|아니",
    re.I,
)
_CLAUSE_ENDS = re.compile(
    r"[;；。,，:：]|\b(?:but|whereas|while|although|sondern|aber|während|mais|pero|sino|но|а)\b|但|而"
)
_YES_OR_NO = re.compile(
    r"\W*(?:do|does|did|is|are|was|were|can|could|has|have|had|will|would|should|must|may"
    r"|ist|sind|war|waren|hat|haben|kann|können|wird|werden|muss|darf)\b|.*[吗嗎]",
    re.I,
)
_WHAT = re.compile(r"\W*[Ww]as\s+[^\W\dA-Z]\w+t\b", re.U)  # German: "Was senkt …"
_COUNTED = re.compile(
    r"\b(?:name|list|give|state|describe|explain|mention|nenne|nennen|zähle|liste)\s+(?:\w+\s+)?"
    r"(\d+|\w+)\b|\b(?:top|first|last|ersten|letzten|die|the)\s+(\d+)\b",
    re.I,
)
_RUN = re.compile(r"[^\W\d_a-z][\w'\u2019]+(?:[ -][^\W\d_a-z][\w'\u2019]+)+")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_WORD = re.compile(r"[^\W\d_][\w'\u2019]*")
_SPELLED = re.compile(
    r"(?:\w*(?:plusplus|sharp)|dot(?:net)|option(?:small|capital)\w|(?:greater|less)orequ\w*|notequ\w*"
    r"|(?:less|more)than|\d+minus\w*)$"
)


MAX_BOUND_NAME = 3  # words of a name that must be there whole; of a longer one some may be missing


@dataclass(frozen=True)
class Constraints:
    """A question's figures and names, and whether it asks for what is not."""

    query: Query
    ordinal: NDArray[np.bool_]  # words that pick an item of a list; no figures of the text

    @cached_property
    def figures(self) -> NDArray[np.bool_]:
        """The words that a sentence must have, itself or just before it."""
        counted = {part for found in _COUNTED.findall(self.query.text) for part in found if part}
        binding = [
            not counted.intersection(variants)
            and any(variant[0].isdigit() or _SPELLED.match(variant) for variant in variants)
            and (variants[0][0].isdigit() or bool(_SPELLED.match(variants[0])))
            for variants in self.query.words
        ]
        return np.array(binding, np.bool_) & ~self.query.is_carried & ~self.ordinal

    @cached_property
    def signs(self) -> NDArray[np.bool_]:
        """Those of them that the sentence itself must have: C#, ≤, −18."""
        return self.figures & np.array(
            [bool(_SPELLED.match(variants[0])) for variants in self.query.words], np.bool_
        )

    @cached_property
    def years(self) -> NDArray[np.bool_]:
        """Those of them that are years: a sentence with another year must have them itself."""
        return self.figures & np.array(
            [bool(_YEAR.fullmatch(variants[0])) for variants in self.query.words], np.bool_
        )

    @cached_property
    def runs(self) -> list[list[str]]:
        """Names of several words, each word folded."""
        found = (match.group().split() for match in _RUN.finditer(strip_marks(self.query.text)))
        # Only capitals tell names, and most scripts have none.
        found = (run for run in found if all(word[0].isupper() for word in run))
        runs = [[_fold(word) for word in run if _fold(word) not in EVERY] for run in found]
        return [run for run in runs if len(run) > 1]

    @cached_property
    def is_negated(self) -> bool:
        """Whether the question asks for what is not."""
        return _NEGATION.search(self.query.text) is not None

    def admits_passage(self, ranked: Ranked) -> bool:
        """Whether no name of the question stands there, with its title, but half."""
        candidate = ranked.candidate
        if not self.runs:
            return True
        text = f"{candidate.title}\n{candidate.lead}\n{candidate.text}"
        there = {_shorten(word) for word in map(_fold, _WORD.findall(strip_marks(text)))}
        for run in self.runs:
            held = sum(_shorten(word) in there for word in run)
            if 0 < held < len(run) <= MAX_BOUND_NAME:
                return False
        return True

    def admits(self, sentence: Sentence, text: str) -> bool:
        """Whether a sentence (`text`: as it is read) can answer as far as figures and names say."""
        if (self.figures & (sentence.held == 0)).any() or (self.signs & ~sentence.matched).any():
            return False
        if (self.years & ~sentence.matched).any() and _YEAR.search(text):
            return False
        return not any(_names_another(run, text) for run in self.runs)

    def contradicts(self, sentence: Sentence, text: str) -> bool:
        """Whether a sentence says of the matter that it is not so, or the other way round."""
        is_yes_or_no = _YES_OR_NO.match(self.query.text) and not _WHAT.match(self.query.text)
        if is_yes_or_no or not sentence.matched.any():
            return False
        return self.is_negated != is_negated(text, self.query)


def is_negated(text: str, query: Query) -> bool:
    """Whether the clause of a text that speaks most about a question is negated."""
    found = _NEGATION.search(text)
    if not found:
        return False
    wanted = {variant for variants in query.words for variant in variants}
    if found.group().isascii() and is_english(found.group()):
        after = (" ".join(text[match.end() :].split()[:3]) for match in _NEGATION.finditer(text))
        return any(not wanted.isdisjoint(terms(near)) for near in after)
    clauses = [clause for clause in _CLAUSE_ENDS.split(text) if clause.strip()]
    best = max(clauses, key=lambda clause: len(wanted.intersection(terms(clause))), default=text)
    return _NEGATION.search(best) is not None


def is_english(negation: str) -> bool:
    """Whether a negation stands before what it denies, as English ones do."""
    return negation.lower() in {"not", "never", "cannot", "no", "none", "neither", "nor"} or (
        negation.lower().endswith("n't")
    )


def is_text_negated(text: str) -> bool:
    """Whether a text has a word of negation."""
    return _NEGATION.search(text) is not None


def _names_another(run: Sequence[str], text: str) -> bool:
    """Whether a text has half of a name, as a part of another's: Pierre Curie for Marie Curie."""
    found = _WORD.findall(strip_marks(text))
    folded = [_fold(word) for word in found]
    if run[-1] not in folded or set(run) <= set(folded):
        return False
    for at, word in enumerate(folded):
        other = found[at - 1] if at and word == run[-1] else ""
        is_next = other and f"{other} {found[at]}" in text
        if is_next and other[0].isupper() and _fold(other) not in EVERY and _fold(other) not in run:
            return True
    return False


def _shorten(word: str) -> str:
    """What related words share: Africa and African."""
    return word[: max(5, len(word) - 2)]


def _fold(word: str) -> str:
    return fold(normalise(word.removesuffix("'s").removesuffix("\u2019s")))
