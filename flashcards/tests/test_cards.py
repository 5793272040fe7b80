"""GET, POST /api/flashcards and GET, PATCH, DELETE /api/flashcards/{id}."""

import uuid

import pytest

from flashcards.models import Deck, Flashcard
from flashcards.tests.cards import make_card

CARDS = "/api/flashcards/"
JSON = "application/json"


def make(api, **fields):
    response = api.post(CARDS, {"term": "die Zelle", "definition": "the cell", **fields})
    assert response.status_code == 201, response.content
    return response.json()


def make_note(api, title="Biology"):
    return api.post("/api/notes/", {"title": title, "content": "Cells."}).json()["id"]


def terms(response):
    assert response.status_code == 200, response.content
    return [card["term"] for card in response.json()]


def test_a_new_card_is_due_at_once_and_knows_nothing_of_memory_yet(api, owner):
    card = make(api, context="in biology", tags=["bio", "größe"])
    assert card["status"] == "new"
    assert (card["interval"], card["ease_factor"]) == (0.0, 2.5)
    assert (card["reps"], card["lapses"]) == (0, 0)
    assert card["stability"] is card["difficulty"] is card["source"] is None
    assert card["deck"] is card["deck_id"] is card["note_id"] is None
    assert card["due"].endswith("Z")
    assert card["tags"] == ["bio", "größe"]
    assert Flashcard.objects.get().owner == owner
    assert api.get(f"{CARDS}{card['id']}").json() == card


def test_cards_in_any_script_come_back_as_they_were_sent(api):
    card = make(api, term="細胞 🧬", definition="e\u0301 or é", deck="生物")
    assert (card["term"], card["definition"], card["deck"]) == ("細胞 🧬", "e\u0301 or é", "生物")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"term": ""}, "term"),
        ({"term": "   "}, "term"),
        ({"term": "x" * 1001}, "term"),
        ({"term": "a\x00b"}, "term"),
        ({"definition": None}, "definition"),
        ({"definition": "x" * 20_001}, "definition"),
        ({"context": "x" * 20_001}, "context"),
        ({"tags": "bio"}, "tags"),
        ({"tags": ["x" * 51]}, "tags"),
        ({"tags": ["x"] * 51}, "tags"),
        ({"deck": "x" * 101}, "deck"),
        ({"note_id": "no id"}, "note_id"),
    ],
)
def test_a_card_that_makes_no_sense_is_refused_with_its_field(api, fields, field):
    response = api.post(CARDS, {"term": "t", "definition": "d", **fields})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == [field]
    assert not Flashcard.objects.exists()
    assert not Deck.objects.exists()


@pytest.mark.parametrize("field", ["deck", "note_id"])
def test_an_id_that_is_nothing_of_ones_own_is_404_with_its_field(api, field):
    fields = {"term": "t", "definition": "d", field: str(uuid.uuid4())}
    response = api.post(CARDS, fields)
    assert response.status_code == 404
    assert (response.json()["code"], list(response.json()["errors"])) == ("not_found", [field])
    assert not Flashcard.objects.exists()


def test_a_card_can_come_from_a_note_of_its_owner_only(api, stranger_api):
    mine, theirs = make_note(api), make_note(stranger_api)
    assert make(api, note_id=mine)["note_id"] == mine
    response = api.post(CARDS, {"term": "t", "definition": "d", "note_id": theirs})
    assert response.status_code == 404
    assert list(response.json()["errors"]) == ["note_id"]


def test_a_card_outlives_its_note(api):
    note = make_note(api)
    card = make(api, note_id=note)
    assert api.delete(f"/api/notes/{note}").status_code == 200
    assert api.get(f"{CARDS}{card['id']}").json()["note_id"] is None


def test_naming_a_deck_makes_it_once_whatever_the_case(api, stranger_api):
    first = make(api, deck="Élan")
    second = make(api, deck=" e\u0301LAN ")
    assert (second["deck"], second["deck_id"]) == ("Élan", first["deck_id"])
    assert make(stranger_api, deck="Élan")["deck_id"] != first["deck_id"]


def test_a_deck_may_be_given_by_its_id_unless_it_is_someone_elses(api, stranger_api):
    deck_id = make(api, deck="Biology")["deck_id"]
    assert make(api, deck=deck_id)["deck"] == "Biology"
    response = stranger_api.post(CARDS, {"term": "t", "definition": "d", "deck": deck_id})
    assert response.status_code == 404


def test_the_schedule_can_not_be_written(api):
    card = make(api, status="review", interval=900, reps=9, ease_factor=3, source={"a": 1})
    assert (card["status"], card["interval"], card["reps"]) == ("new", 0.0, 0)
    changed = api.patch(
        f"{CARDS}{card['id']}", {"due": "2020-01-01T00:00:00Z", "lapses": 3}, content_type=JSON
    )
    assert (changed.json()["due"], changed.json()["lapses"]) == (card["due"], 0)


def test_a_change_keeps_what_it_does_not_name(api):
    card = make(api, deck="A", tags=["x"])
    changed = api.patch(f"{CARDS}{card['id']}", {"definition": "a cell"}, content_type=JSON).json()
    unchanged = {"definition", "answer", "updated_at"}
    assert {k: v for k, v in changed.items() if k not in unchanged} == {
        k: v for k, v in card.items() if k not in unchanged
    }
    assert changed["definition"] == "a cell"


@pytest.mark.parametrize(("given", "deck"), [("B", "B"), ("", None), (None, None)])
def test_a_card_moves_to_another_deck_or_out_of_decks(api, given, deck):
    card = make(api, deck="A")
    assert (
        api.patch(f"{CARDS}{card['id']}", {"deck": given}, content_type=JSON).json()["deck"] == deck
    )
    assert api.get(f"{CARDS}{card['id']}").json()["deck"] == deck


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
def test_a_strangers_card_is_not_there(api, stranger_api, visitor_api, method):
    card = make(api)
    path = f"{CARDS}{card['id']}"
    assert getattr(stranger_api, method)(path).status_code == 404
    assert getattr(visitor_api, method)(path).status_code == 401
    assert api.get(path).json() == card


def test_a_visitor_may_neither_list_nor_make(visitor_api, stranger_api, api):
    make(api)
    assert visitor_api.get(CARDS).status_code == 401
    assert visitor_api.post(CARDS, {"term": "t", "definition": "d"}).status_code == 401
    assert stranger_api.get(CARDS).json() == []


def test_the_list_is_newest_first_and_goes_on_by_its_link(api):
    for term in "abc":
        make(api, term=term)
    page = api.get(f"{CARDS}?limit=2")
    assert (terms(page), page["X-Total-Count"]) == (["c", "b"], "3")
    following = page["Link"].partition("<")[2].partition(">")[0]
    assert terms(api.get(following)) == ["a"]


def test_the_list_narrows_by_deck_tag_and_note(api):
    note = make_note(api)
    deck_id = make(api, term="a", deck="Bio", tags=["x", "y"])["deck_id"]
    make(api, term="b", deck="Chem", tags=["y"], note_id=note)
    make(api, term="c")
    assert terms(api.get(CARDS, {"deck": "bIO"})) == ["a"]
    assert terms(api.get(CARDS, {"deck": deck_id})) == ["a"]
    assert terms(api.get(CARDS, {"tag": "y"})) == ["b", "a"]
    assert terms(api.get(CARDS, {"tag": "y", "deck": "Chem"})) == ["b"]
    assert terms(api.get(CARDS, {"note_id": note})) == ["b"]
    assert terms(api.get(CARDS, {"deck": "none of this name"})) == []


def test_the_due_list_holds_what_can_be_studied_now(api):
    waits, due = make(api, term="waits"), make(api, term="due")
    api.post(f"{CARDS}review", {"flashcard_id": waits["id"], "rating": 4})
    assert terms(api.get(CARDS, {"due": "true"})) == [due["term"]]
    assert len(terms(api.get(CARDS, {"due": "false"}))) == 2


@pytest.mark.parametrize(
    "query", ["due=perhaps", "due=", "note_id=1", "note_id=", "deck=", "tag=", "limit=0", "tag=%00"]
)
def test_a_filter_without_sense_is_refused(api, query):
    response = api.get(f"{CARDS}?{query}")
    assert response.status_code == 400
    assert response.json()["code"] == "invalid"


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_three_queries_however_long(api, owner, rows, django_assert_max_num_queries):
    for number in range(rows):
        deck = Deck.objects.create(owner=owner, name=f"deck {number}")
        make_card(owner, deck=deck, term="t", definition="d")
    with django_assert_max_num_queries(3):
        assert len(api.get(CARDS).json()) == rows


@pytest.mark.parametrize("sort", ["due", "created", "difficulty", "retrievability"])
def test_the_list_is_sorted_either_way_and_pages_on(api, sort):
    for term in "abc":
        card = make(api, term=term)
        api.post(f"{CARDS}review", {"flashcard_id": card["id"], "rating": "abc".index(term) + 1})
    up = terms(api.get(CARDS, {"sort": sort}))
    assert terms(api.get(CARDS, {"sort": f"-{sort}"})) == up[::-1]
    page = api.get(CARDS, {"sort": sort, "limit": 2})
    following = page["Link"].partition("<")[2].partition(">")[0]
    assert terms(page) + terms(api.get(following)) == up


def test_a_card_begins_with_its_id(api):
    card = api.post("/api/flashcards/", {"term": "t", "definition": "d"}).json()
    listed = api.get("/api/flashcards/").json()[0]
    assert [next(iter(one)) for one in (card, listed)] == ["id", "id"]
