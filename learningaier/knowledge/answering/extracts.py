"""What an answer without a language model is made of: quoted sentences, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass

from learningaier.knowledge.answering.units import Unit
from learningaier.knowledge.retrieval.ranking import Sentence


@dataclass(frozen=True)
class Extract:
    """What the library says to a question, and how far it supports that."""

    sentences: tuple[Sentence, ...]  # reading order; empty when refused
    quote: Sentence | None  # the best of them
    support: float
    groups: tuple[tuple[Unit, ...], ...] = ()  # the sentences with what they belong to

    @property
    def found(self) -> bool:
        return bool(self.sentences)


def arrange(groups: Sequence[Sequence[Unit]], best: Unit, support: float) -> Extract:
    """Chosen units with what belongs to them, by chunk, in the order of the text.

    `groups`: the best first.
    """
    order: dict[int, int] = {}
    for group in groups:
        order.setdefault(group[0].sentence.chunk_id, len(order))
    placed = sorted(groups, key=lambda one: (order[one[0].sentence.chunk_id], one[0].number))
    chosen = tuple(unit.sentence for group in placed for unit in group)
    return Extract(chosen, best.sentence if chosen else None, support, tuple(map(tuple, placed)))


NOTHING = Extract((), None, 0.0)
