"""Questions answered from the library: cited, or an honest word that it does not say."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Final, Literal

from learningaier.ai.embedders import get_embedder
from learningaier.ai.language import EXTRACTIVE, get_model_name
from learningaier.cache import keys, store
from learningaier.knowledge import followups, support
from learningaier.knowledge.followups import Turn
from learningaier.knowledge.scope import Scope
from learningaier.knowledge.search import Found, describe_source, search

ANSWERED: Final = "answered"
NOT_FOUND: Final = "not_found"
NOT_IN_NOTES = "This is not in your notes."
PROMPT_VERSION = 2  # raise it whenever the same material would be answered differently
LIFETIME = timedelta(minutes=30)

Source = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What the library says to a question, as the API shows it.

    `model`: who has phrased it. `degraded`: a part was down, so it may be better later.
    """

    answer: str
    sources: list[Source]
    status: Literal["answered", "not_found"]
    degraded: bool
    model: str


def answer_question(question: str, *, scope: Scope, top_k: int) -> dict[str, Any]:
    """The answer, cached for half an hour while nothing in its scope changes.

    `top_k`: how many sources at most. Returns: the fields of `Answer`, and `cached`.
    """
    place = place_of_answer(question, scope=scope, top_k=top_k)
    value, is_cached = store.get_or_compute(place, lambda: _compute(question, scope, top_k))
    return {**value, "cached": is_cached}


def stream_answer(
    question: str, *, scope: Scope, top_k: int, history: Sequence[Turn] = ()
) -> Iterator[str | Answer]:
    """The answer sentence by sentence, as it is found, and at last all of it as an `Answer`.

    Joined, the pieces of text are the answer's. `history`: the conversation before the question,
    the oldest turn first. Closing the iterator ends the work.
    """
    found = search(followups.resolve(question, history), scope)
    yield from _extract(found, top_k)


def place_of_answer(question: str, *, scope: Scope, top_k: int) -> store.Place:
    """Where the answer is cached: under the user, the note, and whatever else changes it."""
    return store.Place(
        key=keys.answer(scope.owner_id, scope.note_id, _digest(question, scope, top_k)),
        version_key=keys.library_version(scope.owner_id, scope.note_id),
        lifetime=LIFETIME,
    )


def _compute(question: str, scope: Scope, top_k: int) -> store.Computed:
    *_, answer = stream_answer(question, scope=scope, top_k=top_k)
    assert isinstance(answer, Answer)
    return store.Computed(asdict(answer), is_cacheable=not answer.degraded)


def _extract(found: Found, top_k: int) -> Iterator[str | Answer]:
    """The best supported sentences, each quoted, as running text."""
    limit = min(top_k, support.MOST_SENTENCES)
    chosen = support.choose_sentences(found.query, found.ranked, limit)
    scores = {ranked.id: ranked.score for ranked in found.ranked}
    sources = [
        describe_source(found.chunks[sentence.chunk_id], sentence, scores[sentence.chunk_id])
        for sentence in chosen.sentences
    ]
    # Line breaks of a page are mere spaces here.
    sentences = [" ".join(source["quote"].split()) for source in sources] or [NOT_IN_NOTES]
    pieces = [sentences[0], *(f" {sentence}" for sentence in sentences[1:])]
    yield from pieces
    yield Answer(
        answer="".join(pieces),
        sources=sources,
        status=ANSWERED if sources else NOT_FOUND,
        degraded=found.is_degraded,
        model=EXTRACTIVE,
    )


def _digest(question: str, scope: Scope, top_k: int) -> str:
    """Covers whatever changes an answer but the material itself."""
    normalised = " ".join(question.split()).casefold()
    parts = [normalised, scope, top_k, get_model_name(), PROMPT_VERSION, get_embedder().name]
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]
