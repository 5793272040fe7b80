"""Facts and their cards: kinds, siblings, clozes, what a change of the text does."""

import pytest

from flashcards.models import Fact, Flashcard, Review
from flashcards.tests.cards import CARDS, make_card, make_over_http, rate, read_queue, terms_of

EDIT = {"content_type": "application/json"}


def cards_of(api, fact_id):
    """The fact's cards, in the order of their ordinals."""
    cards = api.get(CARDS, {"fact_id": fact_id}).json()
    return sorted(cards, key=lambda card: card["ordinal"])


def change(api, card, **fields):
    response = api.patch(f"{CARDS}/{card['id']}", fields)
    assert response.status_code == 200, response.content
    return response.json()


def faces(api, fact_id):
    return [(card["question"], card["answer"]) for card in cards_of(api, fact_id)]


def test_a_card_is_basic_unless_it_says_so(api):
    card = make_over_http(api, term="die Zelle", definition="the cell", context="Biology")
    assert (card["kind"], card["ordinal"], card["siblings"]) == ("basic", 0, [])
    assert (card["question"], card["answer"]) == ("die Zelle", "the cell")
    assert card["warnings"] == []


def test_a_typed_card_asks_as_a_basic_one_does(api):
    card = make_over_http(api, kind="typed", term="die Zelle", definition="the cell")
    assert (card["kind"], card["question"], card["answer"]) == ("typed", "die Zelle", "the cell")


def test_a_reversed_fact_has_two_cards_that_know_each_other(api):
    card = make_over_http(api, kind="reversed", term="die Zelle", definition="the cell")
    assert faces(api, card["fact_id"]) == [("die Zelle", "the cell"), ("the cell", "die Zelle")]
    (sibling,) = card["siblings"]
    assert api.get(f"{CARDS}/{sibling}").json()["siblings"] == [card["id"]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{c1::Rome}} is old", [("[...] is old", "**Rome** is old")]),
        ("{{c1::Rome::a city}} is old", [("[a city] is old", "**Rome** is old")]),
        (
            "{{c1::Rome}} and {{c2::Athens}}",
            [
                ("[...] and Athens", "**Rome** and Athens"),
                ("Rome and [...]", "Rome and **Athens**"),
            ],
        ),
        ("{{c3::a}} {{c3::b}}", [("[...] [...]", "**a** **b**")]),
        (
            "{{c1::the {{c2::mitral}} valve}}",
            [("[...]", "**the mitral valve**"), ("the [...] valve", "the **mitral** valve")],
        ),
        ("{{c1::a {{c1::b}} c}}", [("[...]", "**a b c**")]),
        ("`x = {{c1::1}}` {{c1::y}}", [("`x = [...]` [...]", "`x = 1` **y**")]),
        ("$x = {{c1::\\frac{1}{2} }}$", [("$x = [...]$", "$x = \\frac{1}{2} $")]),
        ("{{c1::größe 細胞 🧬}}!", [("[...]!", "**größe 細胞 🧬**!")]),
        ("{{c12::a}} {{c2::b}}", [("a [...]", "a **b**"), ("[...] b", "**a** b")]),
        ("{{c1::a::b::c}}", [("[b::c]", "**a**")]),
        ("{{c1::open} {{c2::closed}}", [("{{c1::open} [...]", "{{c1::open} **closed**")]),
    ],
)
def test_a_cloze_has_a_card_for_each_number(api, text, shown):
    card = make_over_http(api, kind="cloze", term=text, definition="")
    assert faces(api, card["fact_id"]) == shown
    assert len(card["siblings"]) == len(shown) - 1


def test_the_definition_of_a_cloze_stands_below_its_answer(api):
    response = api.post(CARDS, {"kind": "cloze", "term": "{{c1::Rome}}"})
    assert (response.status_code, response.json()["answer"]) == (201, "**Rome**")
    assert make_over_http(api, kind="cloze", term="{{c1::Rome}}", definition="Italy")["answer"] == (
        "**Rome**\n\nItaly"
    )


@pytest.mark.parametrize(
    "text",
    [
        "no gap",
        "",
        None,
        "{{c::Rome}}",
        "{{c0::Rome}}",
        "{{c00::Rome}}",
        "{{c501::Rome}}",
        "{{c1000000000::Rome}}",
        "{{c1::fine}} {{c1000000000::Rome}}",
        "{{c1::fine}} {{c::Rome}}",
        "{{c1::open",
        "{c1::Rome}",
        "{{c-1::Rome}}",
        " ".join(f"{{{{c{number}::x}}}}" for number in range(1, 102)),
        "{{c1::a}}" + "x" * 20_000,
    ],
)
def test_a_cloze_without_a_number_that_counts_is_refused(api, text):
    response = api.post(CARDS, {"kind": "cloze", "term": text})
    assert (response.status_code, list(response.json()["errors"])) == (400, ["term"])
    assert not Fact.objects.exists()
    card = make_over_http(api, kind="cloze", term="{{c1::a}}")
    refused = api.patch(f"{CARDS}/{card['id']}", {"term": text})
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["term"])
    assert api.get(f"{CARDS}/{card['id']}").json() == card


def test_a_cloze_that_is_taken_away_takes_its_card_and_one_that_is_added_makes_one(api):
    first = make_over_http(api, kind="cloze", term="{{c1::a}} {{c2::b}} {{c3::c}}")
    one, two, three = cards_of(api, first["fact_id"])
    rate(api, one, 4)
    rate(api, three, 1)
    kept = [api.get(f"{CARDS}/{card['id']}").json() for card in (one, three)]
    changed = change(api, one, term="{{c1::a}} b {{c3::c}} {{c4::d}}")
    (warning,) = changed["warnings"]
    assert (warning["code"], warning["card_id"]) == ("card_deleted", two["id"])
    assert "2" in warning["message"]
    after = cards_of(api, first["fact_id"])
    assert [card["ordinal"] for card in after] == [0, 2, 3]
    schedule = ("id", "due", "stability", "difficulty", "reps", "status", "last_review")
    for before, now in zip(kept, after[:2], strict=True):
        assert {name: now[name] for name in schedule} == {name: before[name] for name in schedule}
    assert (after[2]["status"], after[2]["reps"]) == ("new", 0)
    assert sorted(changed["siblings"]) == sorted(card["id"] for card in after[1:])
    assert api.get(f"{CARDS}/{two['id']}").status_code == 404


def test_taking_away_the_cloze_that_is_edited_answers_one_that_is_left(api):
    first = make_over_http(api, kind="cloze", term="{{c1::a}} {{c2::b}}")
    changed = change(api, first, term="a {{c2::b}}")
    assert changed["id"] == first["siblings"][0]
    assert [warning["card_id"] for warning in changed["warnings"]] == [first["id"]]
    assert Flashcard.objects.get().has_siblings is False


def test_a_change_of_the_text_is_seen_on_all_cards_and_their_etags(api):
    first = make_over_http(api, kind="reversed", term="a", definition="b")
    path = f"{CARDS}/{first['siblings'][0]}"
    before = api.get(path)
    change(api, first, definition="c")
    after = api.get(path)
    assert (before.json()["question"], after.json()["question"]) == ("b", "c")
    assert before["ETag"] != after["ETag"]


def test_a_kind_that_changes_keeps_the_first_card_with_its_schedule(api):
    card = make_over_http(api, term="a", definition="b")
    rate(api, card, 3)
    both = change(api, card, kind="reversed")
    assert (both["id"], both["status"], len(both["siblings"])) == (card["id"], "learning", 1)
    alone = change(api, card, kind="typed")
    assert (alone["id"], alone["siblings"], alone["reps"]) == (card["id"], [], 1)
    (warning,) = alone["warnings"]
    assert "Cloze" not in warning["message"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"kind": "image"}, "kind"),
        ({"kind": "custom"}, "kind"),
        ({"kind": None}, "kind"),
        ({"kind": "reversed", "term": None}, "term"),
        ({"kind": "basic", "definition": ""}, "definition"),
        ({"kind": "typed", "definition": ""}, "definition"),
        ({"kind": "reversed", "definition": " "}, "definition"),
        ({"term": "x" * 1001}, "term"),
        ({"tags": ["a", None]}, "tags"),
        ({"tags": [""]}, "tags"),
        ({"category": "x" * 101}, "category"),
        ({"deck": "x" * 10_000}, "deck"),
        ({"deck": 7}, "deck"),
        ({"ordinals": 3}, "ordinals"),
    ],
)
def test_a_fact_that_makes_no_cards_is_refused(api, fields, field):
    response = api.post(CARDS, {"term": "t", "definition": "d", **fields})
    assert response.status_code == 400, response.content
    assert list(response.json()["errors"]) == [field]
    assert not Fact.objects.exists()


def test_a_card_without_a_term_asks_its_context(api):
    card = make_over_http(api, term=None, context="What is the powerhouse?", definition="that")
    assert (card["term"], card["question"]) == (None, "What is the powerhouse?")
    assert make_over_http(api, context=None)["context"] is None


def test_a_category_is_kept(api):
    card = make_over_http(api, category="verbs")
    assert card["category"] == "verbs"
    assert change(api, card, definition="new")["category"] == "verbs"
    assert change(api, card, category=None)["category"] == ""


def test_a_card_leaves_alone_and_the_fact_goes_with_the_last(api):
    card = make_over_http(api, kind="reversed")
    rate(api, card, 3)
    assert api.delete(f"{CARDS}/{card['siblings'][0]}").status_code == 200
    left = api.get(f"{CARDS}/{card['id']}").json()
    assert (left["siblings"], left["reps"]) == ([], 1)
    assert api.delete(f"{CARDS}/{card['id']}").status_code == 200
    assert not Fact.objects.exists()
    assert Review.objects.count() == 1


def test_an_edit_makes_no_card_anew_that_was_deleted_on_purpose(api):
    card = make_over_http(api, kind="reversed", term="a", definition="b")
    api.delete(f"{CARDS}/{card['siblings'][0]}")
    changed = change(api, card, definition="c")
    assert (changed["siblings"], changed["warnings"]) == ([], [])


def test_a_sibling_may_lie_in_another_deck(api):
    card = make_over_http(api, kind="reversed", deck="A")
    change(api, card, deck="B")
    assert [one["deck"] for one in cards_of(api, card["fact_id"])] == ["B", "A"]


def test_the_list_finds_by_text_kind_fact_and_change(api, owner):
    cloze = make_over_http(api, kind="cloze", term="{{c1::Élan vital}}", tags=["bergson"])
    basic = make_over_http(api, term="Größe", definition="size", context="Maß")
    found = {
        "e\u0301LAN": cloze, "BERGSON": cloze, "grösse": basic, "größe": basic, "SIZE": basic,
        "maß": basic, "%": None, "_": None, "\\": None,
    }  # fmt: skip
    for text, card in found.items():
        ids = [one["id"] for one in api.get(CARDS, {"q": text}).json()]
        assert ids == ([card["id"]] if card else []), text
    assert [one["id"] for one in api.get(CARDS, {"kind": "cloze"}).json()] == [cloze["id"]]
    assert [one["id"] for one in cards_of(api, basic["fact_id"])] == [basic["id"]]
    assert terms_of(read_queue(api)) == ["{{c1::Élan vital}}", "Größe"]
    make_card(owner, is_suspended=True)
    rate(api, basic, 3)
    assert [one["id"] for one in api.get(CARDS, {"status": "learning"}).json()] == [basic["id"]]


@pytest.mark.parametrize(
    "query",
    [
        "status=lost", "is_leech=perhaps", "is_suspended=2", "fact_id=1", "flag=8", "kind=image",
        "sort=term", "sort=", "q=", "q=%00", f"q={'x' * 201}", "colour=red", "due=true&due=false",
        "updated_since=yesterday",
    ],
)  # fmt: skip
def test_a_list_that_makes_no_sense_is_refused(api, query):
    response = api.get(f"{CARDS}?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")
