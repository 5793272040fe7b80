"""Reviews become events, and the schedules of their cards follow."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from flashcards.days import Calendar, calendar_of
from flashcards.models import Flashcard, Reschedule, Review
from flashcards.models.events import CRAM
from flashcards.scheduling import Options, Schedule, schedule_event
from flashcards.services.changes import (
    MOMENT,
    STATE_FIELDS,
    moment_after,
    read_rows,
    record_change,
    write_rows,
)
from flashcards.services.leeches import list_tagged, mark_leech, tag_facts
from flashcards.services.loads import Loads
from flashcards.services.options import options_of, store_options
from flashcards.services.renewal import renew_figures
from flashcards.services.replays import as_event, load_events, replay_card, store_steps
from learningaier.accounts.models import User


@dataclass(frozen=True)
class Given:
    """A review as a client hands it in.

    `reviewed_at`: None for a review made just now; `is_cram`: made outside of the schedule, so it
    is kept and moves no card.
    """

    flashcard_id: uuid.UUID
    rating: int
    id: uuid.UUID | None = None
    reviewed_at: datetime | None = None
    duration_ms: int | None = None
    is_cram: bool = False


class Recording:
    """Reviews that are recorded together, for locked cards of one owner, as one step of undo."""

    def __init__(self, owner: User, cards: Sequence[Flashcard]) -> None:
        self.owner = owner
        self.now = timezone.now()
        self.calendar: Calendar = calendar_of(owner)
        self.cards = {card.pk: card for card in cards}
        self.options: dict[uuid.UUID, Options] = {card.pk: options_of(card) for card in cards}
        self.option_ids = store_options(owner, self.options.values())
        self.change_id = uuid.uuid4()  # its row follows within the transaction
        self.is_live = False

    def record(self, given: Sequence[Given], *, kind: str) -> list[Review]:
        """Store the events, schedule their cards, keep the step."""
        self.is_live = given[0].reviewed_at is None
        before = read_rows(self.cards.values(), STATE_FIELDS)
        lapses = {card.pk: card.lapses for card in self.cards.values()}
        reviews = self._make_reviews(given)
        scheduled = [review for review in reviews if review.state != CRAM]
        late = self._schedule(scheduled)
        Review.events.bulk_create(reviews, batch_size=500)
        self._replay(late)
        changed = [self.cards[pk] for pk in {review.flashcard_id for review in scheduled}]
        tagged, untagged = self._mark_leeches(changed, lapses)
        record_change(
            owner=self.owner,
            kind=kind,
            fields=STATE_FIELDS,
            rows=before,
            untag=tagged,
            retag=untagged,
            change_id=self.change_id,
        )
        write_rows(self.owner, STATE_FIELDS, read_rows(changed, STATE_FIELDS))
        renew_figures(self.owner)
        return reviews

    def _make_reviews(self, given: Sequence[Given]) -> list[Review]:
        """The events, none of them later than now, as a phone's clock may be ahead of ours."""
        times = {one.reviewed_at for one in given if one.reviewed_at}
        ahead = sorted((at for at in times if at > self.now), reverse=True)
        moved = {at: self.now - place * MOMENT for place, at in enumerate(ahead)}
        return [self._make_review(one, moved) for one in given]

    def _make_review(self, given: Given, moved: Mapping[datetime, datetime]) -> Review:
        card = self.cards[given.flashcard_id]
        at = given.reviewed_at or moment_after(card, self.now)
        at = moved.get(at, at)
        day = self.calendar.day_of(at)
        return Review(
            id=given.id or uuid.uuid4(),
            owner=self.owner,
            flashcard=card,
            rating=given.rating,
            reviewed_at=at,
            study_day=day,
            duration_ms=given.duration_ms,
            options_id=self.option_ids[self.options[card.pk]],
            state=CRAM if given.is_cram else card.status,
            elapsed_days=float(max((day - card.last_day).days, 0)) if card.last_day else 0.0,
            change_id=self.change_id,
        )

    def _schedule(self, reviews: Sequence[Review]) -> set[uuid.UUID]:
        """Schedule the cards. Returns: those that have later events, which are replayed instead."""
        by_card: dict[uuid.UUID, list[Review]] = defaultdict(list)
        for review in reviews:
            by_card[review.flashcard_id].append(review)
        late = self._find_late(by_card)
        for card_id in by_card.keys() - late:
            for review in sorted(by_card[card_id], key=lambda one: (one.reviewed_at, one.pk)):
                self._append(self.cards[card_id], review)
        return late

    def _find_late(self, by_card: Mapping[uuid.UUID, list[Review]]) -> set[uuid.UUID]:
        """The cards that have an event later than one of these reviews."""
        first = {pk: min(review.reviewed_at for review in made) for pk, made in by_card.items()}
        late = {
            pk
            for pk, at in first.items()
            if (last := self.cards[pk].last_review) is not None and last >= at
        }
        if self.is_live or not first:
            return late
        moves = Reschedule.objects.filter(
            flashcard_id__in=first, undone_at=None, at__gte=min(first.values())
        )
        moved = moves.values_list("flashcard_id", "at")
        return late | {pk for pk, at in moved if at >= first[pk]}

    def _append(self, card: Flashcard, review: Review) -> None:
        before = card.schedule
        loads = Loads(self.owner, card) if self.is_live else None
        event = as_event(review, self.options[card.pk])
        after = schedule_event(before, event, card_id=card.pk, calendar=self.calendar, load=loads)
        if loads is not None and loads.were_asked:
            review.chosen_days = int(after.interval)
        _derive(review, before, after)
        card.take_schedule(after)

    def _replay(self, late: set[uuid.UUID]) -> None:
        """Compute the cards again that were overtaken."""
        if not late:
            return
        events = load_events(list(late))
        replayed = {pk: replay_card(self.cards[pk], events[pk], self.owner) for pk in late}
        store_steps(replayed.values())
        for pk, found in replayed.items():
            self.cards[pk].take_schedule(found.schedule)

    def _mark_leeches(
        self, cards: Sequence[Flashcard], lapses: Mapping[uuid.UUID, int]
    ) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
        """Mark what has lapsed too often. Returns: the facts that got the tag, and that lost it."""
        marks = {card: mark_leech(card, lapses[card.pk]) for card in cards}
        marked = {card.fact_id for card, change in marks.items() if change > 0}
        freed = {card.fact_id for card, change in marks.items() if change < 0 and not card.is_leech}
        if not marked | freed:
            return set(), set()
        tagged = list_tagged(self.owner, marked | freed)
        got, lost = marked - tagged, (freed - marked) & tagged
        tag_facts(self.owner, got, is_leech=True)
        tag_facts(self.owner, lost, is_leech=False)
        return got, lost


def _derive(review: Review, before: Schedule, after: Schedule) -> None:
    review.state = str(before.status)
    passed = (review.study_day - before.last_day).days if before.last_day else 0
    review.elapsed_days = float(max(passed, 0))
    review.scheduled_days = after.interval
