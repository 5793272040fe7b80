"""The port to embedding models, and the choice of one.

EmbedderError            the model can't embed now; bounded time has been spent trying
"""

import functools
from collections.abc import Callable, Sequence
from typing import Protocol, Self

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from learningaier.ai.language import LanguageModelError, ModelUnavailable

Vectors = NDArray[np.float32]

WORDLLAMA = "wordllama"
EMBEDDING_SECONDS = 20.0  # for one batch


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


def get_embedder_name() -> str:
    """Who embeds chunks on this installation; loads nothing."""
    if settings.EMBEDDINGS_PROVIDER == WORDLLAMA:
        return "wordllama-l2-supercat-256"
    provider, model = settings.EMBEDDINGS_PROVIDER, settings.EMBEDDINGS_MODEL
    return f"{provider}:{model}:{settings.EMBEDDINGS_DIMENSIONS}"


@functools.cache
def get_embedder() -> Embedder:
    """The embedder of this installation's chunks, loaded on first use."""
    if settings.EMBEDDINGS_PROVIDER == WORDLLAMA:
        return get_sentence_embedder()
    from learningaier.ai.guard import GuardedEmbedder  # noqa: PLC0415  it knows this module

    return GuardedEmbedder(_load_embedder(), seconds=EMBEDDING_SECONDS)


@functools.cache
def get_sentence_embedder() -> Embedder:
    """What weighs sentences against a question, loaded on first use.

    Always WordLlama: hundreds of sentences a question are no work for a remote model, and the
    thresholds of refusal are measured on its cosines.
    """
    from learningaier.ai.wordllama import WordLlamaEmbedder  # noqa: PLC0415  loads only when asked

    return WordLlamaEmbedder()


def _load_embedder() -> Embedder:
    """The adapter that is chosen; no other is imported."""
    if settings.EMBEDDINGS_PROVIDER == "gemini":
        from learningaier.ai.gemini import GeminiEmbedder  # noqa: PLC0415  loads only when chosen

        return GeminiEmbedder(name=get_embedder_name(), seconds=EMBEDDING_SECONDS)
    from learningaier.ai.openai import OpenAIEmbedder  # noqa: PLC0415  loads only when chosen

    return OpenAIEmbedder(name=get_embedder_name(), seconds=EMBEDDING_SECONDS)


def embed_remotely(
    texts: Sequence[str],
    request: Callable[[list[str]], list[Sequence[float]]],
    *,
    most_texts: int,
    longest: int,
    dimensions: int,
) -> Vectors:
    """Vectors from a remote model, request by request.

    `most_texts`: of one request. `longest`: bytes of a text, which is embedded by its beginning
    where it has more. `request`: raises LanguageModelError where the model does not answer.
    Raises: EmbedderError.
    """
    cut = [text.encode()[:longest].decode(errors="ignore") or " " for text in texts]
    rows: list[Sequence[float]] = []
    try:
        for first in range(0, len(cut), most_texts):
            rows += request(cut[first : first + most_texts])
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
