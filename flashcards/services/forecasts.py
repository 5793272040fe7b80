"""A learner's real cards and habits, as simulations and plans take them."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import orjson
from django.db.models import Avg, Count, F, Q
from django.db.models.functions import Least
from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.memory import Memory
from flashcards.models import Deck, Flashcard, Review
from flashcards.planning import Learner
from flashcards.scheduling import Rating, Status
from flashcards.services.options import find_settings, resolve_options, study_options
from flashcards.simulation import Cards, Conditions, Habits
from learningaier.accounts.models import User

LATELY = timedelta(days=90)  # whose reviews tell how a learner studies
MAX_DURATION = 60_000  # milliseconds: who takes longer has left
PRIOR = 20  # reviews that the usual habits weigh


@dataclass(frozen=True)
class Collection:
    """Cards of one owner, on one study day. `ids`: of the cards, in the order of the arrays."""

    ids: list[uuid.UUID]
    cards: Cards
    learner: Learner
    today: date

    def fingerprint(self) -> str:
        """Another one for any other state of the cards, and on any other day."""
        arrays = (self.cards.stability, self.cards.difficulty, self.cards.last, self.cards.due)
        told = orjson.dumps([self.today, self.ids])
        return hashlib.sha256(told + b"".join(one.tobytes() for one in arrays)).hexdigest()


def read_collection(*, owner: User, deck: Deck | None) -> Collection:
    """The cards of a deck, or all, that are not suspended, with how their owner studies.

    Cards in steps of less than a day are left out: they come back today whatever is planned.
    """
    today = calendar_of(owner).day_of(timezone.now())
    settings = find_settings(owner)
    options, rules = resolve_options(deck, settings), study_options(deck, settings)
    conditions = Conditions(
        retention=options.desired_retention,
        maximum=options.maximum_interval,
        new_per_day=rules.new_per_day,
    )
    ids, cards = _read_cards(owner, deck, today)
    learner = Learner(Memory(options.parameters), read_habits(owner), conditions)
    return Collection(ids, cards, learner, today)


def _read_cards(owner: User, deck: Deck | None, today: date) -> tuple[list[uuid.UUID], Cards]:
    chosen = Flashcard.objects.owned_by(owner).filter(is_suspended=False)
    if deck is not None:
        chosen = chosen.filter(deck=deck)
    is_planned = Q(status=Status.NEW) | Q(due_day__isnull=False, last_day__isnull=False)
    rows = chosen.filter(is_planned, Q(status=Status.NEW) | Q(stability__isnull=False))
    columns = ("pk", "stability", "difficulty", "last_day", "due_day", "status")
    found = list(rows.order_by("created_at", "pk").values_list(*columns))
    is_new = np.asarray([row[5] == Status.NEW for row in found], bool)
    return [row[0] for row in found], Cards(
        np.where(is_new, np.nan, np.asarray([row[1] or 1.0 for row in found], float)),
        np.asarray([row[2] or 5.0 for row in found], float),
        np.asarray([(row[3] - today).days if row[3] else 0 for row in found], np.int64),
        np.asarray([(row[4] - today).days if row[4] else 0 for row in found], np.int64),
    )


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
