"""WordLlama: static word vectors that need no network, no key and no GPU. The embedded default.

About 0.04 ms a sentence on one core; 32 MB of weights, shared by forked processes.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

# The tokenizer's own thread pool does not survive a fork, and gunicorn and RQ both fork.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import wordllama

from learningaier.ai.embedders import Traits, Vectors


class WordLlamaEmbedder:
    """The 256-dimensional weights that the wordllama wheel carries.

    Its tokenizer and its table are used without its `embed`, which pads every text of a batch to
    the longest: the vectors are the same to 4e-8, in half the time.
    """

    name = "wordllama-l2-supercat-256"
    dimensions = 256
    traits = Traits()  # the sentences' cosines are its own, a passage's adds nothing to them

    def __init__(self) -> None:
        # The library looks for its tokenizer in the cache folder only: that is the package itself.
        package = Path(wordllama.__file__).parent
        model = wordllama.WordLlama.load(cache_dir=package, disable_download=True)
        self._table: Vectors = model.embedding
        self._tokenizer = model.tokenizer
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The mean of each text's token vectors, of length 1; zeros for a text without tokens."""
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        tokens = [encoding.ids for encoding in encodings]
        # reduceat needs at least one token a text.
        filled = [ids or [0] for ids in tokens]
        starts = np.cumsum([0, *(len(ids) for ids in filled[:-1])])
        ids = np.minimum(np.concatenate(filled), len(self._table) - 1)
        vectors: Vectors = np.add.reduceat(self._table[ids], starts, axis=0)
        vectors[[not ids for ids in tokens]] = 0.0
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return vectors

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """As any other text."""
        return self.embed(texts)
