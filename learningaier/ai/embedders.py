"""The port to embedding models.

EmbedderError            the model can't embed now; bounded time has been spent trying
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from learningaier.ai.language import LanguageModelError, ModelUnavailable

Vectors = NDArray[np.float32]

WORDLLAMA, E5 = "wordllama", "e5"
MAX_BATCH = 256  # texts that are embedded between two looks at the clock


@dataclass(frozen=True)
class Traits:
    """What callers must know of an embedder besides its vectors.

    `rank_weight`: what the cosine of a whole passage counts beside the score by its words and
    sentences, 0 to 1. `is_multilingual`: a text and its translation are near each other.
    `is_slow`: its work on our own processors takes a request too long, except for a question.
    `batch`: texts to give it at once.
    """

    rank_weight: float = 0.0
    is_multilingual: bool = False
    is_slow: bool = False
    batch: int = MAX_BATCH


REMOTE = Traits(rank_weight=0.5, is_multilingual=True)


class EmbedderError(Exception):
    """The embedding model does not answer.

    `is_transient`, `retry_after`: as of `ModelUnavailable`.
    """

    def __init__(self, reason: str, *, is_transient: bool = False, retry_after: float = 0.0):
        super().__init__(reason)
        self.is_transient = is_transient
        self.retry_after = retry_after

    @classmethod
    def of(cls, error: Exception) -> Self:
        """An adapter's error of a language model's provider, as one of an embedder."""
        if isinstance(error, ModelUnavailable):
            wait = error.retry_after
            return cls(str(error), is_transient=error.is_transient, retry_after=wait)
        return cls(str(error))


class Embedder(Protocol):
    """Turns texts into vectors. Safe to call from several threads, and after a fork."""

    @property
    def name(self) -> str:
        """Identifies model and version: vectors of different names must never be compared."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    @property
    def traits(self) -> Traits:
        """What its vectors are good for, and what they cost."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text of the material: float32, texts × dimensions.

        Raises: EmbedderError.
        """

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """The same of questions, which some models embed in another way.

        Raises: EmbedderError.
        """


def embed_remotely(
    texts: Sequence[str],
    request: Callable[[list[str]], list[Sequence[float]]],
    *,
    max_texts: int,
    longest: int,
    dimensions: int,
) -> Vectors:
    """Vectors from a remote model, request by request.

    `max_texts`: of one request. `longest`: bytes of a text, which is embedded by its beginning
    where it has more. `request`: raises LanguageModelError where the model does not answer.
    Raises: EmbedderError.
    """
    cut = [text.encode()[:longest].decode(errors="ignore") or " " for text in texts]
    rows: list[Sequence[float]] = []
    try:
        for first in range(0, len(cut), max_texts):
            rows += request(cut[first : first + max_texts])
    except LanguageModelError as error:
        raise EmbedderError.of(error) from error
    return as_rows(rows, len(texts), dimensions)


def as_rows(rows: Sequence[Sequence[float]], texts: int, dimensions: int) -> Vectors:
    """What a model has answered as rows of length 1.

    Raises: EmbedderError unless there is one row a text, each of this many finite numbers.
    """
    if len(rows) != texts or any(len(row) != dimensions for row in rows):
        found = sorted({len(row) for row in rows})
        raise EmbedderError(
            f"Asked for {texts} vectors of {dimensions}, got {len(rows)} of {found}."
        )
    vectors = np.asarray(rows, np.float32).reshape(texts, dimensions)
    if not np.isfinite(vectors).all():
        raise EmbedderError("A vector holds what is no number.")
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return vectors
