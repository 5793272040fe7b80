"""A learner's real cards and habits, as simulations and plans take them."""

import dataclasses
import hashlib
import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import orjson
from django.db.models import Avg, BigIntegerField, Count, F, Func, Q, Value
from django.db.models.functions import Least, Mod
from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.intervals import EasyDay
from flashcards.memory import Memory
from flashcards.models import Deck, Flashcard, Review, StudySettings
from flashcards.planning import Learner, Rebuilt
from flashcards.scheduling import Rating, Status
from flashcards.services.memories import rebuild_memories
from flashcards.services.options import find_settings, resolve_options
from flashcards.simulation import Cards, Conditions, Habits
from learningaier.accounts.models import User

LATELY = timedelta(days=90)  # whose reviews tell how a learner studies
MAX_DURATION = 60_000  # milliseconds: who takes longer has left
PRIOR = 20  # reviews that the usual habits weigh


@dataclass(frozen=True)
class Collection:
    """Cards of one owner, on one study day.

    `ids`: of the cards, in the order of the arrays; `groups`: whose options count for them: the
    deck's, or the settings and all decks.
    """

    owner: User
    deck: Deck | None
    settings: StudySettings
    decks: Sequence[Deck]
    ids: list[uuid.UUID]
    cards: Cards
    learner: Learner
    today: date

    @property
    def groups(self) -> list[StudySettings | Deck]:
        """Whose options count for the cards."""
        return [self.deck] if self.deck else [self.settings, *self.decks]

    def fingerprint(self) -> str:
        """Another one for any other state of the cards or their options, and on any other day."""
        arrays = (self.cards.stability, self.cards.difficulty, self.cards.last, self.cards.due)
        conditions = dataclasses.astuple(self.learner.conditions)
        told = orjson.dumps([self.today, self.ids, repr((conditions, self.learner.memory))])
        return hashlib.sha256(told + b"".join(one.tobytes() for one in arrays)).hexdigest()


def read_collection(*, owner: User, deck: Deck | None) -> Collection:
    """The cards of a deck, or all, that are not suspended, with how their owner studies.

    Cards in steps of less than a day are left out: they come back today whatever is planned.
    """
    return _read(owner, deck, _choose_cards(owner, deck))


def read_sample(*, owner: User, deck: Deck | None, most: int) -> tuple[Collection, int]:
    """The same with about so many of the cards at the most, and how many there are in all.

    They are chosen by a hash of their ids, which has nothing to do with what they are.
    """
    chosen = _choose_cards(owner, deck)
    count = chosen.count()
    if count > most:
        drawn = Func(
            F("pk"), Value(0), function="uuid_hash_extended", output_field=BigIntegerField()
        )
        chosen = chosen.annotate(drawn=Mod(drawn, math.ceil(count / most))).filter(drawn=0)
    return _read(owner, deck, chosen), count


def _read(owner: User, deck: Deck | None, chosen: Any) -> Collection:
    today = calendar_of(owner).day_of(timezone.now())
    settings = find_settings(owner)
    decks = [deck] if deck else list(Deck.objects.owned_by(owner))
    options = resolve_options(deck, settings)
    ids, cards = _read_cards(chosen, today)
    learner = Learner(
        Memory(options.parameters),
        read_habits(owner),
        _find_conditions(deck, settings, decks, today),
    )
    return Collection(owner, deck, settings, decks, ids, cards, learner, today)


def _find_conditions(
    deck: Deck | None, settings: StudySettings, decks: Sequence[Deck], today: date
) -> Conditions:
    """What a learner keeps to who studies every day what the queue brings."""
    options = resolve_options(deck, settings)
    groups: list[Deck | StudySettings] = [deck] if deck else [settings, *decks]
    new_per_day = sum(one.new_limit_on(today) for one in groups)
    if settings.max_new_per_day is not None:
        new_per_day = min(new_per_day, settings.max_new_per_day)
    held = [one.new_held_until for one in (settings, deck) if one and one.new_held_until]
    exam = (options.exam_date - today).days if options.exam_date else 0
    off = {(date.fromisoformat(day) - today).days for day, load in options.easy_dates
           if load == EasyDay.NONE}  # fmt: skip
    return Conditions(
        retention=options.desired_retention,
        maximum=options.maximum_interval,
        new_per_day=new_per_day,
        new_from=max([0, *((day - today).days for day in held)]),
        off=frozenset(day for day in off if day >= 0),
        exam=exam if exam > 0 else None,
        last_days=options.last_days,
    )


def _choose_cards(owner: User, deck: Deck | None) -> Any:
    chosen = Flashcard.objects.owned_by(owner).filter(is_suspended=False)
    if deck is not None:
        chosen = chosen.filter(deck=deck)
    is_planned = Q(status=Status.NEW) | Q(due_day__isnull=False, last_day__isnull=False)
    return chosen.filter(is_planned, Q(status=Status.NEW) | Q(stability__isnull=False))


def _read_cards(chosen: Any, today: date) -> tuple[list[uuid.UUID], Cards]:
    columns = ("pk", "stability", "difficulty", "last_day", "due_day", "status")
    found = list(chosen.order_by("created_at", "pk").values_list(*columns))
    is_new = np.asarray([row[5] == Status.NEW for row in found], bool)
    return [row[0] for row in found], Cards(
        np.where(is_new, np.nan, np.asarray([row[1] or 1.0 for row in found], float)),
        np.asarray([row[2] or 5.0 for row in found], float),
        np.asarray([(row[3] - today).days if row[3] else 0 for row in found], np.int64),
        np.asarray([(row[4] - today).days if row[4] else 0 for row in found], np.int64),
    )


def rebuild_collection(found: Collection) -> Rebuilt:
    """The cards' memory by the parameters that count now, each deck's by its own.

    Raises: TooLarge (413) for more reviews than one request reads.
    """
    cards = _choose_cards(found.owner, found.deck)
    own = [deck for deck in found.decks if deck.parameters]
    chosen = [(cards.filter(deck=deck), resolve_options(deck, found.settings)) for deck in own]
    if found.deck is None or not own:
        others = cards.exclude(deck__in=[deck.pk for deck in own])
        chosen.append((others, resolve_options(found.deck, found.settings)))
    parts = [
        rebuild_memories(cards=some, ids=found.ids, memory=Memory(options.parameters))
        for some, options in chosen
    ]
    return Rebuilt(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def read_habits(owner: User) -> Habits:
    """How long the owner's reviews took lately; where there are few, more of the usual."""
    usual = Habits()
    lately = Review.objects.owned_by(owner).filter(
        reviewed_at__gt=timezone.now() - LATELY, duration_ms__isnull=False
    )
    mean, is_again = Avg(Least(F("duration_ms"), MAX_DURATION)), Q(rating=Rating.AGAIN)
    known = Q(state=Status.REVIEW)
    found = lately.aggregate(
        lapses=Count("pk", filter=known & is_again),
        recalls=Count("pk", filter=known & ~is_again),
        lapse_ms=Avg(Least(F("duration_ms"), MAX_DURATION), filter=known & is_again),
        recall_ms=Avg(Least(F("duration_ms"), MAX_DURATION), filter=known & ~is_again),
        first=Count("pk", filter=Q(state=Status.NEW)),
        ms=mean,
    )
    slow = usual.lapse_seconds / usual.recall_seconds
    recall = _weigh(usual.recall_seconds, found["recall_ms"], found["recalls"])
    return Habits(
        new_seconds=_weigh(usual.new_seconds, _scaled(found["ms"], 2.5), found["first"]),
        lapse_seconds=max(
            _weigh(recall * slow, _scaled(found["lapse_ms"], 1.8), found["lapses"]), recall
        ),
        recall_seconds=recall,
    )


def _scaled(milliseconds: float | None, factor: float) -> float | None:
    """A card's time of a day from that of one review: it is seen again in its steps."""
    return None if milliseconds is None else milliseconds * factor


def _weigh(usual: float, milliseconds: float | None, count: int) -> float:
    """Seconds: the mean of the learner's own and of the usual, as if that were 20 reviews."""
    own = 0.0 if milliseconds is None else milliseconds / 1000 * count
    return (usual * PRIOR + own) / (PRIOR + (count if milliseconds is not None else 0))
