"""The port to language models.

LanguageModelError       the model gives no (more) text
├── ModelUnavailable     it does not answer in time, or is not asked as it has just failed
└── ModelRefused         it answers that it will not, or that the request is wrong
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

EXTRACTIVE = "extractive"
BYTES_A_TOKEN = 3  # of UTF-8: English has 4 and more, Chinese 3


class LanguageModelError(Exception):
    """The model gives no text, or breaks off."""


class ModelUnavailable(LanguageModelError):
    """The model does not answer.

    `is_transient`: the same call may well succeed in a moment; after `retry_after` seconds, where
    the provider says so.
    """

    def __init__(self, reason: str, *, is_transient: bool = False, retry_after: float = 0.0):
        super().__init__(reason)
        self.is_transient = is_transient
        self.retry_after = retry_after


class ModelRefused(LanguageModelError):
    """The model will not answer this; asking again would not help."""


@dataclass(frozen=True)
class Message:
    """A part of a prompt."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True)
class Usage:
    """What a call has cost, in tokens."""

    prompt: int
    completion: int


class LanguageModel(Protocol):
    """Continues a conversation. Safe to call from several threads, and after a fork."""

    @property
    def name(self) -> str:
        """Provider and model, as `gemini:gemini-2.5-flash`."""

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int
    ) -> Generator[str | Usage, None, None]:
        """The model's text, piece by piece as it speaks, and its `Usage` where it tells that.

        `max_tokens`: the longest completion. Closing the generator ends the call, and the tokens.
        Raises: LanguageModelError, also after some text.
        """


def estimate_tokens(text: str) -> int:
    """At most how many tokens a text has, whatever the model's tokenizer; usually a third less."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_A_TOKEN)
