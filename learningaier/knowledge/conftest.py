"""Pinecone in tests: a local server, reached by the real SDK."""

from collections.abc import Iterator
from typing import Any

import pytest

from learningaier.knowledge.index.backend import get_vector_index
from learningaier.knowledge.index.pinecone import PineconeVectors
from learningaier.knowledge.index.tests.pinecone_server import KEY, PineconeServer

DIMENSIONS = 256


@pytest.fixture
def pinecone(settings: Any) -> Iterator[PineconeServer]:
    """Vectors are kept there in this test."""
    server = PineconeServer(DIMENSIONS)
    settings.PINECONE_API_KEY, settings.PINECONE_INDEX_HOST = KEY, server.url
    get_vector_index.cache_clear()
    yield server
    index = get_vector_index()
    assert isinstance(index, PineconeVectors)
    index.close()
    get_vector_index.cache_clear()
    server.close()
