"""POST /api/flashcards/cram, and the reviews of such a session."""

from io import StringIO

import pytest
from django.core.management import call_command

from flashcards.models import Deck, Flashcard, Review, StudyChange
from flashcards.tests.cards import (
    CARDS,
    hand_in,
    make_card,
    make_learned,
    rate,
    read_queue,
    terms_of,
    today_of,
    undo,
)

CRAM = f"{CARDS}/cram"


def cram(api, **body):
    response = api.post(CRAM, body)
    assert response.status_code == 200, response.content
    return response.json()


def schedules():
    return {card.pk: card.schedule for card in Flashcard.objects.all()}


def test_a_session_holds_cards_whatever_their_schedule_says(api, owner):
    deck = Deck.objects.create(owner=owner, name="Exam")
    make_learned(owner, term="later", ahead=40, deck=deck)
    make_card(owner, term="new", deck=deck)
    make_card(owner, term="suspended", deck=deck, is_suspended=True)
    make_learned(owner, term="elsewhere")
    answer = cram(api, deck="exam")
    assert set(terms_of(answer)) == {"later", "new"}
    assert answer["reschedule"] is False
    assert set(answer["cards"][0]["outcomes"]) == {"again", "hard", "good", "easy"}
    assert cram(api, deck=str(deck.pk), reschedule=True)["reschedule"] is True


def test_a_session_is_narrowed_by_tag_by_days_and_to_what_failed_today(api, owner):
    failed = make_learned(owner, term="failed", tags=["x"])
    make_learned(owner, term="today")
    make_learned(owner, term="in three days", ahead=3, tags=["x"])
    make_learned(owner, term="in four days", ahead=4)
    make_card(owner, term="new")
    rate(api, failed, 1)
    assert set(terms_of(cram(api, filter="due", days=3))) == {"failed", "today", "in three days"}
    assert set(terms_of(cram(api, filter="due"))) == {"failed", "today"}
    assert terms_of(cram(api, filter="failed")) == ["failed"]
    assert set(terms_of(cram(api, tag="x"))) == {"failed", "in three days"}
    assert len(cram(api, limit=2)["cards"]) == 2


def test_a_session_itself_changes_nothing(api, owner):
    make_learned(owner)
    before = schedules()
    cram(api, reschedule=True)
    assert schedules() == before
    assert not Review.objects.exists()
    assert not StudyChange.objects.exists()


@pytest.mark.parametrize("rating", [1, 2, 3, 4])
def test_a_review_outside_of_the_schedule_is_kept_and_moves_no_card(api, owner, rating):
    card = make_learned(owner, days=10, ahead=5, lapses=7)
    before = api.get(f"{CARDS}/{card.pk}").json()
    answer = rate(api, card, rating, reschedule=False, duration_ms=900)
    assert answer["next_review"] == before["due"]
    assert api.get(f"{CARDS}/{card.pk}").json() == before
    (review,) = api.get(f"{CARDS}/reviews").json()
    assert (review["state"], review["rating"], review["duration_ms"]) == ("cram", rating, 900)
    assert review["study_day"] == today_of(owner).isoformat()
    overview = api.get("/api/analytics/overview").json()["overview"]
    assert (overview["total_reviews"], overview["streak_days"]) == (1, 1)


def test_a_review_of_a_session_schedules_where_it_is_meant_to(api, owner):
    card = make_learned(owner, days=10, ahead=5)
    rate(api, card, 3, reschedule=True)
    assert Flashcard.objects.get().reps == card.reps + 1


def test_reviews_outside_of_the_schedule_neither_count_for_limits_nor_bury_siblings(api, owner):
    api.patch(f"{CARDS}/settings", {"new_per_day": 1, "reviews_per_day": 1})
    new, due = make_card(owner, term="new"), make_learned(owner, term="due")
    for card in (new, due):
        rate(api, card, 1, reschedule=False)
    assert set(terms_of(read_queue(api))) == {"new", "due"}


def test_a_replay_passes_over_reviews_outside_of_the_schedule(api, owner):
    card = make_card(owner)
    rate(api, card, 4)
    rate(api, card, 1, reschedule=False)
    rate(api, card, 3)
    call_command("rebuild_schedule", "--check", stdout=StringIO())
    assert Flashcard.objects.get().reps == 2
    api.post(f"{CARDS}/{card.pk}/set-due", {"days": 4})
    call_command("rebuild_schedule", "--check", stdout=StringIO())


def test_a_review_outside_of_the_schedule_is_one_step_of_undo(api, owner):
    card = make_learned(owner)
    rate(api, card, 3)
    after = Flashcard.objects.get().schedule
    rate(api, card, 1, reschedule=False)
    assert undo(api)["id"] == str(card.pk)
    assert Flashcard.objects.get().schedule == after
    assert Review.objects.count() == 1


def test_a_device_that_was_offline_hands_in_both_kinds_at_once(api, owner):
    card = make_learned(owner)
    seen = card.last_review.isoformat()
    common = {"flashcard_id": str(card.pk), "rating": 3}
    reviews = [
        common | {"id": "00000000-0000-4000-8000-000000000001", "reviewed_at": seen,
                  "reschedule": False},
        common | {"id": "00000000-0000-4000-8000-000000000002",
                  "reviewed_at": today_of(owner).isoformat() + "T00:00:00Z"},
    ]  # fmt: skip
    assert hand_in(api, reviews) == {"accepted": 2, "known": 0, "refused": []}
    assert hand_in(api, reviews)["known"] == 2
    assert Flashcard.objects.get().reps == card.reps + 1
    call_command("rebuild_schedule", "--check", stdout=StringIO())


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"filter": "hard"}, "filter"),
        ({"days": -1}, "days"),
        ({"days": 366}, "days"),
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"tag": "x" * 51}, "tag"),
        ({"deck": "x" * 10_000}, "deck"),
        ({"reschedule": "perhaps"}, "reschedule"),
        ({"decks": []}, "decks"),
    ],
)
def test_a_session_that_makes_no_sense_is_refused(api, body, field):
    response = api.post(CRAM, body)
    assert (response.status_code, list(response.json()["errors"])) == (400, [field])


def test_a_deck_that_is_not_there_has_no_session(api, stranger):
    Deck.objects.create(owner=stranger, name="Exam")
    response = api.post(CRAM, {"deck": "Exam"})
    assert (response.status_code, list(response.json()["errors"])) == (404, ["deck"])


def test_buried_cards_are_in_a_session_too_and_say_so(api, owner):
    card = make_learned(owner, term="buried")
    assert api.post(f"{CARDS}/{card.pk}/bury").status_code == 200
    (shown,) = cram(api)["cards"]
    assert (shown["term"], shown["is_buried"]) == ("buried", True)
