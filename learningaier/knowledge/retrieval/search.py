"""Hybrid search within one owner: two retrievers find candidates, sentences rank them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from learningaier.ai.embedders import EmbedderError, Vectors
from learningaier.ai.providers import get_question_embedder, get_sentence_embedder
from learningaier.knowledge.index.backend import get_vector_index
from learningaier.knowledge.index.keywords import find_by_keywords
from learningaier.knowledge.index.vectors import VectorIndexError
from learningaier.knowledge.models import Chunk, Material
from learningaier.knowledge.retrieval.previews import find_highlights, make_preview
from learningaier.knowledge.retrieval.ranking import (
    Candidate,
    Query,
    Ranked,
    make_query,
    rank,
    scale_cosines,
    select_candidates,
)
from learningaier.knowledge.retrieval.scope import Scope
from learningaier.knowledge.text.analyzer import query_words
from learningaier.knowledge.text.features import unpack_analysis
from learningaier.knowledge.text.offsets import count_utf16, spans_to_utf16
from learningaier.observability import tracing

CANDIDATES = 50  # of each retriever
WEAK_SIGHT, STRONG_SIGHT = 0.3, 0.5  # weights of vectors in the choice of candidates


@dataclass(frozen=True)
class Found:
    """A question and its ranked chunks, the best first; `chunks` holds their rows by id.

    `is_degraded`: a retriever was down.
    """

    query: Query
    ranked: Sequence[Ranked]
    chunks: dict[int, Chunk]
    is_degraded: bool = False
    meaning: "Meaning | None" = None

    def body(self, chunk_id: int) -> str:
        """What can be quoted of a chunk: the text after its headings."""
        return _body(self.chunks[chunk_id])


@dataclass(frozen=True)
class Meaning:
    """What the embedder of chunks says to a question.

    `vector`: the question's, of length 1. `cosines`: of the nearest chunks, by id.
    """

    vector: Vectors
    cosines: dict[int, float]


@tracing.span("search")
def search(question: str, scope: Scope, carried: str = "") -> Found:
    """The chunks of the scope that speak most about the question.

    `carried`: the words of it that were taken over from earlier questions, which weigh less.
    Without the embedder or the index of vectors the keywords search alone.
    """
    material_ids, languages = scope.material_ids(), _languages(scope.owner_id)
    terms = {term for variants in query_words(question, languages) for term in variants}
    keywords = find_by_keywords(
        scope.owner_id, sorted(terms), limit=CANDIDATES, material_ids=material_ids
    )
    vector = get_sentence_embedder().embed([question])[0]
    meaning = _find_by_meaning(question, vector, scope, material_ids)
    promising, nearness = _weigh(keywords.scores, meaning)
    owned = Chunk.objects.filter(owner_id=scope.owner_id).select_related("material")
    chunks = owned.in_bulk(promising)
    candidates = [
        Candidate(
            id=pk,
            text=_body(chunks[pk]),
            bm25=keywords.scores.get(pk, 0.0),
            analysis=unpack_analysis(bytes(chunks[pk].packed_sentences)),
            title=" ".join([chunks[pk].material.title, *chunks[pk].headings]),
            language=chunks[pk].material.language,
            lead=chunks[pk].lead,
            gaps=tuple(chunks[pk].gaps or ()),
            nearness=nearness.get(pk, 0.0),
        )
        for pk in promising
        if pk in chunks  # else it is gone since, or another index has not heard of that yet
    ]
    query = make_query(question, vector, keywords.frequencies, keywords.chunks, languages, carried)
    ranked = rank(query, candidates, get_question_embedder().traits.rank_weight if meaning else 0.0)
    return Found(query, ranked, chunks, is_degraded=meaning is None, meaning=meaning)


def _languages(owner_id: UUID) -> list[str]:
    """The languages of the owner's texts."""
    known = Material.objects.filter(owner_id=owner_id).values_list("language", flat=True)
    return sorted(known.distinct()) or ["english"]


def _find_by_meaning(
    question: str, vector: Vectors, scope: Scope, material_ids: Sequence[UUID] | None
) -> Meaning | None:
    """The nearest chunks; None because a part is down.

    `vector`: the question's by the embedder of sentences, which may be that of chunks too.
    """
    embedder, index = get_question_embedder(), get_vector_index()
    try:
        if embedder.name != get_sentence_embedder().name:
            vector = embedder.embed_questions([question])[0]
        found = index.find(
            scope.owner_id, embedder.name, vector, limit=CANDIDATES, material_ids=material_ids
        )
    except (EmbedderError, VectorIndexError):
        return None
    return Meaning(vector, found)


def _weigh(
    scores: Mapping[int, float], meaning: Meaning | None
) -> tuple[list[int], dict[int, float]]:
    """The promising chunks, and how near each is, where the embedder's word counts."""
    if meaning is None:
        return select_candidates(scores, {}), {}
    if not get_question_embedder().traits.rank_weight:
        return select_candidates(scores, meaning.cosines, WEAK_SIGHT), {}
    nearness = scale_cosines(meaning.cosines)
    return select_candidates(scores, nearness, STRONG_SIGHT), nearness


def _body(chunk: Chunk) -> str:
    """What can be quoted: the text after the headings."""
    return chunk.text[chunk.body_start - chunk.start :]


def describe_source(chunk: Chunk, span: tuple[int, int] | None, score: float) -> dict[str, Any]:
    """A source as the API shows it; `quote` stands in the material at `start` to `end`.

    `span`: of the quote within the chunk's body; None for all of it.
    """
    start, end = chunk.body_start, chunk.end
    if span is not None:
        start, end = chunk.body_start + span[0], chunk.body_start + span[1]
    quote = chunk.text[start - chunk.start : end - chunk.start]
    before = chunk.start if chunk.start_utf16 is None else chunk.start_utf16
    start_utf16 = before + count_utf16(chunk.text[: start - chunk.start])
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
        "page_end": chunk.page_end if end == chunk.end else chunk.page,
        "start": start,
        "end": end,
        "start_utf16": start_utf16,
        "end_utf16": start_utf16 + count_utf16(quote),
        "translation": material.translation or None,
        "version": material.version,
        "version_link": _link_version(material),
        "score": round(float(score), 4),
        "preview": make_preview(_body(chunk), span),
        "quote": quote,
        "title": material.title,
    }


def _link_version(material: Material) -> str | None:
    if material.version is None:
        return None
    return f"/api/notes/{material.note_id}/versions/{material.version}"


def list_hits(found: Found, limit: int) -> list[dict[str, Any]]:
    """The best chunks as search results: sources with what matches in their previews."""
    wanted = {term for variants in found.query.words for term in variants}
    hits = []
    for ranked in found.ranked[:limit]:
        source = describe_source(found.chunks[ranked.id], ranked.best_span, ranked.score)
        spans = find_highlights(source["preview"], wanted)
        utf16 = spans_to_utf16(source["preview"], spans)
        hits.append({**source, "highlights": spans, "highlights_utf16": utf16})
    return hits
