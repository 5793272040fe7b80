"""POST /api/flashcards/review, /undo and GET /api/flashcards/{id}/preview."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.models import Deck, Flashcard, Review
from flashcards.tests.cards import make_card

REVIEW, UNDO = "/api/flashcards/review", "/api/flashcards/undo"
DAY = timedelta(days=1)
JSON = "application/json"


@pytest.fixture
def card(owner):
    """A new card of the owner."""
    return make_card(owner, term="die Zelle", definition="the cell")


def rate(api, card, rating, **fields):
    response = api.post(REVIEW, {"flashcard_id": str(card.pk), "rating": rating, **fields})
    assert response.status_code == 200, response.content
    return response.json()


def learn(owner, days=30.0, **fields):
    """A card in review whose interval has passed."""
    now = timezone.now()
    return make_card(
        owner, term="t", definition="d", status="review", stability=days, difficulty=5.0,
        last_review=now - days * DAY, last_day=calendar_of(owner).day_of(now - days * DAY),
        due=now, due_day=calendar_of(owner).day_of(now), interval=days, reps=4, **fields,
    )  # fmt: skip


def test_a_review_schedules_the_card_and_tells_when_it_comes_back(api, card):
    answer = rate(api, card, 3, duration_ms=1500)
    card.refresh_from_db()
    review = Review.objects.get()
    assert set(answer) == {
        "success", "flashcard_id", "next_review_date", "next_review", "interval", "ease_factor",
        "interval_days", "review_id", "is_leech", "is_suspended",
    }  # fmt: skip
    assert answer["success"] is True
    assert answer["flashcard_id"] == str(card.pk)
    assert answer["next_review"] == answer["next_review_date"]
    assert datetime.fromisoformat(answer["next_review"]) == card.due
    assert answer["next_review"].endswith("Z")
    assert answer["interval"] == round(10 / 24 / 60, 4)
    assert answer["ease_factor"] == card.ease_factor
    assert (card.status, card.reps, card.last_review) == ("learning", 1, review.reviewed_at)
    assert (review.rating, review.duration_ms, review.state) == (3, 1500, "new")
    assert (review.elapsed_days, review.scheduled_days) == (0.0, card.interval)


@pytest.mark.parametrize(
    ("status", "interval", "days"),
    [
        ("new", 0.0, 0),
        ("learning", 10 / 24 / 60, 0),
        ("relearning", 0.9, 0),
        ("learning", 1.0, 1),
        ("review", 0.4, 1),
        ("review", 1.0, 1),
        ("review", 12.34567, 13),
        ("review", 12.00001, 12),
    ],
)
def test_whole_days_are_rounded_up_of_review_cards_alone(api, owner, status, interval, days):
    card = make_card(owner, term="t", definition="d", status=status, interval=interval)
    assert api.get(f"/api/flashcards/{card.pk}").json()["interval_days"] == days


def test_every_interval_is_told_in_whole_days_too(api, owner):
    card = learn(owner)
    preview = api.get(f"/api/flashcards/{card.pk}/preview").json()
    assert preview["again"]["interval_days"] == 0
    answer = rate(api, card, 3)
    assert preview["good"]["interval_days"] > 30
    assert answer["interval_days"] == answer["interval"]
    assert isinstance(answer["interval_days"], int)
    review = api.get("/api/flashcards/reviews").json()[0]
    assert (review["interval_days"], review["interval"]) == (answer["interval_days"],) * 2


def test_reviews_are_listed_by_time_and_card_and_in_pages(api, stranger_api, owner):
    cards = [learn(owner), learn(owner)]
    made = [rate(api, card, rating)["review_id"] for card in cards for rating in (3, 4)]
    listed = api.get("/api/flashcards/reviews", {"limit": 3})
    assert [review["id"] for review in listed.json()] == made[:0:-1]
    assert listed["X-Total-Count"] == "4"
    of_one = api.get("/api/flashcards/reviews", {"card": cards[0].pk}).json()
    assert [review["id"] for review in of_one] == made[1::-1]
    since = of_one[0]["reviewed_at"]
    later = api.get("/api/flashcards/reviews", {"since": since}).json()
    assert [review["id"] for review in later] == made[:0:-1]
    assert stranger_api.get("/api/flashcards/reviews", {"card": cards[0].pk}).json() == []


def test_a_better_rating_of_a_learned_card_waits_longer(api, owner):
    waits = [rate(api, learn(owner), rating)["interval"] for rating in (1, 3)]
    assert waits[0] == round(10 / 24 / 60, 4)
    assert waits[1] > 30


def test_a_lapse_is_counted(api, owner):
    card = learn(owner)
    rate(api, card, 1)
    card.refresh_from_db()
    assert (card.status, card.lapses, card.reps) == ("relearning", 1, 5)
    assert Review.objects.get().elapsed_days == pytest.approx(30, abs=0.01)


def test_a_deck_that_wants_more_retention_asks_sooner(api, owner):
    demanding = Deck.objects.create(owner=owner, name="exam", desired_retention=0.99)
    relaxed = Deck.objects.create(owner=owner, name="hobby", desired_retention=0.70)
    soon = rate(api, learn(owner, deck=demanding), 3)
    late = rate(api, learn(owner, deck=relaxed), 3)
    assert soon["interval"] < late["interval"] / 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"rating": 0}, "rating"),
        ({"rating": 5}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": "good"}, "rating"),
        ({"rating": None}, "rating"),
        ({"flashcard_id": "1"}, "flashcard_id"),
        ({"duration_ms": -1}, "duration_ms"),
        ({"duration_ms": 2**31}, "duration_ms"),
    ],
)
def test_a_review_that_makes_no_sense_is_refused_and_changes_nothing(api, card, fields, field):
    response = api.post(REVIEW, {"flashcard_id": str(card.pk), "rating": 3, **fields})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert Flashcard.objects.get().reps == 0


def test_only_its_owner_can_review_a_card(api, stranger_api, visitor_api, card):
    body = {"flashcard_id": str(card.pk), "rating": 3}
    assert stranger_api.post(REVIEW, body).status_code == 404
    assert visitor_api.post(REVIEW, body).status_code == 401
    assert api.post(REVIEW, {**body, "flashcard_id": str(uuid.uuid4())}).status_code == 404
    assert not Review.objects.exists()


@pytest.mark.parametrize("rating", [1, 2, 3, 4])
def test_undo_brings_back_the_very_schedule_from_before(api, owner, rating):
    card = learn(owner, days=17.3)
    before = Flashcard.objects.get(pk=card.pk).schedule
    rate(api, card, rating)
    answer = api.post(UNDO)
    assert answer.status_code == 200
    assert answer.json()["id"] == str(card.pk)
    assert Flashcard.objects.get(pk=card.pk).schedule == before
    assert not Review.objects.exists()


def test_undo_goes_back_review_by_review_across_cards(api, owner, card):
    other = learn(owner)
    rate(api, card, 3)
    rate(api, other, 4)
    rate(api, card, 1)
    undone = [api.post(UNDO).json()["id"] for _ in range(3)]
    assert undone == [str(card.pk), str(other.pk), str(card.pk)]
    card.refresh_from_db()
    assert (card.status, card.reps, card.last_review) == ("new", 0, None)


def test_with_nothing_to_undo_the_answer_is_a_conflict(api, stranger_api, visitor_api, card):
    rate(api, card, 3)
    response = stranger_api.post(UNDO)
    assert response.status_code == 409
    assert response.json()["code"] == "nothing_to_undo"
    assert visitor_api.post(UNDO).status_code == 401
    assert Review.objects.count() == 1


def test_undo_keeps_a_text_that_was_changed_since(api, card):
    rate(api, card, 3)
    api.patch(f"/api/flashcards/{card.pk}", {"definition": "a better one"}, content_type=JSON)
    api.post(UNDO)
    card.refresh_from_db()
    assert (card.fact.definition, card.reps) == ("a better one", 0)


def test_a_preview_tells_the_interval_of_each_rating_and_stores_nothing(api, card):
    answer = api.get(f"/api/flashcards/{card.pk}/preview").json()
    intervals = {name: outcome["interval"] for name, outcome in answer.items()}
    assert intervals == {"again": 0.0007, "hard": 0.0038, "good": 0.0069, "easy": 8.0}
    assert all(outcome["next_review"].endswith("Z") for outcome in answer.values())
    assert Flashcard.objects.get().schedule == card.schedule


def test_a_preview_is_steady_though_reviews_are_spread(api, owner):
    path = f"/api/flashcards/{learn(owner).pk}/preview"
    looks = [api.get(path).json() for _ in range(5)]
    assert len({look["good"]["interval"] for look in looks}) == 1


def test_a_preview_follows_the_decks_retention(api, owner):
    deck = Deck.objects.create(owner=owner, name="exam", desired_retention=0.97)
    strict, usual = (
        api.get(f"/api/flashcards/{card.pk}/preview").json()["good"]["interval"]
        for card in (learn(owner, deck=deck), learn(owner))
    )
    assert strict < usual


def test_only_its_owner_can_preview_a_card(stranger_api, visitor_api, card):
    path = f"/api/flashcards/{card.pk}/preview"
    assert stranger_api.get(path).status_code == 404
    assert visitor_api.get(path).status_code == 401
