"""GET, POST /api/decks and GET, PATCH, DELETE /api/decks/{id}."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from flashcards.models import Deck
from flashcards.names import MAX_KEY, MAX_NAME, fold_name
from flashcards.tests.cards import make_card

DECKS = "/api/decks/"
JSON = "application/json"


def make(api, **fields):
    response = api.post(DECKS, {"name": "Biology", **fields})
    assert response.status_code == 201, response.content
    return response.json()


def put_cards(owner, deck_id, status, count, *, is_due):
    due = timezone.now() + timedelta(days=-1 if is_due else 1)
    for _ in range(count):
        make_card(owner, deck_id=deck_id, term="t", definition="d", status=status, due=due)


def test_a_deck_begins_with_the_usual_settings_and_no_cards(api, owner):
    deck = make(api)
    assert (deck["name"], deck["desired_retention"], deck["new_per_day"]) == ("Biology", 0.9, 20)
    assert deck["exam_date"] is None
    assert [deck[count] for count in ("new", "learning", "due", "total")] == [0, 0, 0, 0]
    assert api.get(f"{DECKS}{deck['id']}").json() == deck
    assert Deck.objects.get().owner == owner


def test_counts_tell_new_learning_due_and_all_cards(api, owner):
    deck = make(api)
    put_cards(owner, deck["id"], "new", 1, is_due=True)
    put_cards(owner, deck["id"], "learning", 2, is_due=True)
    put_cards(owner, deck["id"], "relearning", 1, is_due=False)
    put_cards(owner, deck["id"], "review", 4, is_due=False)
    put_cards(owner, None, "review", 1, is_due=True)
    counts = {"new": 1, "learning": 3, "due": 3, "total": 8}
    assert counts.items() <= api.get(f"{DECKS}{deck['id']}").json().items()
    assert counts.items() <= api.get(DECKS).json()[0].items()
    assert len(api.get("/api/flashcards", {"deck": "Biology", "due": "true"}).json()) == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"name": str(uuid.uuid4())}, "name"),
        ({"desired_retention": 0.69}, "desired_retention"),
        ({"desired_retention": 1}, "desired_retention"),
        ({"new_per_day": -1}, "new_per_day"),
        ({"new_per_day": 10_000}, "new_per_day"),
        ({"exam_date": "tomorrow"}, "exam_date"),
    ],
)
def test_a_deck_that_makes_no_sense_is_refused_with_its_field(api, fields, field):
    response = api.post(DECKS, {"name": "Biology", **fields})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert not Deck.objects.exists()


@pytest.mark.parametrize(
    ("name", "same"), [("Biology", "bIOLOGY"), ("Straße", "STRASSE"), ("Élan", "e\u0301lan")]
)
def test_a_name_is_taken_whatever_its_case(api, stranger_api, name, same):
    make(api, name=name)
    response = api.post(DECKS, {"name": same})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["name"]
    assert make(stranger_api, name=same)["name"] == same


@pytest.mark.parametrize("letter", ["ΐ", "ß", "İ", "\ufb03", "\U0001d160", "\u1f82"])
def test_the_longest_name_of_any_letter_can_be_stored(api, letter):
    name = letter * MAX_NAME
    assert len(fold_name(name)) <= MAX_KEY
    assert make(api, name=name)["name"] == name


def test_a_deck_changes_and_keeps_its_counts(api, owner):
    deck = make(api)
    put_cards(owner, deck["id"], "new", 2, is_due=True)
    fields = {"name": "BIOLOGY", "desired_retention": 0.85, "exam_date": "2027-01-31"}
    changed = api.patch(f"{DECKS}{deck['id']}", fields, content_type=JSON).json()
    assert fields.items() <= changed.items()
    assert (changed["new"], changed["total"], changed["new_per_day"]) == (2, 2, 20)
    assert api.get(f"{DECKS}{deck['id']}").json() == changed


def test_a_deck_can_not_take_another_ones_name(api):
    make(api, name="A")
    deck = make(api, name="B")
    assert api.patch(f"{DECKS}{deck['id']}", {"name": "a"}, content_type=JSON).status_code == 400
    assert api.get(f"{DECKS}{deck['id']}").json()["name"] == "B"


def test_cards_outlive_their_deck(api, owner):
    deck = make(api)
    put_cards(owner, deck["id"], "review", 2, is_due=True)
    assert api.delete(f"{DECKS}{deck['id']}").status_code == 204
    cards = api.get("/api/flashcards").json()
    assert [card["deck"] for card in cards] == [None, None]


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_strangers_deck_is_not_there(api, stranger_api, visitor_api, method):
    path = f"{DECKS}{make(api)['id']}"
    assert getattr(stranger_api, method)(path).status_code == 404
    assert getattr(visitor_api, method)(path).status_code == 401
    assert (stranger_api.get(DECKS).json(), visitor_api.get(DECKS).status_code) == ([], 401)
    assert api.get(path).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_three_queries_however_long(api, owner, rows, django_assert_max_num_queries):
    for number in range(rows):
        deck = Deck.objects.create(owner=owner, name=f"deck {number}")
        put_cards(owner, deck.pk, "new", 2, is_due=True)
    with django_assert_max_num_queries(3):
        decks = api.get(DECKS).json()
    assert [deck["total"] for deck in decks] == [2] * rows
