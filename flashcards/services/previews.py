"""What ratings would lead to."""

import dataclasses

from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.models import Flashcard
from flashcards.scheduling import Options, Rating, Schedule, preview_events
from flashcards.services.options import options_of
from learningaier.accounts.models import User


def unfuzzed(options: Options) -> Options:
    """The same without fuzz: what FSRS itself finds, whatever is spread or balanced around it."""
    return dataclasses.replace(options, is_fuzzed=False)


def preview_card(*, card: Flashcard, owner: User) -> dict[Rating, Schedule]:
    """What each of the four ratings would lead to now; nothing is stored."""
    calendar, now = calendar_of(owner), timezone.now()
    return preview_events(
        card.schedule,
        now=now,
        study_day=calendar.day_of(now),
        options=unfuzzed(options_of(card)),
        card_id=card.pk,
        calendar=calendar,
    )
