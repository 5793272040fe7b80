"""What a learner may write of facts, decks and study settings, by name and type."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

from notes.models import Note


class FactFields(TypedDict, total=False):
    """Fields of a fact; `source` and `guid` are set by what made it, never by a client."""

    kind: str
    term: str | None
    definition: str
    context: str | None
    tags: list[str]
    category: str
    language: str
    note: Note | None
    source: Mapping[str, Any] | None
    guid: str


class CardFields(FactFields, total=False):
    """A fact's fields, and the name or id of the deck of a card."""

    deck_name: str | None
    external_id: str


class StudyOptions(TypedDict, total=False):
    """How cards are studied; None leaves it to the learner's settings, then to ours."""

    desired_retention: float
    new_per_day: int
    reviews_per_day: int
    new_mix: str
    review_order: str
    new_order: str
    learning_steps: list[float] | None
    relearning_steps: list[float] | None
    maximum_interval: int | None
    is_fuzzed: bool | None
    easy_days: list[str] | None
    easy_dates: dict[str, str] | None
    leech_threshold: int
    leech_suspends: bool


class DeckFields(StudyOptions, total=False):
    """A deck's own fields beside its options."""

    name: str
    external_id: str
    exam_date: date | None
    exam_last_days: int
    minutes_per_day: int | None


class SettingsFields(StudyOptions, total=False):
    """Limits over all decks beside the options; None: no limit."""

    max_new_per_day: int | None
    max_reviews_per_day: int | None
