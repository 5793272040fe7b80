"""Embedders through their real SDKs, against a server that speaks their protocols."""

from typing import Any

import numpy as np
import pytest

from learningaier.ai.embedders import Embedder, EmbedderError, as_rows
from learningaier.ai.gemini import GeminiEmbedder
from learningaier.ai.openai import OpenAIEmbedder
from learningaier.ai.providers import get_sentence_embedder
from learningaier.ai.tests.servers import DIMENSIONS, ModelServer, Reply


@pytest.fixture(params=["openai", "gemini"])
def embedder(request: Any, model_server: ModelServer, settings: Any) -> Embedder:
    settings.EMBEDDINGS_MODEL, settings.EMBEDDINGS_DIMENSIONS = "test-embedder", DIMENSIONS
    settings.EMBEDDINGS_BASE_URL = f"{model_server.url}/v1"
    settings.GEMINI_BASE_URL, settings.GEMINI_API_KEY = model_server.url, "a-key"
    kind = {"openai": OpenAIEmbedder, "gemini": GeminiEmbedder}[request.param]
    return kind(name=f"{request.param}:test-embedder:{DIMENSIONS}", seconds=2)


def test_each_text_gets_a_row_of_length_one_in_its_place(embedder: Embedder) -> None:
    texts = ["red apple", "blue sky", "", "red apple"]

    rows = embedder.embed(texts)

    assert rows.shape == (4, DIMENSIONS)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows[[0, 1, 3]], axis=1) == pytest.approx([1, 1, 1])
    assert rows[0] == pytest.approx(rows[3])
    assert rows[0] != pytest.approx(rows[1])


def test_many_texts_go_in_batches_and_come_back_in_order(
    embedder: Embedder, model_server: ModelServer
) -> None:
    texts = [f"word{number}" for number in range(300)]

    rows = embedder.embed(texts)

    assert len(model_server.calls) in {2, 3}
    assert rows[299] == pytest.approx(embedder.embed(["word299"])[0])


def test_no_text_asks_nobody(embedder: Embedder, model_server: ModelServer) -> None:
    assert embedder.embed([]).shape == (0, DIMENSIONS)
    assert model_server.calls == []


def test_a_text_that_is_too_long_is_cut_between_characters(
    embedder: Embedder, model_server: ModelServer
) -> None:
    assert embedder.embed(["漢" * 20_000]).shape == (1, DIMENSIONS)


def test_vectors_of_another_length_are_refused(
    embedder: Embedder, model_server: ModelServer
) -> None:
    model_server.dimensions = DIMENSIONS + 1

    with pytest.raises(EmbedderError, match=f"vectors of {DIMENSIONS}"):
        embedder.embed(["text"])


def test_a_server_that_fails_is_our_error(embedder: Embedder, model_server: ModelServer) -> None:
    model_server.script = [Reply(status=503)]

    with pytest.raises(EmbedderError) as caught:
        embedder.embed(["secret text"])

    assert caught.value.is_transient
    assert "secret" not in str(caught.value)


def test_a_vector_that_holds_no_number_is_refused() -> None:
    with pytest.raises(EmbedderError, match="no number"):
        as_rows([[float("nan"), 1.0]], 1, 2)


def test_sentences_are_weighed_by_the_embedded_model_whatever_embeds_chunks(
    openai_embedder: ModelServer,
) -> None:
    assert get_sentence_embedder().embed(["a sentence"]).shape == (1, 256)
    assert openai_embedder.calls == []
