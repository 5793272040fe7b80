"""WordLlama: static word vectors that need no network, no key and no GPU. The embedded default.

About 0.05 ms a sentence on one core; 32 MB of weights, shared by forked processes.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

# The tokenizer's own thread pool does not survive a fork, and gunicorn and RQ both fork.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import wordllama

from learningaier.ai.embedders import Vectors

BATCH = 16  # texts; a batch is padded to its longest, so larger ones cost more


class WordLlamaEmbedder:
    """The 256-dimensional weights that the wordllama wheel carries."""

    name = "wordllama-l2-supercat-256"
    dimensions = 256

    def __init__(self) -> None:
        # The library looks for its tokenizer in the cache folder only: that is the package itself.
        package = Path(wordllama.__file__).parent
        self._model = wordllama.WordLlama.load(cache_dir=package, disable_download=True)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text; a text without any known token has a row of zeros."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        vectors = np.empty((len(texts), self.dimensions), np.float32)
        vectors[order] = self._model.embed([texts[index] for index in order], batch_size=BATCH)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        normalised: Vectors = np.divide(
            vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0
        )
        return normalised
