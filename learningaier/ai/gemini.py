"""Gemini, through Google's SDK: on Vertex AI with the machine's own identity, or with an API key.

The only importer of the SDK. What the SDK or its transport raises becomes our own tree.
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any

import httpx
from django.conf import settings
from google import genai
from google.auth.exceptions import GoogleAuthError
from google.genai import errors, types

from learningaier.ai.embedders import REMOTE, Vectors, embed_remotely
from learningaier.ai.language import Message, ModelRefused, ModelUnavailable, Usage

TRANSIENT = frozenset([408, 429, 500, 502, 503, 504])
MAX_TEXTS = 100  # of one request for embeddings
MAX_TEXT = 6_000  # bytes; the model reads 2,048 tokens
CONNECT_SECONDS = 3.0


class GeminiModel:
    """A `LanguageModel`. Thinking is off where the model lets it: the material is at hand."""

    def __init__(self, *, name: str, seconds: float) -> None:
        self.name = name
        self._model = name.partition(":")[2]
        self._client = _connect(seconds)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> Generator[str | Usage, None, None]:
        """Stream one completion; ends the call when it is closed."""
        system = "\n".join(one.text for one in messages if one.role == "system")
        config = types.GenerateContentConfig(
            system_instruction=system or None,
            max_output_tokens=max_tokens,
            temperature=0.0,
            thinking_config=_thinking(self._model),
        )
        with _our_errors():
            stream: Any = self._client.models.generate_content_stream(
                model=self._model, contents=_contents(messages), config=config
            )
            with closing(stream):
                yield from _read(stream)


class GeminiEmbedder:
    """An `Embedder` by Gemini's embedding models."""

    traits = REMOTE

    def __init__(self, *, name: str, seconds: float) -> None:
        self.name = name
        self.dimensions: int = settings.EMBEDDINGS_DIMENSIONS
        self._client = _connect(seconds)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One request for every 100 texts."""
        return embed_remotely(
            texts,
            self._request,
            max_texts=MAX_TEXTS,
            longest=MAX_TEXT,
            dimensions=self.dimensions,
        )

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """As any other text."""
        return self.embed(texts)

    def _request(self, texts: list[str]) -> list[Sequence[float]]:
        contents: Any = texts
        with _our_errors():
            reply = self._client.models.embed_content(
                model=settings.EMBEDDINGS_MODEL,
                contents=contents,
                config=types.EmbedContentConfig(output_dimensionality=self.dimensions),
            )
        return [row.values or [] for row in reply.embeddings or []]


def _connect(seconds: float) -> genai.Client:
    """A client that tries once: `guard.py` decides about the rest."""
    options = types.HttpOptions(
        base_url=settings.GEMINI_BASE_URL or None,
        timeout=int(seconds * 1000),
        retry_options=types.HttpRetryOptions(attempts=1),
        client_args={"timeout": httpx.Timeout(seconds, connect=CONNECT_SECONDS)},
    )
    if settings.GEMINI_API_KEY:
        return genai.Client(api_key=settings.GEMINI_API_KEY, http_options=options)
    return genai.Client(
        vertexai=True,
        project=settings.GOOGLE_CLOUD_PROJECT,
        location=settings.GOOGLE_CLOUD_LOCATION,
        http_options=options,
    )


def _contents(messages: Sequence[Message]) -> list[Any]:
    roles = {"user": "user", "assistant": "model"}
    return [
        types.Content(role=roles[one.role], parts=[types.Part(text=one.text)])
        for one in messages
        if one.role in roles
    ]


def _thinking(model: str) -> types.ThinkingConfig | None:
    """As little as the model's family allows; others know nothing of it."""
    if "2.5-flash" in model:
        return types.ThinkingConfig(thinking_budget=0)
    if model.startswith("gemini-3"):
        return types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW)
    return None


def _read(stream: Iterator[types.GenerateContentResponse]) -> Generator[str | Usage, None, None]:
    usage, has_text = None, False
    for chunk in stream:
        if chunk.prompt_feedback is not None and chunk.prompt_feedback.block_reason:
            raise ModelRefused("The model's filter has stopped the question.")
        usage = chunk.usage_metadata or usage  # each chunk's counts the tokens so far
        for candidate in chunk.candidates or []:
            if text := _text_of(candidate):
                has_text = True
                yield text
            if candidate.finish_reason in _FILTERED:
                raise ModelRefused("The model's filter has stopped the answer.")
    if usage is not None:
        spoken = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
        yield Usage(usage.prompt_token_count or 0, spoken)
    if not has_text:
        raise ModelUnavailable("The model has answered nothing.")


def _text_of(candidate: types.Candidate) -> str:
    """What is said, without what is thought."""
    parts = (candidate.content and candidate.content.parts) or []
    return "".join(part.text for part in parts if part.text and not part.thought)


_FILTERED = frozenset(
    [
        types.FinishReason.SAFETY,
        types.FinishReason.RECITATION,
        types.FinishReason.BLOCKLIST,
        types.FinishReason.PROHIBITED_CONTENT,
        types.FinishReason.SPII,
    ]
)


@contextmanager
def _our_errors() -> Iterator[None]:
    """The SDK's errors as ours; no text of a request or a reply goes along."""
    try:
        yield
    except errors.APIError as error:
        if error.code in TRANSIENT:
            raise ModelUnavailable(f"Status {error.code}.", is_transient=True) from None
        if error.code == 400 and "key" not in str(error.message).lower():
            raise ModelRefused("Status 400.") from None
        raise ModelUnavailable(f"Status {error.code}.") from None
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise ModelUnavailable(f"No answer: {type(error).__name__}.", is_transient=True) from None
    except (httpx.HTTPError, GoogleAuthError, ValueError) as error:
        raise ModelUnavailable(f"Broken off: {type(error).__name__}.") from None
