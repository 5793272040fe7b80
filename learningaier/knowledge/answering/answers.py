"""Questions answered from the library: cited, or an honest word that it does not say."""

import hashlib
import logging
from collections.abc import Generator, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from prometheus_client import Counter

from learningaier.accounts.account_cache import find_model_choice
from learningaier.ai.budget import BudgetSpent
from learningaier.ai.language import EXTRACTIVE, LanguageModelError
from learningaier.ai.providers import get_embedder_name, get_language_model, get_model_name
from learningaier.cache import keys, store
from learningaier.core.errors import TooManyRequests
from learningaier.knowledge.answering import followups
from learningaier.knowledge.answering.drafts import NOT_FOUND, Answer, Draft
from learningaier.knowledge.answering.extractive import extract_answer
from learningaier.knowledge.answering.followups import Turn
from learningaier.knowledge.answering.generation import Question, phrase_answer
from learningaier.knowledge.retrieval.scope import Scope
from learningaier.knowledge.retrieval.search import search
from learningaier.knowledge.text.signs import spell_signs

logger = logging.getLogger(__name__)

PROMPT_VERSION = 3  # raise it whenever the same material would be answered differently
LIFETIME = timedelta(minutes=30)

ANSWERS = Counter(
    "learningaier_answers_total", "Answers given by status.", ["status", "model", "degraded"]
)


def answer_question(question: str, *, scope: Scope, top_k: int) -> dict[str, Any]:
    """The answer, cached for half an hour while nothing in its scope changes.

    `top_k`: how many sources at most. Returns: the fields of `Answer`, and `cached`.
    """
    choice = find_model_choice(scope.owner_id)
    place = answer_cache_key(question, scope=scope, top_k=top_k, choice=choice)
    value, is_cached = store.get_or_compute(place, lambda: _compute(question, scope, top_k))
    return {**value, "cached": is_cached}


def stream_answer(
    question: str, *, scope: Scope, top_k: int, history: Sequence[Turn] = ()
) -> Generator[str | Answer, None, None]:
    """The answer sentence by sentence, as it is found, and at last all of it as an `Answer`.

    Joined, the pieces of text are the answer's; empty ones are chances to leave. `history`: the
    conversation before the question, the oldest turn first. Closing the generator ends the work.
    No connection to the database is held while a model speaks.
    Raises: TooManyRequests, before any text, where the day's tokens are spent.
    """
    resolved = followups.resolve(question, history)
    found = search(resolved.text, scope, resolved.carried)
    draft, model = Draft(found, top_k), get_language_model(find_model_choice(scope.owner_id))
    is_degraded = False
    if model is not None and found.ranked:
        asked = Question(scope.owner_id, question, resolved.text, history)
        try:
            yield from phrase_answer(model, asked, draft)
        except BudgetSpent as spent:
            raise TooManyRequests(
                str(spent), code="budget_spent", retry_after=spent.seconds
            ) from None
        except LanguageModelError as error:
            logger.warning("answer_degraded", extra={"error": type(error).__name__})
            is_degraded = True
    has_phrased = model is not None and not (is_degraded and draft.is_empty)
    if not has_phrased:
        yield from extract_answer(draft)
    name = model.name if model is not None and has_phrased else EXTRACTIVE
    answer = draft.finish(model=name, degraded=is_degraded)
    if answer.status == NOT_FOUND:
        yield answer.answer
    ANSWERS.labels(answer.status, answer.model, str(answer.degraded).lower()).inc()
    yield answer


def answer_cache_key(
    question: str, *, scope: Scope, top_k: int, choice: str = ""
) -> store.VersionedKey:
    """Where the answer is cached: under the user, the note, and whatever else changes it.

    `choice`: the model that the owner has chosen; empty: the operator's.
    """
    digest = _digest(question, scope, top_k, choice)
    return store.VersionedKey(
        key=keys.answer(scope.owner_id, scope.note_id, digest),
        version_key=keys.library_version(scope.owner_id, scope.note_id),
        lifetime=LIFETIME,
    )


def _compute(question: str, scope: Scope, top_k: int) -> store.Computed:
    *_, answer = stream_answer(question, scope=scope, top_k=top_k)
    assert isinstance(answer, Answer)
    # As a later reader is answered, to the byte: the fast path sends it as it is.
    return store.Computed(asdict(answer) | {"cached": True}, is_cacheable=not answer.degraded)


def _digest(question: str, scope: Scope, top_k: int, choice: str) -> str:
    """Covers whatever changes an answer but the material itself."""
    normalised = " ".join(spell_signs(question).split()).casefold()  # -v is not -V
    parts = [normalised, scope, top_k, get_model_name(choice), PROMPT_VERSION, get_embedder_name()]
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]
