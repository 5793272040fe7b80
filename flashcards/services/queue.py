"""The day's queue: what to study now, in order, within the day's limits.

1. Cards in steps of less than a day whose time has come.
2. Reviews and new cards, mixed as the deck wants it (for all decks: as the learner's settings do).
3. Where nothing else is left: cards in steps that come within 20 minutes.

Of a fact one card is shown a day. The same moment gives the same order on every device, as each
order ends with an id and chance is a hash of the id and the day.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.models import Deck, Flashcard, QueueExtra, Review, StudySettings
from flashcards.models.cards import IS_TIMED
from flashcards.models.options import MAX_PER_DAY, NewMix
from flashcards.scheduling import Rating, Schedule, Status, preview_events
from flashcards.services import queue_rows
from flashcards.services.cards import read_shown
from flashcards.services.options import find_settings, resolve_options, study_options
from flashcards.services.previews import unfuzzed
from learningaier.accounts.models import User

LEARN_AHEAD = timedelta(minutes=20)
MAX_TIMED = 5000  # cards in steps that one queue looks at

Outcomes = dict[Rating, Schedule]


@dataclass(frozen=True)
class QueuedCard:
    """A card to study, and what each rating would lead to."""

    card: Flashcard
    outcomes: Outcomes


@dataclass
class Queue:
    """`counts`: new, learning, review, buried; `next_learning_at`: when a step comes next."""

    cards: list[QueuedCard] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    next_learning_at: datetime | None = None


@dataclass(frozen=True)
class _Day:
    """Whose day it is, and what of it is asked for. `deck_ids`: None stands for no deck."""

    owner: User
    now: datetime
    today: date
    settings: StudySettings
    decks: Sequence[Deck]
    deck: Deck | None

    @property
    def groups(self) -> list[Deck | None]:
        """The decks whose cards are asked for; None for the cards in no deck."""
        return [self.deck] if self.deck else [*self.decks, None]

    @property
    def cards(self) -> Any:
        """The cards asked for that may be shown today."""
        cards = Flashcard.objects.owned_by(self.owner).shown_on(self.today)
        return cards.filter(deck=self.deck) if self.deck else cards


def build_queue(*, owner: User, deck: Deck | None, limit: int, offset: int = 0) -> Queue:
    """The cards to study now: `limit` of them from place `offset` on."""
    day = _begin_day(owner, deck)
    timed = list(
        day.cards.filter(IS_TIMED).order_by("due", "pk").values_list("pk", "due")[:MAX_TIMED]
    )
    limits = _find_limits(day)
    reviews = queue_rows.pick_reviews(day, limits.reviews)[: limits.all_reviews]
    new = queue_rows.pick_new(day, limits.new)[: limits.all_new]
    ids = [pk for pk, due in timed if due <= day.now]
    ids += mix(reviews, new, study_options(deck, day.settings).new_mix)
    if not ids:
        ids = [pk for pk, due in timed if due <= day.now + LEARN_AHEAD]
    end_of_day = calendar_of(owner).start_of(day.today + timedelta(days=1))
    counts = {
        "new": len(new),
        "learning": sum(due < end_of_day for _, due in timed),
        "review": len(reviews),
        "buried": queue_rows.count_buried(day),
    }
    coming = next((due for _, due in timed if due > day.now), None)
    return Queue(show_cards(day, ids[offset : offset + limit]), counts, coming)


def _begin_day(owner: User, deck: Deck | None) -> _Day:
    now = timezone.now()
    decks = list(Deck.objects.owned_by(owner))
    return _Day(owner, now, calendar_of(owner).day_of(now), find_settings(owner), decks, deck)


def show_cards(day: _Day, ids: Sequence[uuid.UUID]) -> list[QueuedCard]:
    """The cards with their texts and outcomes, in the order of the ids."""
    cards = read_shown(owner=day.owner, card_ids=ids)
    calendar = calendar_of(day.owner)
    decks: dict[uuid.UUID | None, Deck] = {deck.pk: deck for deck in day.decks}
    options = {
        pk: unfuzzed(resolve_options(decks.get(pk), day.settings))
        for pk in {card.deck_id for card in cards.values()}
    }
    return [
        QueuedCard(
            card,
            preview_events(
                card.schedule,
                now=day.now,
                study_day=day.today,
                options=options[card.deck_id],
                card_id=card.pk,
                calendar=calendar,
            ),
        )
        for card in (cards[pk] for pk in ids if pk in cards)
    ]


def mix(reviews: Sequence[Any], new: Sequence[Any], how: str) -> list[Any]:
    """Reviews and new cards in one row; mixed: the fewer spread evenly among the more."""
    if how == NewMix.BEFORE:
        return [*new, *reviews]
    if how == NewMix.AFTER:
        return [*reviews, *new]
    rows = (reviews, new)
    # Each card's share of its row's length says where it comes; numbers alone sort fast.
    placed = sorted(
        ((place + 1) / (len(row) + 1), is_new, place)
        for is_new, row in enumerate(rows)
        for place in range(len(row))
    )
    return [rows[is_new][place] for _, is_new, place in placed]


@dataclass(frozen=True)
class _Limits:
    """How many cards may still come today: of each group of `_Day.groups`, and of all."""

    new: list[int]
    reviews: list[int]
    all_new: int
    all_reviews: int


def _find_limits(day: _Day) -> _Limits:
    done = _count_done(day)
    asked_for = QueueExtra.objects.filter(owner=day.owner, study_day=day.today)
    extra: dict[uuid.UUID | None, QueueExtra] = {one.deck_id: one for one in asked_for}
    for_all = extra.get(None) or QueueExtra()
    new, reviews = [], []
    for deck in day.groups:
        rules = study_options(deck, day.settings)
        more = (deck and extra.get(deck.pk)) or QueueExtra()
        held = max((one.new_held_until for one in (rules, day.settings) if one.new_held_until),
                   default=None)  # fmt: skip
        is_held = held is not None and held > day.today
        allowed = 0 if is_held else rules.new_limit_on(day.today)
        key = deck.pk if deck else None
        new.append(max(allowed + more.new + for_all.new - done[key, True], 0))
        usual = rules.review_limit_on(day.today)
        reviews.append(max(usual + more.reviews + for_all.reviews - done[key, False], 0))
    settings, mores = day.settings, extra.values()
    return _Limits(
        new,
        reviews,
        _left(day, settings.max_new_per_day, sum(one.new for one in mores), Status.NEW),
        _left(day, settings.max_reviews_per_day, sum(one.reviews for one in mores), Status.REVIEW),
    )


def _left(day: _Day, most: int | None, more: int, state: str) -> int:
    """How many are left of a limit over all decks; reviews of cards deleted since count too."""
    if most is None:
        return 10**9
    done = Review.objects.owned_by(day.owner).filter(state=state, study_day=day.today).count()
    return max(most + more - int(done), 0)


def _count_done(day: _Day) -> Counter[Any]:
    """Reviews of this study day by deck and by whether the card was new."""
    rows = (
        Review.objects.owned_by(day.owner)
        .filter(Q(state=Status.NEW) | Q(state=Status.REVIEW), study_day=day.today)
        .order_by()
        .values("state", deck=F("flashcard__deck_id"))
        .annotate(count=Count("*"))
    )
    return Counter({(row["deck"], row["state"] == Status.NEW): row["count"] for row in rows})


def ask_for_more(*, owner: User, deck: Deck | None, new: int, reviews: int) -> QueueExtra:
    """Raise today's limits of a deck, or of all decks; tomorrow they are as ever."""
    today = calendar_of(owner).day_of(timezone.now())
    extra, _ = QueueExtra.objects.get_or_create(owner=owner, deck=deck, study_day=today)
    extra.new = min(extra.new + new, MAX_PER_DAY)
    extra.reviews = min(extra.reviews + reviews, MAX_PER_DAY)
    extra.save(update_fields=["new", "reviews"])
    return extra


@dataclass(frozen=True)
class Cram:
    """What to study outside of the schedule. `filter`: all, due (within `days`), failed (today)."""

    filter: str
    days: int = 0
    tag: str = ""
    limit: int = 100


def build_cram(*, owner: User, deck: Deck | None, cram: Cram) -> list[QueuedCard]:
    """Cards to go through whatever their schedule says, most at risk first. Nothing is stored."""
    day = _begin_day(owner, deck)
    cards = Flashcard.objects.owned_by(owner).filter(is_suspended=False)
    if deck:
        cards = cards.filter(deck=deck)
    if cram.tag:
        cards = cards.filter(fact__tags__contains=[cram.tag])
    if cram.filter == "due":
        last = day.today + timedelta(days=cram.days)
        end = calendar_of(owner).start_of(last + timedelta(days=1))
        cards = cards.exclude(status=Status.NEW).filter(
            Q(due_day__lte=last) | Q(due_day=None, due__lt=end)
        )
    if cram.filter == "failed":
        failed = Review.objects.owned_by(owner).filter(study_day=day.today, rating=Rating.AGAIN)
        cards = cards.filter(pk__in=failed.values("flashcard"))
    ids = cards.order_by("due", "pk").values_list("pk", flat=True)[: cram.limit]
    return show_cards(day, list(ids))
