"""The port to embedding models.

EmbedderError            the model can't embed now; bounded time has been spent trying
"""

from collections.abc import Callable, Sequence
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from learningaier.ai.language import LanguageModelError, ModelUnavailable

Vectors = NDArray[np.float32]

WORDLLAMA = "wordllama"


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

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text: float32, texts × dimensions.

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
