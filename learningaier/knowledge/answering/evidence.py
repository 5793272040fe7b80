"""How far a unit supports an answer, and which of several answers best.

The weights of the score were fitted as a softmax over the sentences of the first passages, on
XQuAD's questions in twelve languages together, and hold for articles that were not fitted.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from learningaier.knowledge.answering.answer_types import answer_type_match
from learningaier.knowledge.answering.calibration import weigh_evidence
from learningaier.knowledge.answering.units import Unit
from learningaier.knowledge.retrieval.ranking import Query
from learningaier.knowledge.text.analyzer import words
from learningaier.knowledge.text.languages import DEFAULT_LANGUAGE, detect_language
from learningaier.knowledge.text.scripts import is_latin
from learningaier.knowledge.text.segments import Kind
from learningaier.knowledge.text.stopwords import EVERY

EVIDENCE_PRIOR = 4.0  # nats added to the question's information: one shared word is no support
DOUBT_MALUS = 0.05  # each for: one of several terms found, no date for a when, no sentence at all
UNSEEN_DOUBTS = 3  # that a name counts as which the library never mentions
COVERAGE_BONUS, OWN_BONUS, MEANING_BONUS = 0.6, 0.4, 0.2
ANSWER_TYPE_BONUS = 0.26
FRAGMENT_MALUS = 0.2


@dataclass(frozen=True)
class Evidence:
    """A unit beside a question. `meaning`: see `weigh_meaning`."""

    query: Query
    unit: Unit
    meaning: float

    @cached_property
    def coverage(self) -> float:
        """The share of the question's information that it holds, with what stands before it."""
        return float(self.query.weights @ self.unit.read.held) / (self.query.total + EVIDENCE_PRIOR)

    @cached_property
    def answer_type(self) -> float:
        """Whether it holds the kind of thing that is asked for."""
        return answer_type_match(self.query.text, self.unit.read.text)

    @cached_property
    def is_broken(self) -> bool:
        """Whether it stands for prose and is none."""
        return self.unit.kind is Kind.SENTENCE and is_fragment(self.unit.read.text)

    @property
    def support(self) -> float:
        """At most 1: how much of the question it speaks about, by words and by meaning."""
        sentence = self.unit.read
        lone = len(self.query.words) > 1 and np.count_nonzero(sentence.held) < 2
        is_broken = self.is_broken and sentence.language == DEFAULT_LANGUAGE
        doubts = lone + (self.answer_type == 0) + is_broken + UNSEEN_DOUBTS * self._lacks_name
        weighed = weigh_evidence(sentence.language, self.coverage, self.meaning)
        return weighed - DOUBT_MALUS * doubts

    @property
    def _lacks_name(self) -> bool:
        """Whether an English question names what the library never mentions.

        In other languages names have endings, or other words have capitals too.
        """
        is_asked = self.query.is_unseen & ~self.query.is_carried & ~self.query.figures
        return bool(is_asked.any()) and detect_language(self.query.text) == DEFAULT_LANGUAGE

    @property
    def bonus(self) -> float:
        """What puts it before the other units of its passage."""
        own = float(self.query.weights @ self.unit.read.matched) / (self.query.total or 1.0)
        return (
            COVERAGE_BONUS * self.coverage
            + OWN_BONUS * own
            + MEANING_BONUS * self.meaning
            + ANSWER_TYPE_BONUS * self.answer_type
            - FRAGMENT_MALUS * self.is_broken
        )


def is_fragment(sentence: str) -> bool:
    """Table rows, headings, references: mostly figures, or (in Latin script) no function word."""
    found = words(sentence)
    figures = sum(word[0].isdigit() for word in found)
    is_bare = not any(word in EVERY for word in found)
    return figures * 3 > len(found) or (is_bare and is_latin(sentence))
