"""Questions answered from the library: the best supported sentences, cited, or none."""

import hashlib
from datetime import timedelta
from typing import Any

from learningaier.ai.embedders import get_embedder
from learningaier.cache import keys, store
from learningaier.knowledge import support
from learningaier.knowledge.search import Scope, describe_source, search

ANSWERED, NOT_FOUND = "answered", "not_found"
NOT_IN_NOTES = "This is not in your notes."
MODEL = "extractive"
PROMPT_VERSION = 1  # raise it whenever the same material would be answered differently
LIFETIME = timedelta(minutes=30)


def answer_question(question: str, *, scope: Scope, top_k: int) -> dict[str, Any]:
    """The answer, cached for half an hour while nothing in its scope changes.

    `top_k`: how many sources at most. Adds `cached` to what `compose_answer` returns.
    Raises: EmbedderError.
    """
    place = place_of_answer(question, scope=scope, top_k=top_k)
    value, is_cached = store.get_or_compute(
        place, lambda: store.Computed(compose_answer(question, scope=scope, top_k=top_k))
    )
    return {**value, "cached": is_cached}


def place_of_answer(question: str, *, scope: Scope, top_k: int) -> store.Place:
    """Where the answer is cached: under the user, the note, and whatever else changes it."""
    return store.Place(
        key=keys.answer(scope.owner_id, scope.note_id, _digest(question, scope, top_k)),
        version_key=keys.library_version(scope.owner_id, scope.note_id),
        lifetime=LIFETIME,
    )


def compose_answer(question: str, *, scope: Scope, top_k: int) -> dict[str, Any]:
    """Search, choose sentences, cite each.

    Returns: `answer`, `sources`, `status` (answered or not_found), `degraded`, `model`.
    """
    found = search(question, scope)
    limit = min(top_k, support.MOST_SENTENCES)
    chosen = support.choose_sentences(found.query, found.ranked, limit)
    scores = {ranked.id: ranked.score for ranked in found.ranked}
    sources = [
        describe_source(found.chunks[sentence.chunk_id], sentence, scores[sentence.chunk_id])
        for sentence in chosen.sentences
    ]
    return {
        "answer": _prose(sources) if sources else NOT_IN_NOTES,
        "sources": sources,
        "status": ANSWERED if sources else NOT_FOUND,
        "degraded": False,
        "model": MODEL,
    }


def _prose(sources: list[dict[str, Any]]) -> str:
    """The quotes as running text: line breaks of a page are mere spaces here."""
    return " ".join(" ".join(source["quote"].split()) for source in sources)


def _digest(question: str, scope: Scope, top_k: int) -> str:
    """Covers whatever changes an answer but the material itself."""
    normalised = " ".join(question.split()).casefold()
    parts = [normalised, scope.note_id, top_k, MODEL, PROMPT_VERSION, get_embedder().name]
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]
