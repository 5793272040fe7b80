"""An answer in the making: its sentences, and each source once with the sentences it supports."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from learningaier.knowledge.retrieval.search import Found, describe_source
from learningaier.knowledge.text.offsets import spans_to_utf16

ANSWERED: Final = "answered"
NOT_FOUND: Final = "not_found"
NOT_IN_NOTES = "This is not in your notes."

Source = dict[str, Any]
Span = tuple[int, int, int]  # chunk id, and start and end within the chunk's body


@dataclass(frozen=True)
class Answer:
    """What the library says to a question, as the API shows it.

    `model`: who has phrased it. `degraded`: a part was down, so it may be better later.
    """

    answer: str
    sources: list[Source]
    status: Literal["answered", "not_found"]
    degraded: bool
    model: str


@dataclass
class Draft:
    """Takes sentence by sentence; at most `top_k` sources.

    `is_degraded`: a part was down, or too slow, that might have found more.
    """

    found: Found
    top_k: int
    text: str = ""
    sources: dict[Span, Source] = field(default_factory=dict)
    is_degraded: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been told yet."""
        return not self.sources

    def reserve(self, span: Span) -> None:
        """Make a span a source before others, if there is room."""
        self._admit_source(span)

    def add_sentence(self, sentence: str, spans: Iterable[Span], separator: str = " ") -> str:
        """Add a sentence that stands on these spans of the found chunks.

        `separator`: what parts it from the one before. Returns: the piece of text that this adds;
        nothing where there is room for none of its sources, and the sentence is left out.
        """
        cited = [span for span in spans if self._admit_source(span)]
        if not cited:
            return ""
        piece = f"{separator}{sentence}" if self.text else sentence
        supported = [len(self.text) + len(piece) - len(sentence), len(self.text) + len(piece)]
        self.text += piece
        for span in cited:
            self.sources[span]["supports"].append(supported)
        return piece

    def finish(self, *, model: str, degraded: bool) -> Answer:
        """The answer, or the word that there is none."""
        for source in self.sources.values():
            source["supports_utf16"] = spans_to_utf16(self.text, source["supports"])
        return Answer(
            answer=self.text or NOT_IN_NOTES,
            sources=list(self.sources.values()),
            status=ANSWERED if self.sources else NOT_FOUND,
            degraded=degraded or self.is_degraded or self.found.is_degraded,
            model=model,
        )

    def _admit_source(self, span: Span) -> bool:
        """Whether this is one of the sources, now if not before."""
        if span not in self.sources and len(self.sources) < self.top_k:
            chunk_id, start, end = span
            score = next(ranked.score for ranked in self.found.ranked if ranked.id == chunk_id)
            chunk = self.found.chunks[chunk_id]
            self.sources[span] = {**describe_source(chunk, (start, end), score), "supports": []}
        return span in self.sources
