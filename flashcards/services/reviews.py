"""Reviews: append-only events, and the schedules that follow from them."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from flashcards.days import Calendar, calendar_of
from flashcards.models import ChangeKind, Flashcard, Reschedule, Review
from flashcards.scheduling import Event, Options, Rating, Schedule, schedule_event
from flashcards.services.changes import (
    LEECH_TAG,
    STATE_FIELDS,
    lock_owner,
    read_rows,
    record_change,
    write_rows,
)
from flashcards.services.options import options_of, settings_of, store_options, study_options
from flashcards.services.renewal import renew_figures
from flashcards.services.replays import load_events, replay_card, store_steps
from learningaier.accounts.models import User
from learningaier.core.errors import Conflict, NotFound, ServiceError

MOMENT = timedelta(microseconds=1)  # the finest step that PostgreSQL keeps
CLOCK_SKEW = timedelta(minutes=1)  # a phone's clock may be so much ahead of ours


@dataclass(frozen=True)
class Given:
    """A review as a client hands it in. `reviewed_at`: None for a review made just now."""

    flashcard_id: uuid.UUID
    rating: int
    id: uuid.UUID | None = None
    reviewed_at: datetime | None = None
    duration_ms: int | None = None


@dataclass(frozen=True)
class Refused:
    """A review that was not taken, and why."""

    given: Given
    code: str
    detail: str


@dataclass(frozen=True)
class HandedIn:
    """What came of many reviews: counts, and those that were refused."""

    accepted: int
    known: int
    refused: Sequence[Refused]


@transaction.atomic
def review_card(
    *,
    card_id: uuid.UUID,
    owner: User,
    rating: int,
    duration_ms: int | None = None,
    review_id: uuid.UUID | None = None,
    reviewed_at: datetime | None = None,
) -> tuple[Flashcard, uuid.UUID]:
    """Rate a card and schedule it anew. The same id again changes nothing.

    Returns: the card as it stands, and the review's id. Raises: NotFound; Conflict (409) for an id
    of another card's review; ValidationError (400) for a time that can not be.
    """
    lock_owner(owner)
    given = Given(card_id, rating, review_id, reviewed_at, duration_ms)
    card = Flashcard.objects.owned_by(owner).lock(card_id, field="flashcard_id")
    if review_id and _is_known(owner, given):
        return card, review_id
    fault = _find_fault(card, given)
    if fault:
        raise ValidationError({"reviewed_at": [fault]})
    stored = _Taking(owner, [card]).take([given], kind=ChangeKind.REVIEW)
    return card, stored[0].pk


def _is_known(owner: User, given: Given) -> bool:
    assert given.id is not None
    known = Review.events.filter(pk=given.id).values_list("owner_id", "flashcard_id").first()
    if known is None:
        return False
    if known != (owner.pk, given.flashcard_id):
        raise Conflict("This id is another review's.", code="review_id_taken")
    return True


def _find_fault(card: Flashcard, given: Given) -> str:
    """Why a review's time can not be; "" where it can."""
    if given.reviewed_at is None:
        return ""
    if given.reviewed_at > timezone.now() + CLOCK_SKEW:
        return "A review can't be made in the future."
    if given.reviewed_at < card.created_at:
        return "A review can't be made before its card."
    return ""


@transaction.atomic
def hand_in_reviews(*, owner: User, reviews: Sequence[Given]) -> HandedIn:
    """Take the reviews of a device that was offline, in whatever order, as one step.

    Those that can not be are refused one by one; the others count.
    """
    lock_owner(owner)
    ids = [given.id for given in reviews if given.id]
    rows = Review.events.filter(pk__in=ids).values_list("pk", "owner_id", "flashcard_id")
    known = {pk: (owner_id, card_id) for pk, owner_id, card_id in rows}
    wanted = {given.flashcard_id for given in reviews}
    cards = _lock_cards(owner, wanted)
    taken, refused, repeated = [], [], 0
    for given in reviews:
        if given.id in known and known[given.id] == (owner.pk, given.flashcard_id):
            repeated += 1
        elif refusal := _refuse(given, known, cards.get(given.flashcard_id)):
            refused.append(refusal)
        else:
            assert given.id is not None
            known[given.id] = (owner.pk, given.flashcard_id)
            taken.append(given)
    if taken:
        affected = {given.flashcard_id for given in taken}
        taking = _Taking(owner, [cards[pk] for pk in cards if pk in affected])
        taking.take(taken, kind=ChangeKind.REVIEWS)
    return HandedIn(len(taken), repeated, refused)


def _lock_cards(owner: User, ids: set[uuid.UUID]) -> dict[uuid.UUID, Flashcard]:
    rows = Flashcard.objects.owned_by(owner).to_be_scheduled().select_for_update(of=("self",))
    return {card.pk: card for card in rows.filter(pk__in=ids).order_by("pk")}


def _refuse(
    given: Given, known: Mapping[uuid.UUID, object], card: Flashcard | None
) -> Refused | None:
    error: ServiceError | None = None
    if given.id in known:
        error = Conflict("This id is another review's.", code="review_id_taken")
    elif card is None:
        error = NotFound("There is no such card; it may have been deleted.")
    elif fault := _find_fault(card, given):
        return Refused(given, "invalid", fault)
    return None if error is None else Refused(given, error.code, error.detail)


class _Taking:
    """Reviews that are taken together, for locked cards, as one step of undo."""

    def __init__(self, owner: User, cards: Sequence[Flashcard]) -> None:
        self.owner = owner
        self.calendar: Calendar = calendar_of(owner)
        self.cards = {card.pk: card for card in cards}
        self.options: dict[uuid.UUID, Options] = {card.pk: options_of(card) for card in cards}
        self.option_ids = store_options(owner, self.options.values())
        self.is_live = False
        self.change_id = uuid.uuid4()  # its row follows within the transaction
        self.lapses = {card.pk: card.lapses for card in cards}

    def take(self, reviews: Sequence[Given], *, kind: str) -> list[Review]:
        """Store the events, schedule their cards, keep the step."""
        self.is_live = reviews[0].reviewed_at is None
        before = read_rows(self.cards.values(), STATE_FIELDS)
        by_card: dict[uuid.UUID, list[Review]] = defaultdict(list)
        for given in reviews:
            by_card[given.flashcard_id].append(self._as_review(given))
        stored = [review for made in by_card.values() for review in made]
        late = self._find_late(by_card)
        for card_id, made in by_card.items():
            if card_id not in late:
                self._append(self.cards[card_id], made)
        Review.events.bulk_create(stored, batch_size=500)
        self._replay(late)
        tagged = [fact for card in self.cards.values() for fact in self._mark_leech(card)]
        record_change(
            owner=self.owner,
            kind=kind,
            fields=STATE_FIELDS,
            rows=before,
            untag=tagged,
            change_id=self.change_id,
        )
        write_rows(self.owner, STATE_FIELDS, read_rows(self.cards.values(), STATE_FIELDS))
        renew_figures(self.owner)
        return stored

    def _as_review(self, given: Given) -> Review:
        card = self.cards[given.flashcard_id]
        at = given.reviewed_at or _moment_after(card.last_review, timezone.now())
        return Review(
            id=given.id or uuid.uuid4(),
            owner=self.owner,
            flashcard=card,
            rating=given.rating,
            reviewed_at=at,
            study_day=self.calendar.day_of(at),
            duration_ms=given.duration_ms,
            options_id=self.option_ids[self.options[card.pk]],
            state=card.status,
            change_id=self.change_id,
        )

    def _find_late(self, by_card: Mapping[uuid.UUID, list[Review]]) -> set[uuid.UUID]:
        """The cards that have an event later than one of these reviews: they are replayed."""
        first = {pk: min(review.reviewed_at for review in made) for pk, made in by_card.items()}
        late = {
            pk
            for pk, at in first.items()
            if (last := self.cards[pk].last_review) is not None and last >= at
        }
        if self.is_live:
            return late
        moves = Reschedule.objects.filter(
            flashcard_id__in=first, undone_at=None, at__gte=min(first.values())
        )
        moved = moves.values_list("flashcard_id", "at")
        return late | {pk for pk, at in moved if at >= first[pk]}

    def _append(self, card: Flashcard, made: list[Review]) -> None:
        for review in sorted(made, key=lambda one: (one.reviewed_at, one.pk)):
            before = card.schedule
            load = _Load(self.owner, card) if self.is_live else None
            event = self._as_event(card, review)
            after = schedule_event(
                before, event, card_id=card.pk, calendar=self.calendar, load=load
            )
            if load is not None and load.was_asked:
                review.chosen_days = int(after.interval)
            _derive(review, before, after)
            card.take_schedule(after)

    def _as_event(self, card: Flashcard, review: Review) -> Event:
        return Event(
            review.pk,
            Rating(review.rating),
            review.reviewed_at,
            review.study_day,
            self.options[card.pk],
            review.chosen_days,
        )

    def _replay(self, late: set[uuid.UUID]) -> None:
        """Compute the cards again that were overtaken."""
        if not late:
            return
        events = load_events(list(late))
        replayed = {pk: replay_card(self.cards[pk], events[pk], self.owner) for pk in late}
        store_steps(replayed.values())
        for pk, found in replayed.items():
            self.cards[pk].take_schedule(found.schedule)

    def _mark_leech(self, card: Flashcard) -> list[uuid.UUID]:
        """Mark, tag and perhaps suspend a card that lapses again and again."""
        rules = study_options(card.deck, settings_of(card))
        card.is_leech = card.is_leech and card.lapses >= rules.leech_threshold
        passed = range(self.lapses[card.pk] + 1, card.lapses + 1)
        if not any(is_leech_at(count, rules.leech_threshold) for count in passed):
            return []
        card.is_leech = True
        card.is_suspended = card.is_suspended or rules.leech_suspends
        if LEECH_TAG in card.fact.tags:
            return []
        card.fact.tags = [*card.fact.tags, LEECH_TAG]
        card.fact.save(update_fields=["tags", "updated_at"])
        return [card.fact_id]


def is_leech_at(lapses: int, threshold: int) -> bool:
    """Whether a card that lapses for this time is a leech: at the threshold and each half more."""
    half = max(threshold // 2, 1)
    return lapses >= threshold and (lapses - threshold) % half == 0


def _derive(review: Review, before: Schedule, after: Schedule) -> None:
    review.state = str(before.status)
    passed = (review.study_day - before.last_day).days if before.last_day else 0
    review.elapsed_days = float(max(passed, 0))
    review.scheduled_days = after.interval


class _Load:
    """How many of the owner's other cards are due on each day; asked for only where it counts."""

    def __init__(self, owner: User, card: Flashcard) -> None:
        self.owner, self.card, self.was_asked = owner, card, False

    def __call__(self, first: date, last: date) -> Mapping[date, int]:
        self.was_asked = True
        others = Flashcard.objects.owned_by(self.owner).exclude(pk=self.card.pk)
        rows = others.filter(due_day__range=(first, last), is_suspended=False).order_by()
        counted = rows.values("due_day").annotate(count=Count("*"))
        return {row["due_day"]: row["count"] for row in counted if row["due_day"]}


def _moment_after(last_review: datetime | None, now: datetime) -> datetime:
    """Now, and later than the review before even if a clock went back.

    Without that, the latest review of a card would not be the one to undo first.
    """
    return now if last_review is None else max(now, last_review + MOMENT)
