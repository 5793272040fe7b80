"""By what cards are scheduled: the deck's options, the learner's where it says nothing, ours."""

import dataclasses
import hashlib
from collections.abc import Iterable
from typing import Any

import orjson

from flashcards.models import Deck, Flashcard, SchedulingOptions, StudyOptions, StudySettings
from flashcards.scheduling import Options
from learningaier.accounts.models import User

INHERITED = [
    "learning_steps",
    "relearning_steps",
    "maximum_interval",
    "is_fuzzed",
    "easy_days",
    "easy_dates",
]


def find_settings(owner: User) -> StudySettings:
    """The learner's settings; ours, not stored, where the learner has none."""
    return StudySettings.objects.filter(owner=owner).first() or StudySettings(owner=owner)


def settings_of(card: Flashcard) -> StudySettings:
    """The settings of a card's owner, as `to_be_scheduled` has joined them."""
    return getattr(card.owner, "studysettings", None) or StudySettings(owner=card.owner)


def study_options(deck: Deck | None, settings: StudySettings) -> StudyOptions:
    """Whose limits, orders and leech rules count for the cards of a deck, or of none."""
    return deck or settings


def resolve_options(deck: Deck | None, settings: StudySettings) -> Options:
    """What scheduling is told of the cards of a deck, or of those in no deck."""
    chosen = study_options(deck, settings)
    told: dict[str, Any] = {"desired_retention": chosen.desired_retention}
    for name in INHERITED:
        value = getattr(chosen, name)
        value = getattr(settings, name) if value is None else value
        if value is not None:
            told[name] = _freeze(value)
    if deck and deck.exam_date:
        told |= {"exam_date": deck.exam_date, "last_days": deck.exam_last_days}
    parameters = chosen.parameters or settings.parameters
    return Options(**told, parameters=tuple(parameters) if parameters else None)


def options_of(card: Flashcard) -> Options:
    """What scheduling is told of a card."""
    return resolve_options(card.deck, settings_of(card))


def _freeze(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return tuple(value) if isinstance(value, list) else value


def store_options(owner: User, used: Iterable[Options]) -> dict[Options, int]:
    """The rows that keep these options, made on first use; a query or three for any number."""
    digests = {_digest(options): options for options in set(used)}
    rows = SchedulingOptions.objects.filter(owner=owner, digest__in=digests)
    known = dict(rows.values_list("digest", "pk"))
    if missing := digests.keys() - known.keys():
        SchedulingOptions.objects.bulk_create(
            [
                SchedulingOptions(owner=owner, digest=one, content=digests[one].to_json())
                for one in missing
            ],
            ignore_conflicts=True,
        )
        known = dict(rows.all().values_list("digest", "pk"))
    return {options: known[digest] for digest, options in digests.items()}


def _digest(options: Options) -> str:
    return hashlib.sha256(
        orjson.dumps(dataclasses.asdict(options), option=orjson.OPT_SORT_KEYS)
    ).hexdigest()
