"""Leeches: cards that lapse again and again, marked, tagged and perhaps suspended.

A mark follows from the number of lapses alone: the first at the threshold, another one at each
half of it more. A review that comes in late may change how many lapses there were, so marks are
taken back too, and the order in which devices hand in their reviews makes no difference.
"""

import uuid
from collections.abc import Iterable

from django.utils import timezone

from flashcards.models import Fact, Flashcard
from flashcards.services.options import settings_of, study_options
from learningaier.accounts.models import User

LEECH_TAG = "leech"


def count_marks(lapses: int, threshold: int) -> int:
    """How often a card has been marked: at the threshold, and at each half of it more."""
    half = max(threshold // 2, 1)
    return 0 if lapses < threshold else 1 + (lapses - threshold) // half


def mark_leech(card: Flashcard, lapses_before: int) -> int:
    """Set what the card's lapses have come to; it is not stored.

    A new mark suspends the card if its deck says so, one that is taken back frees it again.
    Returns: how many marks it got, negative for marks that are taken back.
    """
    rules = study_options(card.deck, settings_of(card))
    before = count_marks(lapses_before, rules.leech_threshold)
    now = count_marks(card.lapses, rules.leech_threshold)
    if now > before:
        card.is_leech, card.is_suspended = True, card.is_suspended or rules.leech_suspends
    elif now < before:
        card.is_leech = card.is_leech and now > 0
        card.is_suspended = card.is_suspended and not rules.leech_suspends
    return now - before


def list_tagged(owner: User, fact_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these facts have the tag of leeches."""
    facts = Fact.objects.owned_by(owner).filter(pk__in=list(fact_ids))
    return set(facts.filter(tags__contains=[LEECH_TAG]).values_list("pk", flat=True))


def tag_facts(owner: User, fact_ids: Iterable[uuid.UUID], *, is_leech: bool) -> None:
    """Give these facts the tag of leeches, or take it from them; their cards have changed then."""
    facts = list(Fact.objects.owned_by(owner).filter(pk__in=list(fact_ids)))
    if not facts:
        return
    for fact in facts:
        others = [tag for tag in fact.tags if tag != LEECH_TAG]
        fact.tags = [*others, LEECH_TAG] if is_leech else others
        fact.renew_search_text()
    Fact.objects.bulk_update(facts, ["tags", "search_text"], batch_size=500)
    Flashcard.objects.filter(fact__in=facts).update(updated_at=timezone.now())
