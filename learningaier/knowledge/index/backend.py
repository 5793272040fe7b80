"""Which index of vectors this installation uses, by its settings."""

import functools
import os

from django.conf import settings

from learningaier.knowledge.index.postgres import PostgresVectors
from learningaier.knowledge.index.vectors import VectorIndex


@functools.cache
def get_vector_index() -> VectorIndex:
    """The index of this installation. Pinecone's SDK is loaded only where it is chosen."""
    if not settings.PINECONE_API_KEY:
        return PostgresVectors()
    from learningaier.knowledge.index.pinecone import (  # noqa: PLC0415  loads the vendor's SDK
        PineconeVectors,
    )

    return PineconeVectors(host=settings.PINECONE_INDEX_HOST, key=settings.PINECONE_API_KEY)


# Connections and threads do not survive a fork: a child makes its own.
os.register_at_fork(after_in_child=get_vector_index.cache_clear)
