"""A card that is deleted is gone at once; what was learned by it stays, whatever deleted it."""

import uuid

import pytest
from django.db import connection

from flashcards.models import Flashcard, Review
from learningaier.accounts.models import User

CARDS, DECKS = "/api/flashcards/", "/api/decks/"
REVIEW, UNDO = f"{CARDS}review", f"{CARDS}undo"
JSON = "application/json"


def make(api, **fields):
    response = api.post(CARDS, {"term": "a", "definition": "b", **fields})
    assert response.status_code == 201, response.content
    return response.json()


def rate(api, card, rating=3, **fields):
    response = api.post(REVIEW, {"flashcard_id": card["id"], "rating": rating, **fields})
    assert response.status_code == 200, response.content
    return response.json()["review_id"]


def ratings(api):
    """The ratings that count, oldest first."""
    return [review["rating"] for review in api.get(f"{CARDS}reviews").json()][::-1]


def delete_it(api, card):
    assert api.delete(f"{CARDS}{card['id']}").status_code == 200


def delete_by_batch(api, card):
    body = [{"op": "delete", "id": card["id"]}]
    assert api.post(f"{CARDS}batch", body, content_type=JSON).status_code == 200


def delete_its_cloze(api, card):
    body = {"term": "Water moves by {{c2::osmosis}}"}
    changed = api.patch(f"{CARDS}{card['id']}", body, content_type=JSON)
    assert changed.json()["warnings"][0]["card_id"] == card["id"]


def delete_its_fact(api, card):
    Flashcard.objects.get(pk=card["id"]).fact.delete()


@pytest.mark.parametrize("delete", [delete_it, delete_by_batch, delete_its_cloze, delete_its_fact])
def test_its_reviews_stay_when_a_card_goes(api, delete):
    text = "{{c1::Water}} moves by {{c2::osmosis}}"
    card = make(api, kind="cloze", term=text, definition="")
    rate(api, card, 2)
    delete(api, card)
    assert api.get(f"{CARDS}{card['id']}").status_code == 404
    assert ratings(api) == [2]
    assert api.get(f"{CARDS}reviews?card={card['id']}").json()[0]["flashcard_id"] == card["id"]


def test_its_reviews_stay_when_its_deck_and_its_note_go_before_it(api):
    note = api.post("/api/notes/", {"title": "n", "content": "A note."}).json()
    card = make(api, deck="Biology", note_id=note["id"])
    rate(api, card)
    assert api.delete(f"{DECKS}{card['deck_id']}").status_code == 200
    assert api.delete(f"/api/notes/{note['id']}").status_code == 200
    assert len(api.get(CARDS).json()) == 1
    delete_it(api, card)
    assert ratings(api) == [3]


def test_after_a_deletion_nobody_elses_rating_is_taken_back(api):
    first, second = make(api), make(api)
    rate(api, first, 4)
    rate(api, second, 1)
    delete_it(api, second)
    for _ in range(2):
        answer = api.post(UNDO)
        assert (answer.status_code, answer.json()["code"]) == (409, "card_deleted")
        assert ratings(api) == [4, 1]
    assert api.get(f"{CARDS}{first['id']}").json()["reps"] == 1


def test_what_came_after_a_deletion_can_be_taken_back(api):
    first, second = make(api), make(api)
    rate(api, second, 1)
    delete_it(api, second)
    rate(api, first, 4)
    assert api.post(UNDO).json()["id"] == first["id"]
    assert ratings(api) == [1]
    assert api.post(UNDO).status_code == 409


def test_a_step_of_many_cards_is_taken_back_for_those_that_are_left(api):
    gone, left = make(api), make(api)
    now = Flashcard.objects.get(pk=left["id"]).created_at.isoformat()
    reviews = [
        {"id": str(uuid.uuid4()), "flashcard_id": card["id"], "rating": 3, "reviewed_at": now}
        for card in (gone, left)
    ]
    body = {"reviews": reviews}
    assert api.post(f"{CARDS}reviews", body, content_type=JSON).json()["accepted"] == 2
    delete_it(api, gone)
    assert api.post(UNDO).json()["id"] == left["id"]
    assert ratings(api) == []


def test_a_review_that_is_handed_in_again_after_the_deletion_is_known(api):
    card = make(api)
    review = {"id": str(uuid.uuid4()), "flashcard_id": card["id"], "rating": 3}
    rate(api, card, id=review["id"])
    stored = Review.objects.get()
    delete_it(api, card)
    body = {"reviews": [review | {"reviewed_at": stored.reviewed_at.isoformat()}]}
    answer = api.post(f"{CARDS}reviews", body, content_type=JSON).json()
    assert (answer["accepted"], answer["known"], answer["refused"]) == (0, 1, [])


def test_reviews_go_with_their_owner(api, owner):
    card = make(api)
    rate(api, card)
    delete_it(api, card)
    User.objects.get(pk=owner.pk).delete()
    assert not Review.events.exists()
    connection.check_constraints()
