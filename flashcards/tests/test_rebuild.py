"""manage.py rebuild_schedule, and reviews that arrive late."""

import itertools
import uuid
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from flashcards.models import Flashcard
from flashcards.tests.cards import make_card

REVIEWS = "/api/flashcards/reviews"


@pytest.fixture
def card(owner):
    """A card that was made ten days ago."""
    card = make_card(owner)
    Flashcard.objects.update(created_at=timezone.now() - timedelta(days=10))
    card.refresh_from_db()
    return card


def make_reviews(card):
    start = timezone.now() - timedelta(days=9)
    return [
        {"id": str(uuid.uuid4()), "flashcard_id": str(card.pk), "rating": rating,
         "reviewed_at": (start + timedelta(days=2 * place)).isoformat()}
        for place, rating in enumerate((4, 3, 1))
    ]  # fmt: skip


def hand_in(api, reviews):
    response = api.post(REVIEWS, {"reviews": reviews})
    assert response.status_code == 200, response.content
    return response.json()


def test_reviews_give_one_state_in_whatever_order_they_arrive(api, card):
    reviews, states = make_reviews(card), set()
    for order in itertools.permutations(reviews):
        for review in order:
            assert hand_in(api, [review]) == {"accepted": 1, "known": 0, "refused": []}
        assert hand_in(api, list(order))["known"] == 3
        states.add(Flashcard.objects.get().schedule)
        call_command("rebuild_schedule", "--check", stdout=StringIO())
        for _ in order:
            assert api.post("/api/flashcards/undo").status_code == 200
        assert Flashcard.objects.get().schedule == card.schedule
        for review in reviews:
            review["id"] = str(uuid.uuid4())
    assert len(states) == 1


def test_a_schedule_that_was_tampered_with_is_found_and_mended(api, card):
    hand_in(api, make_reviews(card))
    before = Flashcard.objects.get().schedule
    Flashcard.objects.update(stability=99.0)
    with pytest.raises(CommandError):
        call_command("rebuild_schedule", "--check", stdout=StringIO())
    call_command("rebuild_schedule", stdout=StringIO())
    assert Flashcard.objects.get().schedule == before


def test_a_rebuild_is_of_one_learner_or_of_all_and_leaves_the_rest_of_a_card(
    api, card, owner, stranger
):
    theirs = make_card(stranger)
    hand_in(api, make_reviews(card))
    before = Flashcard.objects.get(pk=card.pk).schedule
    Flashcard.objects.update(stability=99.0, flag=3, is_suspended=True)
    out = StringIO()
    call_command("rebuild_schedule", "--user", "owner", stdout=out)
    assert out.getvalue().splitlines()[-1] == "1 cards replayed, 1 differ."
    mended = Flashcard.objects.get(pk=card.pk)
    assert (mended.schedule, mended.flag, mended.is_suspended) == (before, 3, True)
    assert Flashcard.objects.get(pk=theirs.pk).stability == 99.0
    call_command("rebuild_schedule", stdout=StringIO())
    assert Flashcard.objects.get(pk=theirs.pk).stability is None
    with pytest.raises(CommandError, match="No user fit"):
        call_command("rebuild_schedule", "--user", "nobody", stdout=StringIO())
