"""Leeches: at eight lapses and at each half of that more; marked, tagged, perhaps suspended."""

import itertools
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from flashcards.models import Deck, Fact, Flashcard, StudyChange
from flashcards.services.leeches import count_marks
from flashcards.tests.cards import CARDS, hand_in, make_card, make_learned, rate, undo


@pytest.mark.parametrize(
    ("threshold", "marked_at"),
    [(8, [8, 12, 16, 20]), (5, [5, 7, 9, 11, 13, 15, 17, 19]), (1, list(range(1, 21)))],
)
def test_a_card_is_marked_at_the_threshold_and_at_each_half_of_it_more(threshold, marked_at):
    marks = [count_marks(lapses, threshold) for lapses in range(21)]
    risen = [at for at, (a, b) in enumerate(itertools.pairwise(marks), 1) if b > a]
    assert risen == marked_at


def fail(api, card):
    Flashcard.objects.filter(pk=card.pk).update(status="review", step=None)
    return rate(api, card, 1)


def test_the_eighth_lapse_marks_and_tags_the_card(api, owner):
    card = make_learned(owner, lapses=6, tags=["x"])
    assert fail(api, card)["is_leech"] is False
    assert fail(api, card)["is_leech"] is True
    shown = api.get(f"{CARDS}/{card.pk}").json()
    assert (shown["is_leech"], shown["is_suspended"], shown["lapses"]) == (True, False, 8)
    assert shown["tags"] == ["x", "leech"]
    for query in ({"is_leech": "true"}, {"tag": "leech"}, {"q": "leech"}):
        assert [one["id"] for one in api.get(CARDS, query).json()] == [str(card.pk)]


def test_a_leech_is_suspended_if_its_deck_says_so_and_again_at_each_half(api, owner):
    deck = Deck.objects.create(owner=owner, name="Hard", leech_threshold=4, leech_suspends=True)
    card = make_learned(owner, lapses=3, deck=deck)
    suspended = []
    for _ in range(5):
        suspended.append(fail(api, card)["is_suspended"])
        api.post(f"{CARDS}/{card.pk}/unsuspend")
    assert suspended == [True, False, True, False, True]


def test_the_settings_of_the_learner_count_for_cards_in_no_deck(api, owner):
    api.patch(f"{CARDS}/settings", {"leech_threshold": 2, "leech_suspends": True})
    card = make_learned(owner, lapses=1)
    answer = fail(api, card)
    assert (answer["is_leech"], answer["is_suspended"]) == (True, True)


def test_undo_takes_the_mark_the_tag_and_the_suspension_back(api, owner):
    deck = Deck.objects.create(owner=owner, name="Hard", leech_suspends=True)
    card = make_learned(owner, lapses=7, deck=deck, tags=["x"])
    before = api.get(f"{CARDS}/{card.pk}").json()
    rate(api, card, 1)
    undo(api)
    after = api.get(f"{CARDS}/{card.pk}").json()
    assert after | {"updated_at": None} == before | {"updated_at": None}
    assert api.get(CARDS, {"q": "leech"}).json() == []


def test_a_tag_that_the_learner_has_given_outlives_an_undo(api, owner):
    card = make_learned(owner, lapses=7, tags=["leech"])
    rate(api, card, 1)
    undo(api)
    assert Fact.objects.get().tags == ["leech"]


def test_a_late_review_that_takes_a_lapse_away_takes_the_mark_too(api, owner):
    """In whatever order two devices hand in, the card is a leech or it is not."""
    deck = Deck.objects.create(owner=owner, name="Hard", leech_threshold=1, leech_suspends=True)
    start, states = timezone.now() - timedelta(days=5), []
    for order in (0, 1):
        card = make_card(owner, term=str(order), deck=deck)
        Flashcard.objects.filter(pk=card.pk).update(created_at=start)
        made = [(0, 3), (9, 1), (20, 3), (60 * 30, 1)]  # minutes, rating
        reviews = [
            {"id": str(uuid.uuid4()), "flashcard_id": str(card.pk), "rating": rating,
             "reviewed_at": (start + timedelta(minutes=at)).isoformat()}
            for at, rating in made
        ]  # fmt: skip
        first, late = [reviews[0], *reviews[2:]], [reviews[1]]
        for batch in (first, late) if order else (late, first):
            hand_in(api, batch)
        card.refresh_from_db()
        states.append((card.lapses, card.is_leech, card.is_suspended, card.fact.tags))
    assert states == [(0, False, False, [])] * 2
    undo(api)
    card.refresh_from_db()
    assert (card.lapses, card.is_leech, card.is_suspended) == (1, True, True)
    assert Fact.objects.get(pk=card.fact_id).tags == ["leech"]
    assert StudyChange.objects.count() == 4
