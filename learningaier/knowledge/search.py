"""Hybrid search within one owner: keywords and vectors nominate, sentences decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from learningaier.ai.embedders import get_embedder
from learningaier.knowledge import analyzer
from learningaier.knowledge.index import postgres
from learningaier.knowledge.models import Chunk
from learningaier.knowledge.ranking import Candidate, Query, Ranked, Sentence, make_query, rank

CANDIDATES = 50  # of each leg
PREVIEW_CHARACTERS = 240


@dataclass(frozen=True)
class Scope:
    """What a search may see of an owner's library: everything, or one note and its documents."""

    owner_id: UUID
    note_id: UUID | None = None

    def chunk_ids(self) -> list[int] | None:
        """The chunks in the scope; None stands for the whole library."""
        if self.note_id is None:
            return None
        chunks = Chunk.objects.filter(owner_id=self.owner_id, material__note_id=self.note_id)
        return list(chunks.values_list("id", flat=True))


@dataclass(frozen=True)
class Found:
    """A question and its ranked chunks, the best first; `chunks` holds their rows by id."""

    query: Query
    ranked: Sequence[Ranked]
    chunks: dict[int, Chunk]


def search(question: str, scope: Scope) -> Found:
    """The chunks of the scope that speak most about the question.

    Raises: EmbedderError.
    """
    embedder = get_embedder()
    vector = embedder.embed([question])[0]
    chunk_ids = scope.chunk_ids()
    found = analyzer.query_terms(question)
    keywords = postgres.find_by_keywords(
        scope.owner_id, list(found), limit=CANDIDATES, scope=chunk_ids
    )
    cosines = postgres.find_by_vector(
        scope.owner_id, vector, embedder.name, limit=CANDIDATES, scope=chunk_ids
    )
    nominated = keywords.scores.keys() | cosines.keys()
    chunks = Chunk.objects.select_related("material").in_bulk(nominated)
    candidates = [
        Candidate(
            id=pk,
            text=_body(chunk),
            bm25=keywords.scores.get(pk, 0.0),
            cosine=cosines.get(pk, 0.0),
            title=" ".join([chunk.material.title, *chunk.headings]),
        )
        for pk, chunk in chunks.items()
    ]
    query = make_query(question, vector, keywords.frequencies, keywords.chunks)
    ranked = rank(query, candidates, embedder.embed)
    return Found(query, ranked, chunks)


def _body(chunk: Chunk) -> str:
    """What can be quoted: the text after the headings."""
    return chunk.text[chunk.body - chunk.start :]


def describe_source(chunk: Chunk, sentence: Sentence | None, score: float) -> dict[str, Any]:
    """A source as the API shows it; `quote` stands in the material at `start` to `end`."""
    start, end = chunk.body, chunk.end
    if sentence is not None:
        start, end = chunk.body + sentence.start, chunk.body + sentence.end
    material = chunk.material
    is_document = material.kind == material.Kind.DOCUMENT
    document_id = str(material.pk) if is_document else None
    return {
        "chunk_id": str(chunk.public_id),
        "note_id": None if material.note_id is None else str(material.note_id),
        "document_id": document_id,
        "doc_id": document_id,
        "position": chunk.position,
        "page": chunk.page,
        "start": start,
        "end": end,
        "score": round(float(score), 4),
        "preview": _preview(chunk),
        "quote": chunk.text[start - chunk.start : end - chunk.start],
        "title": material.title,
    }


def _preview(chunk: Chunk) -> str:
    words = " ".join(_body(chunk).split())
    if len(words) <= PREVIEW_CHARACTERS:
        return words
    return words[:PREVIEW_CHARACTERS].rsplit(" ", 1)[0] + " …"
