"""What the index holds, in the admin: to look at, as only indexing keeps its parts in step.

Postings are not shown: Django's admin has no pages for composite keys.
"""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from learningaier.core.admin import ReadOnlyAdmin
from learningaier.knowledge.models import (
    Chunk,
    Embedding,
    Material,
    PendingVector,
    VectorState,
)


@admin.register(Material)
class MaterialAdmin(ReadOnlyAdmin[Material]):
    """The notes and documents that answers may cite."""

    list_display = ["title", "kind", "owner", "translation", "indexed_at"]
    list_filter = ["kind", "indexed_at"]
    search_fields = ["=id", "title", "owner__username", "owner__email"]
    list_select_related = ["owner"]


@admin.register(Chunk)
class ChunkAdmin(ReadOnlyAdmin[Chunk]):
    """The passages that are searched and cited."""

    list_display = ["id", "material", "position", "page", "start", "end", "term_count"]
    list_filter = ["material__kind"]
    search_fields = ["=material__id", "material__title", "owner__username"]
    list_select_related = ["material"]
    exclude = ["digest", "packed_sentences"]


@admin.register(Embedding)
class EmbeddingAdmin(ReadOnlyAdmin[Embedding]):
    """The vectors, without their figures."""

    list_display = ["id", "chunk", "embedder"]
    list_filter = ["embedder"]
    search_fields = ["=chunk__id", "owner__username"]
    exclude = ["vector"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Embedding]:
        """Without the vectors, which the list does not show."""
        return super().get_queryset(request).defer("vector")


@admin.register(PendingVector)
class PendingVectorAdmin(ReadOnlyAdmin[PendingVector]):
    """What Pinecone has not heard of yet. Rows that stay for minutes: look at the worker."""

    list_display = ["id", "owner_id", "chunk_id", "embedder", "created_at"]
    list_filter = ["embedder", "created_at"]
    search_fields = ["=owner_id"]
    exclude = ["vector"]


@admin.register(VectorState)
class VectorStateAdmin(ReadOnlyAdmin[VectorState]):
    """The embedder whose vectors are searched."""

    list_display = ["embedder", "dimensions"]
