"""Any server that speaks OpenAI's API, through OpenAI's SDK: OpenAI, Ollama, vLLM, llama.cpp.

The only importer of the SDK. What the SDK or its transport raises becomes our own tree.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import httpx2
import openai
from django.conf import settings

from learningaier.ai.embedders import REMOTE, Vectors, embed_remotely
from learningaier.ai.language import Message, ModelRefused, ModelUnavailable, Usage

CONNECT_SECONDS = 3.0
NO_KEY = "none"  # servers of one's own want no key, the SDK wants some
TRANSIENT = frozenset([408, 409, 425, 429, 500, 502, 503, 504])
MAX_TEXTS = 256  # of one request for embeddings
MAX_TEXT = 24_000  # bytes: 8,000 tokens and more are refused


class OpenAIModel:
    """A `LanguageModel` at any server with OpenAI's `/chat/completions`."""

    def __init__(self, *, name: str, seconds: float) -> None:
        self.name = name
        self._model = name.partition(":")[2]
        self._client = _connect(settings.LLM_BASE_URL, settings.LLM_API_KEY, seconds)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> Generator[str | Usage, None, None]:
        """Stream one completion; ends the call when it is closed."""
        listed: list[Any] = [{"role": one.role, "content": one.text} for one in messages]
        with _our_errors():
            stream = self._client.chat.completions.create(
                model=self._model,
                messages=listed,
                stream=True,
                stream_options={"include_usage": True},
                **self._limits(max_tokens),
            )
            with stream:
                yield from _read(stream)

    def _limits(self, max_tokens: int) -> Mapping[str, Any]:
        """OpenAI's own models refuse `max_tokens` and a temperature, others know nothing else."""
        if settings.LLM_BASE_URL:
            return {"max_tokens": max_tokens, "temperature": 0}
        return {"max_completion_tokens": max_tokens}


class OpenAIEmbedder:
    """An `Embedder` at any server with OpenAI's `/embeddings`."""

    traits = REMOTE

    def __init__(self, *, name: str, seconds: float) -> None:
        self.name = name
        self.dimensions: int = settings.EMBEDDINGS_DIMENSIONS
        self._client = _connect(settings.EMBEDDINGS_BASE_URL, settings.EMBEDDINGS_API_KEY, seconds)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One request for every 256 texts."""
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
        with _our_errors():
            reply = self._client.embeddings.create(
                model=settings.EMBEDDINGS_MODEL,
                input=texts,
                dimensions=self.dimensions,
                encoding_format="float",
            )
        return [row.embedding for row in sorted(reply.data, key=lambda row: row.index)]


def _connect(base_url: str, key: str, seconds: float) -> openai.OpenAI:
    """A client that tries once: `guard.py` decides about the rest."""
    return openai.OpenAI(
        api_key=key or NO_KEY,
        base_url=base_url or None,
        timeout=httpx2.Timeout(seconds, connect=CONNECT_SECONDS),
        max_retries=0,
    )


def _read(stream: Iterator[Any]) -> Generator[str | Usage, None, None]:
    for chunk in stream:
        if chunk.usage is not None:
            yield Usage(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        for choice in chunk.choices:
            if choice.finish_reason == "content_filter" or choice.delta.refusal:
                raise ModelRefused("The model's filter has stopped the answer.")
            if choice.delta.content:
                yield choice.delta.content


@contextmanager
def _our_errors() -> Iterator[None]:
    """The SDK's errors as ours; no text of a request or a reply goes along."""
    try:
        yield
    except openai.APIConnectionError as error:
        raise ModelUnavailable(
            f"No answer: {type(error).__name__}.", is_transient=_never_arrived(error)
        ) from None
    except openai.APIStatusError as error:
        if error.status_code in TRANSIENT:
            raise ModelUnavailable(
                f"Status {error.status_code}.",
                is_transient=True,
                retry_after=_wait(error.response.headers),
            ) from None
        if error.status_code in {401, 403, 404}:  # a wrong key, a wrong model: not this question's
            raise ModelUnavailable(f"Status {error.status_code}.") from None
        raise ModelRefused(f"Status {error.status_code}.") from None
    except (openai.OpenAIError, httpx2.HTTPError, ValueError) as error:
        raise ModelUnavailable(f"Broken off: {type(error).__name__}.") from None


def _never_arrived(error: openai.APIConnectionError) -> bool:
    """Whether the request can be sent again, as the server can't have begun with it."""
    return isinstance(error.__cause__, (httpx2.ConnectError, httpx2.ConnectTimeout))


def _wait(headers: Mapping[str, str]) -> float:
    """Retry-After in seconds; 0 where it is missing, or a date."""
    text = headers.get("retry-after", "")
    return float(text) if text.replace(".", "", 1).isdigit() else 0.0
