"""What must hold between the settings and the stored vectors, before anything is served."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from learningaier.ai.providers import get_embedder_name
from learningaier.knowledge.index.backend import get_vector_index
from learningaier.knowledge.index.vectors import VectorIndexError
from learningaier.knowledge.models import VectorState


@register(Tags.database)
def check_embedder(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Vectors of another embedder or index than the configured one are never searched.

    Without a database, or before its schema is there, there is nothing to compare.
    """
    if not databases:
        return []
    try:
        state = VectorState.objects.first()
    except DatabaseError:
        return []
    configured = get_vector_index().key(get_embedder_name())
    if state is None or state.embedder == configured:
        return _check_dimensions(state)
    return [
        Error(
            f"The stored vectors are {state.embedder!r}, the settings say {configured!r}.",
            hint="Set EMBEDDINGS_* and PINECONE_* back, or run `manage.py reindex` first.",
            id="knowledge.E001",
        )
    ]


def _check_dimensions(state: VectorState | None) -> list[CheckMessage]:
    """Pinecone's index has one length of vectors. An index that can't be asked is no mistake."""
    index = get_vector_index()
    count = getattr(index, "count_dimensions", None)
    if state is None or count is None:
        return []
    try:
        dimensions = count()
    except VectorIndexError:
        return []
    if dimensions in {0, state.dimensions}:
        return []
    return [
        Error(
            f"The Pinecone index takes vectors of {dimensions}, not of {state.dimensions}.",
            hint="Name an index of the embedder's dimensions: PINECONE_INDEX_HOST.",
            id="knowledge.E002",
        )
    ]
