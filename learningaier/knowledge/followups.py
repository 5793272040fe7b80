"""Questions that lean on the conversation before them ("and in 1998?", "why?")."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Turn:
    """An earlier message of a conversation."""

    role: Literal["user", "assistant"]
    text: str


def resolve(question: str, history: Sequence[Turn]) -> str:
    """The question with what it takes from the conversation, as it can be searched for."""
    return question
