"""What stands around every remote model: bounded time, retries where safe, a breaker, figures.

A call is repeated only where nothing has been said yet and the provider may not have begun: the
connection was refused, or a status asks to come again. Waits grow, with full jitter, and never
pass the time that is left.
"""

import random
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from typing import TypeVar

from opentelemetry.trace import Span
from prometheus_client import Counter, Histogram

from learningaier.ai.breaker import Breaker
from learningaier.ai.embedders import Embedder, EmbedderError, Vectors
from learningaier.ai.language import (
    LanguageModel,
    LanguageModelError,
    Message,
    ModelRefused,
    ModelUnavailable,
    Usage,
)
from learningaier.observability import tracing

ATTEMPTS = 3
FIRST_WAIT, MAX_WAIT = 0.25, 5.0  # seconds

CALLS = Counter(
    "learningaier_model_calls_total",
    "Calls of models: ok, failed, refused, cancelled (client left), short_circuited (breaker).",
    ["model", "result"],
)
SECONDS = Histogram(
    "learningaier_model_seconds",
    "Time from a call of a model to its end.",
    ["model"],
    buckets=(0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60),
)

Result = TypeVar("Result")


class GuardedModel:
    """A language model that can be relied on to end. `seconds`: for a whole answer."""

    def __init__(self, model: LanguageModel, *, seconds: float) -> None:
        self.name = model.name
        self._model = model
        self._seconds = seconds
        self._breaker = Breaker(model.name, seconds=seconds)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> Generator[str | Usage, None, None]:
        """As `LanguageModel.stream`; a call that takes too long ends as `ModelUnavailable`."""
        if not self._breaker.allow():
            CALLS.labels(self.name, "short_circuited").inc()
            raise ModelUnavailable("The model has failed again and again.")
        began, result = time.monotonic(), "failed"
        # Not the current span: a generator has no context of its own.
        span = tracing.begin(
            f"chat {self.name}",
            kind="client",
            attributes={"gen_ai.operation.name": "chat", "gen_ai.request.model": self.name},
        )
        try:
            pieces = self._attempt(messages, max_tokens, ends_at=began + self._seconds)
            with closing(pieces):
                for piece in pieces:
                    _note_usage(span, piece)
                    yield piece
            result = "ok"
            self._breaker.record_success()
        except GeneratorExit:
            result = "cancelled"  # by the client: that says nothing of the model
            raise
        except ModelRefused:
            result = "refused"
            self._breaker.record_success()
            raise
        except LanguageModelError:
            self._breaker.record_failure()
            raise
        finally:
            CALLS.labels(self.name, result).inc()
            SECONDS.labels(self.name).observe(time.monotonic() - began)
            if result != "ok":
                tracing.fail(span, result)
            span.end()

    def _attempt(
        self, messages: Sequence[Message], max_tokens: int, *, ends_at: float
    ) -> Generator[str | Usage, None, None]:
        def begin() -> tuple[Generator[str | Usage, None, None], str | Usage]:
            stream = self._model.stream(messages, max_tokens=max_tokens)
            return stream, next(stream, "")

        stream, piece = call_with_retries(begin, ends_at=ends_at)
        with closing(stream):
            yield piece
            for piece in stream:
                yield piece
                if time.monotonic() > ends_at:
                    raise ModelUnavailable("The answer takes too long.")


def _note_usage(span: Span, piece: str | Usage) -> None:
    if isinstance(piece, Usage):
        span.set_attribute("gen_ai.usage.input_tokens", piece.prompt)
        span.set_attribute("gen_ai.usage.output_tokens", piece.completion)


class GuardedEmbedder:
    """An embedder that can be relied on to end. `seconds`: for one call of `embed`."""

    def __init__(self, embedder: Embedder, *, seconds: float) -> None:
        self.name = embedder.name
        self.dimensions = embedder.dimensions
        self.traits = embedder.traits
        self._embedder = embedder
        self._seconds = seconds
        self._breaker = Breaker(embedder.name, seconds=seconds)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As `Embedder.embed`, within `seconds` and behind the breaker."""
        return self._guard(lambda: self._embedder.embed(texts))

    def embed_questions(self, texts: Sequence[str]) -> Vectors:
        """As `Embedder.embed_questions`, within `seconds` and behind the breaker."""
        return self._guard(lambda: self._embedder.embed_questions(texts))

    def _guard(self, embed: Callable[[], Vectors]) -> Vectors:
        if not self._breaker.allow():
            CALLS.labels(self.name, "short_circuited").inc()
            raise EmbedderError("The embedder has failed again and again.")
        began = time.monotonic()
        facts = {"gen_ai.operation.name": "embeddings", "gen_ai.request.model": self.name}
        try:
            with tracing.span(f"embeddings {self.name}", kind="client", attributes=facts):
                vectors = call_with_retries(embed, ends_at=began + self._seconds)
        except EmbedderError:
            self._breaker.record_failure()
            CALLS.labels(self.name, "failed").inc()
            raise
        finally:
            SECONDS.labels(self.name).observe(time.monotonic() - began)
        self._breaker.record_success()
        CALLS.labels(self.name, "ok").inc()
        return vectors


def call_with_retries(call: Callable[[], Result], *, ends_at: float) -> Result:
    """Call, and call again after a transient error while there is time (monotonic `ends_at`)."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return call()
        except (ModelUnavailable, EmbedderError) as error:
            longest = min(FIRST_WAIT * 2**attempt, MAX_WAIT)
            wait = max(error.retry_after, random.uniform(0, longest))  # noqa: S311  no secret
            has_time = time.monotonic() + wait < ends_at
            if not error.is_transient or attempt == ATTEMPTS or not has_time:
                raise
        time.sleep(wait)
    raise AssertionError("unreachable")
