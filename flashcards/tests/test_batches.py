"""POST /api/flashcards/batch: up to 500 creations, changes and deletions, all or nothing."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from flashcards.models import Deck, Fact, Flashcard, QueueExtra, Review
from flashcards.tests.cards import CARDS, make_card, make_learned, make_over_http, rate

BATCH = f"{CARDS}/batch"
NEW = {"op": "create", "term": "t", "definition": "d"}


def send(api, entries):
    response = api.post(BATCH, entries)
    assert response.status_code == 200, response.content
    return response.json()


def refuse(api, entries, status, field):
    """The batch is refused for this field, and nothing of it is done."""
    before = list(Flashcard.objects.order_by("pk").values()), list(Fact.objects.values())
    decks = Deck.objects.count()
    response = api.post(BATCH, entries)
    assert response.status_code == status, response.content
    assert list(response.json()["errors"]) == [field]
    after = list(Flashcard.objects.order_by("pk").values()), list(Fact.objects.values())
    assert (after, Deck.objects.count()) == (before, decks)


def test_each_entry_has_an_answer_in_its_place(api):
    kept, gone = make_over_http(api, term="old"), make_over_http(api)
    made, changed, deleted, cloze = send(
        api,
        [
            NEW | {"deck": "Bio", "tags": ["x"]},
            {"op": "update", "id": kept["id"], "term": "new", "deck": "bio"},
            {"op": "delete", "id": gone["id"]},
            {"op": "create", "kind": "cloze", "term": "{{c1::a}} {{c2::b}}"},
        ],
    )
    assert [one["op"] for one in (made, changed, deleted, cloze)] == [
        "create", "update", "delete", "create",
    ]  # fmt: skip
    assert made["card"] == api.get(f"{CARDS}/{made['id']}").json()
    assert (changed["id"], changed["card"]["term"]) == (kept["id"], "new")
    assert changed["card"]["deck_id"] == made["card"]["deck_id"]
    assert deleted == {"op": "delete", "id": gone["id"], "card": None}
    assert len(cloze["card"]["siblings"]) == 1
    assert Deck.objects.count() == 1


def test_a_batch_may_be_an_object_too(api):
    assert send(api, {"operations": [NEW]})[0]["card"]["term"] == "t"
    assert api.post(BATCH, {"operations": [NEW], "force": True}).status_code == 400


def test_five_hundred_entries_are_taken_and_one_more_is_refused(api):
    assert len(send(api, [NEW] * 500)) == 500
    response = api.post(BATCH, [NEW] * 501)
    assert response.status_code == 400
    assert "500" in response.json()["detail"]
    assert Flashcard.objects.count() == 500


@pytest.mark.parametrize("body", [[], {}, 7, {"operations": NEW}, [[]], [None]])
def test_what_is_no_batch_is_refused(api, body):
    response = api.post(BATCH, body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"op": "move"}, "1.op"),
        ({"term": "t", "definition": "d"}, "1.op"),
        ({"op": "update", "term": "t"}, "1.id"),
        ({"op": "delete"}, "1.id"),
        ({"op": "delete", "id": "7"}, "1.id"),
        (NEW | {"id": str(uuid.uuid4())}, "1.id"),
        ({"op": "create", "term": "t"}, "1.definition"),
        (NEW | {"term": "x" * 1001}, "1.term"),
        (NEW | {"colour": "red"}, "1.colour"),
        (NEW | {"kind": "cloze"}, "1.term"),
        (NEW | {"kind": "cloze", "term": "{{c::a}}"}, "1.term"),
        (NEW | {"deck": "x" * 10_000}, "1.deck"),
        ({"op": "update", "id": "{card}", "term": ""}, "1.term"),
        ({"op": "update", "id": "{card}", "kind": "cloze"}, "1.term"),
        ({"op": "update", "id": "{card}", "definition": ""}, "1.definition"),
        ({"op": "delete", "id": "{card}", "term": "t"}, "1.term"),
    ],
)
def test_one_bad_entry_stops_them_all_and_is_named(api, owner, entry, field):
    card = make_card(owner)
    entry = entry | ({"id": str(card.pk)} if entry.get("id") == "{card}" else {})
    refuse(api, [NEW | {"deck": "New"}, entry, NEW], 400, field)


def test_an_id_that_is_nothing_of_ones_own_stops_them_all(api, owner, stranger):
    mine, theirs = make_card(owner), make_card(stranger)
    deck = Deck.objects.create(owner=stranger, name="Theirs")
    deletion = {"op": "delete", "id": str(mine.pk)}
    for op in ("update", "delete"):
        for pk in (theirs.pk, uuid.uuid4()):
            refuse(api, [deletion, {"op": op, "id": str(pk)}], 404, "1.id")
    refuse(api, [deletion, NEW | {"deck": str(deck.pk)}], 404, "1.deck")
    refuse(api, [deletion, NEW | {"note_id": str(uuid.uuid4())}], 404, "1.note_id")


def test_what_is_deleted_can_not_be_changed_further_down(api, owner):
    card = make_card(owner)
    deletion = {"op": "delete", "id": str(card.pk)}
    refuse(api, [deletion, {"op": "update", "id": str(card.pk), "term": "x"}], 404, "1.id")
    refuse(api, [deletion, deletion], 404, "1.id")


def test_changes_of_one_card_follow_each_other(api, owner):
    card = make_card(owner)
    change = {"op": "update", "id": str(card.pk)}
    first, second = send(api, [change | {"term": "a"}, change | {"definition": "b"}])
    assert first["card"] == second["card"] == api.get(f"{CARDS}/{card.pk}").json()
    assert (second["card"]["term"], second["card"]["definition"]) == ("a", "b")
    assert send(api, [change | {"term": "c"}, {"op": "delete", "id": str(card.pk)}])[1]["card"] is (
        None
    )
    assert not Fact.objects.exists()


def test_clozes_come_and_go_in_a_batch_as_in_a_single_change(api):
    card = make_over_http(api, kind="cloze", term="{{c1::a}} {{c2::b}}")
    rate(api, card, 4)
    (changed,) = send(api, [{"op": "update", "id": card["id"], "term": "{{c1::a}} {{c3::c}}"}])
    assert [one["card_id"] for one in changed["card"]["warnings"]] == card["siblings"]
    assert (changed["card"]["reps"], len(changed["card"]["siblings"])) == (1, 1)
    assert api.get(CARDS, {"q": "{{c3"}).json() != []


def test_deleting_siblings_leaves_the_others_or_no_fact(api):
    card = make_over_http(api, kind="cloze", term="{{c1::a}} {{c2::b}} {{c3::c}}")
    deletions = [{"op": "delete", "id": pk} for pk in (card["id"], *card["siblings"])]
    send(api, deletions[:2])
    assert Flashcard.objects.get().has_siblings is False
    send(api, deletions[2:])
    assert not Fact.objects.exists()


@pytest.mark.parametrize("op", ["create", "update", "delete"])
def test_a_batch_costs_as_many_queries_for_many_entries_as_for_one(api, owner, op):
    def count(entries):
        batch = [NEW] * entries
        if op != "create":
            cards = [make_card(owner) for _ in range(entries)]
            more = {"term": "new", "deck": "Bio"} if op == "update" else {}
            batch = [{"op": op, "id": str(card.pk), **more} for card in cards]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            send(api, batch)
        return len(queries)

    count(1)  # makes the deck
    assert count(40) == count(1) <= 25


def test_what_is_sent_again_with_its_key_is_done_once(api, owner):
    card, other = make_learned(owner), make_learned(owner)
    rate(api, other, 3)
    requests = [
        (BATCH, [NEW]),
        (f"{CARDS}/review", {"flashcard_id": str(card.pk), "rating": 3}),
        (f"{CARDS}/undo", None),
        (f"{CARDS}/queue/more", {"new": 5}),
    ]
    for path, body in requests:
        first, second = (api.post(path, body, headers={"Idempotency-Key": path}) for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 200), first.content
        assert (second.json(), second["Idempotency-Replayed"]) == (first.json(), "true")
    assert (Flashcard.objects.count(), Review.objects.count()) == (3, 1)
    assert QueueExtra.objects.get().new == 5
    reused = api.post(BATCH, [NEW, NEW], headers={"Idempotency-Key": BATCH})
    assert (reused.status_code, Flashcard.objects.count()) == (422, 3)
