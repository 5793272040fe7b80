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
    """The embedder of this installation, loaded on first use."""
    from learningaier.ai.wordllama import WordLlamaEmbedder  # noqa: PLC0415  loads only when chosen

    return WordLlamaEmbedder()
