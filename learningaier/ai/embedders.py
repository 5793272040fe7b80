"""The port to embedding models, and the choice of one.

EmbedderError            the model can't embed now; bounded time has been spent trying
"""

import functools
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class EmbedderError(Exception):
    """The embedding model does not answer."""


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


@functools.cache
def get_embedder() -> Embedder:
    """The embedder of this installation's chunks, loaded on first use."""
    return get_sentence_embedder()


@functools.cache
def get_sentence_embedder() -> Embedder:
    """What weighs sentences against a question, loaded on first use.

    Always WordLlama: hundreds of sentences a question are no work for a remote model, and the
    thresholds of refusal are measured on its cosines.
    """
    from learningaier.ai.wordllama import WordLlamaEmbedder  # noqa: PLC0415  loads only when asked

    return WordLlamaEmbedder()
