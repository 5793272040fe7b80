"""What a sentence must have to answer a question: its figures, its names, and its yes or no.

A sentence about the treaty of 1815 says nothing about one of 1814, however much else they share;
one about Pierre Curie says nothing about Marie; and what does not lower is not what lowers.
"""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from learningaier.knowledge.answering.names import find_names, has_half, names_another
from learningaier.knowledge.answering.negation import is_negated, is_text_negated, is_yes_or_no
from learningaier.knowledge.retrieval.ranking import Query, Ranked, Sentence
from learningaier.knowledge.text.languages import detect_language

_COUNTED = re.compile(
    r"\b(?:name|list|give|state|describe|explain|mention|nenne|nennen|zähle|liste)\s+(?:\w+\s+)?"
    r"(\d+|\w+)\b|\b(?:top|first|last|ersten|letzten|die|the)\s+(\d+)\b",
    re.I,
)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_SPELLED = re.compile(
    r"(?:\w*(?:plusplus|sharp)|dot(?:net)|option(?:small|capital)\w|(?:greater|less)orequ\w*|notequ\w*"
    r"|(?:less|more)than|\d+minus\w*)$"
)
MAX_LOOSE_DIGITS = 2  # of a figure that may be missing beside another that is there
MIN_FIGURES = 3  # of which one may be missing


@dataclass(frozen=True)
class Constraints:
    """A question's figures and names, and whether it asks for what is not."""

    query: Query
    ordinal: NDArray[np.bool_]  # words that pick an item of a list; no figures of the text

    @cached_property
    def figures(self) -> NDArray[np.bool_]:
        """The words that a sentence must have, itself or before it."""
        counted = {part for found in _COUNTED.findall(self.query.text) for part in found if part}
        binding = [
            not counted.intersection(variants)
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
    def language(self) -> str:
        """The question's."""
        return detect_language(self.query.text)

    @cached_property
    def names(self) -> list[list[str]]:
        """Names of several words, each word folded."""
        return find_names(self.query.text, self.language)

    @cached_property
    def is_negated(self) -> bool:
        """Whether the question asks for what is not."""
        return is_text_negated(self.query.text)

    def admits_passage(self, ranked: Ranked) -> bool:
        """Whether no name of the question stands there, with its title, but half."""
        if not self.names:
            return True
        candidate = ranked.candidate
        text = f"{candidate.title}\n{candidate.lead}\n{candidate.text}"
        return not has_half(self.names, text, self.language)

    def admits(self, sentence: Sentence, text: str, before: NDArray[np.bool_]) -> bool:
        """Whether a sentence can answer as far as figures and names say.

        `text`: as it is read. `before`: the question's words that the passage has before it.
        """
        if (self.signs & ~sentence.matched).any() or not self._has_figures(sentence, text, before):
            return False
        return not any(names_another(run, text) for run in self.names)

    def _has_figures(self, sentence: Sentence, text: str, before: NDArray[np.bool_]) -> bool:
        if not self.figures.any():
            return True
        missing = self.figures & (sentence.held == 0) & ~before
        has_other_year = _YEAR.search(text) is not None
        if has_other_year:
            missing |= self.years & ~sentence.matched
        count = np.count_nonzero(missing)
        if not count:
            return True
        asked = np.count_nonzero(self.figures)
        if asked >= MIN_FIGURES:
            return bool(count == 1)
        words = self.query.words
        is_small = all(len(words[at][0]) <= MAX_LOOSE_DIGITS for at in np.flatnonzero(missing))
        return bool(count < asked and is_small and not (missing & self.signs).any())

    def contradicts(self, sentence: Sentence, text: str) -> bool:
        """Whether a sentence says of the matter that it is not so, or the other way round."""
        if not sentence.matched.any() or is_yes_or_no(self.query.text):
            return False
        return self.is_negated != is_negated(text, self.query, sentence.language)
