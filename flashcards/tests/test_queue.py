"""GET /api/flashcards/queue and POST …/queue/more."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from conftest import ApiClient
from flashcards.models import Deck, Flashcard
from flashcards.tests.cards import (
    CARDS,
    DAY,
    make_card,
    make_learned,
    make_over_http,
    rate,
    read_queue,
    start_of_day,
    terms_of,
    today_of,
    undo,
)

QUEUE, MORE = f"{CARDS}/queue", f"{CARDS}/queue/more"
MINUTE = timedelta(minutes=1)


def make_timed(owner, minutes, **fields):
    """A card in a learning step that is due so many minutes from now."""
    now = timezone.now()
    return make_card(
        owner, **{"status": "learning", "step": 0, "stability": 1.0, "difficulty": 5.0, "reps": 1,
        "last_review": now, "last_day": today_of(owner), "due": now + minutes * MINUTE} | fields,
    )  # fmt: skip


def make_deck(owner, name="Deck", **options):
    return Deck.objects.create(owner=owner, name=name, **options)


def configure(api, **options):
    response = api.patch(f"{CARDS}/settings", options)
    assert response.status_code == 200, response.content


def ask_for_more(api, **body):
    response = api.post(MORE, body)
    assert response.status_code == 200, response.content
    return response.json()


def test_an_empty_library_has_an_empty_queue(api):
    assert read_queue(api) == {
        "cards": [],
        "counts": {"new": 0, "learning": 0, "review": 0, "buried": 0},
        "next_learning_at": None,
    }


def test_steps_that_are_due_come_first_and_the_longest_due_of_them(api, owner):
    make_card(owner, term="new")
    make_learned(owner, term="review")
    make_timed(owner, -1, term="step")
    make_timed(owner, -5, term="older step")
    make_timed(owner, 5, term="coming step")
    queue = read_queue(api)
    assert terms_of(queue)[:2] == ["older step", "step"]
    assert set(terms_of(queue)) == {"older step", "step", "review", "new"}
    assert queue["counts"] == {"new": 1, "learning": 3, "review": 1, "buried": 0}


def test_a_card_has_the_four_outcomes_of_its_preview(api, owner):
    card = make_learned(owner)
    (queued,) = read_queue(api)["cards"]
    previewed = api.get(f"{CARDS}/{card.pk}/preview").json()
    assert queued["outcomes"].keys() == previewed.keys() == {"again", "hard", "good", "easy"}
    for name, outcome in queued["outcomes"].items():
        assert outcome["interval"] == previewed[name]["interval"]
    assert queued["outcomes"]["good"] == previewed["good"]  # whole days, so to the moment
    assert {k: v for k, v in queued.items() if k != "outcomes"} == api.get(
        f"{CARDS}/{card.pk}"
    ).json()


@pytest.mark.parametrize(
    ("mix", "order"), [("before", "nnrrrr"), ("after", "rrrrnn"), ("mixed", "rnrrnr")]
)
def test_new_cards_come_where_the_deck_wants_them(api, owner, mix, order):
    deck = make_deck(owner, new_mix=mix)
    for _ in range(2):
        make_card(owner, term="n", deck=deck)
    for _ in range(4):
        make_learned(owner, term="r", deck=deck)
    assert "".join(terms_of(read_queue(api, deck="deck"))) == order
    configure(api, new_mix=mix)
    assert "".join(terms_of(read_queue(api))) == order


@pytest.mark.parametrize(
    ("order", "terms"),
    [
        ("due", ["overdue", "shaky", "hard"]),
        ("retrievability", ["shaky", "overdue", "hard"]),
        ("difficulty", ["hard", "shaky", "overdue"]),
    ],
)
def test_reviews_come_in_the_order_that_was_chosen(api, owner, order, terms):
    deck = make_deck(owner, review_order=order)
    make_learned(owner, term="hard", deck=deck, stability=90.0, difficulty=9.0)
    make_learned(owner, term="shaky", deck=deck, stability=2.0, ahead=-1, difficulty=5.0)
    make_learned(owner, term="overdue", deck=deck, ahead=-9, difficulty=2.0)
    assert terms_of(read_queue(api, deck="Deck")) == terms


@pytest.mark.parametrize(("kind", "make"), [("review", make_learned), ("new", make_card)])
def test_a_random_order_is_drawn_anew_each_day_and_stands_for_the_day(api, owner, kind, make):
    deck = make_deck(owner, **{f"{kind}_order": "random"})
    for number in range(12):
        make(owner, term=str(number), deck=deck)
    today = terms_of(read_queue(api, deck="Deck"))
    assert terms_of(read_queue(api, deck="Deck")) == today
    assert sorted(today, key=int) == [str(number) for number in range(12)]
    api.patch("/api/me", {"timezone": other_day(owner)})
    tomorrow = terms_of(read_queue(api, deck="Deck"))
    assert set(tomorrow) <= set(today)
    assert tomorrow != today


def other_day(owner):
    """A zone in which it is another study day now."""
    today = today_of(owner)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        owner.timezone = zone
        if today_of(owner) != today:
            return zone
    raise AssertionError("One of them is always in another day.")


def test_new_cards_come_in_the_order_in_which_they_were_added(api, owner):
    for term in "abc":
        make_card(owner, term=term)
    assert terms_of(read_queue(api)) == ["a", "b", "c"]


@pytest.mark.parametrize("kind", ["reversed", "cloze"])
def test_one_card_of_a_fact_is_shown_a_day(api, kind):
    text = {"reversed": "t", "cloze": "{{c1::a}} {{c2::b}} {{c3::c}}"}[kind]
    first = make_over_http(api, term=text, kind=kind)
    queue = read_queue(api)
    assert [card["id"] for card in queue["cards"]] == [first["id"]]
    rate(api, first, 4)
    after = read_queue(api)
    assert (after["cards"], after["counts"]["buried"]) == ([], len(first["siblings"]))
    undo(api)
    assert [card["id"] for card in read_queue(api)["cards"]] == [first["id"]]


def test_a_sibling_of_a_card_in_its_steps_waits_too(api, owner):
    card = make_over_http(api, kind="reversed")
    yesterday = timezone.now() - DAY
    Flashcard.objects.filter(pk=card["id"]).update(
        status="learning", last_day=today_of(owner) - DAY, last_review=yesterday, due=yesterday
    )
    assert [one["id"] for one in read_queue(api)["cards"]] == [card["id"]]


def test_a_review_goes_before_its_new_sibling(api, owner):
    card = make_over_http(api, kind="reversed")
    (sibling,) = card["siblings"]
    learned = make_learned(owner)
    names = ("status", "due", "due_day", "last_day", "last_review", "stability", "difficulty")
    told = {name: getattr(learned, name) for name in names}
    Flashcard.objects.filter(pk=sibling).update(**told)
    Flashcard.objects.filter(pk=learned.pk).delete()
    assert [one["id"] for one in read_queue(api)["cards"]] == [sibling]


def test_siblings_that_are_suspended_bury_nobody(api):
    card = make_over_http(api, kind="reversed")
    api.post(f"{CARDS}/{card['id']}/suspend")
    assert [one["id"] for one in read_queue(api)["cards"]] == card["siblings"]


def test_a_deck_gives_no_more_than_its_limits_of_a_day(api, owner):
    deck = make_deck(owner, new_per_day=3, reviews_per_day=2)
    new = [make_card(owner, deck=deck) for _ in range(5)]
    due = [make_learned(owner, deck=deck) for _ in range(5)]
    assert read_queue(api)["counts"] == {"new": 3, "learning": 0, "review": 2, "buried": 0}
    rate(api, new[0], 4)
    rate(api, due[0], 3)
    counts = read_queue(api, deck="Deck")["counts"]
    assert (counts["new"], counts["review"]) == (2, 1)
    undo(api)
    assert read_queue(api, deck="Deck")["counts"]["review"] == 2


def test_the_limits_of_the_learner_hold_over_all_decks(api, owner):
    for name in "ab":
        deck = make_deck(owner, name)
        for _ in range(3):
            make_card(owner, deck=deck)
            make_learned(owner, deck=deck)
    configure(api, max_new_per_day=4, max_reviews_per_day=1)
    counts = read_queue(api)["counts"]
    assert (counts["new"], counts["review"]) == (4, 1)
    rate(api, Flashcard.objects.filter(status="new").first(), 4)
    assert read_queue(api)["counts"]["new"] == 3
    assert read_queue(api, deck="a")["counts"]["new"] <= 3


def test_a_card_that_was_learnt_and_deleted_counts_for_the_day(api, owner):
    cards = [make_card(owner) for _ in range(3)]
    configure(api, max_new_per_day=2)
    rate(api, cards[0], 4)
    assert api.delete(f"{CARDS}/{cards[0].pk}").status_code == 200
    assert read_queue(api)["counts"]["new"] == 1


def test_cards_in_no_deck_have_the_limits_of_the_settings(api, owner):
    for _ in range(3):
        make_card(owner)
    configure(api, new_per_day=2)
    assert read_queue(api)["counts"]["new"] == 2


def test_more_cards_can_be_asked_for_today_alone(api, owner):
    deck = make_deck(owner, new_per_day=1, reviews_per_day=1)
    make_deck(owner, "Other", new_per_day=0)
    for _ in range(5):
        make_card(owner, deck=deck)
        make_learned(owner, deck=deck)
    told = ask_for_more(api, deck="deck", new=2)
    assert told == {"study_day": today_of(owner).isoformat(), "new": 2, "reviews": 0}
    assert ask_for_more(api, deck="deck", new=1, reviews=3)["new"] == 3
    counts = read_queue(api)["counts"]
    assert (counts["new"], counts["review"]) == (4, 4)
    api.patch("/api/me", {"timezone": other_day(owner)})
    assert read_queue(api)["counts"]["new"] == 1


def test_more_for_all_decks_counts_beyond_the_learners_limit(api, owner):
    configure(api, new_per_day=2, max_new_per_day=2)
    for _ in range(5):
        make_card(owner)
    ask_for_more(api, new=2)
    assert read_queue(api)["counts"]["new"] == 4


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"new": -1}, "new"),
        ({"new": 10_000}, "new"),
        ({"reviews": "many"}, "reviews"),
        ({"deck": "x" * 101}, "deck"),
        ({"days": 1}, "days"),
        ({}, "non_field_errors"),
        ({"new": 0}, "non_field_errors"),
    ],
)
def test_a_wish_for_more_without_sense_is_refused(api, body, field):
    response = api.post(MORE, body)
    assert (response.status_code, list(response.json()["errors"])) == (400, [field])


def test_steps_of_the_next_twenty_minutes_come_when_nothing_else_is_left(api, owner):
    due = make_card(owner, term="new")
    make_timed(owner, 19, term="soon")
    make_timed(owner, 25, term="later")
    assert terms_of(read_queue(api)) == ["new"]
    api.post(f"{CARDS}/{due.pk}/suspend")
    queue = read_queue(api)
    assert terms_of(queue) == ["soon"]
    assert queue["next_learning_at"] == queue["cards"][0]["due"]


def test_the_next_step_is_told_also_where_none_is_near(api, owner):
    card = make_timed(owner, 90)
    queue = read_queue(api)
    assert (queue["cards"], queue["counts"]["learning"]) == ([], 1)
    assert queue["next_learning_at"] == card.due.isoformat().replace("+00:00", "Z")


def test_pages_and_devices_agree(api, owner):
    for number in range(4):
        make_card(owner, term=f"new {number}")
        make_learned(owner, term=f"due {number}", ahead=-number)
        make_timed(owner, -number, term=f"step {number}")
    whole = terms_of(read_queue(api))
    pages = [terms_of(read_queue(api, limit=5, offset=offset)) for offset in (0, 5, 10)]
    assert list(itertools.chain(*pages)) == whole
    assert terms_of(read_queue(ApiClient(owner))) == whole


def test_a_deck_is_asked_for_by_name_or_id_and_is_ones_own(api, owner, stranger):
    deck = make_deck(owner, "Élan")
    make_card(owner, term="in", deck=deck)
    make_card(owner, term="out")
    make_deck(stranger, "Theirs")
    assert terms_of(read_queue(api, deck="éLAN")) == ["in"]
    assert terms_of(read_queue(api, deck=str(deck.pk))) == ["in"]
    for name in ("Theirs", "none", "x" * 10_000, str(make_deck(stranger).pk)):
        response = api.get(QUEUE, {"deck": name})
        assert (response.status_code, list(response.json()["errors"])) == (404, ["deck"])


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "limit=x", "offset=-1", "deck=", "deck=%00", "order=due"]
)
def test_a_question_without_sense_is_refused(api, query):
    response = api.get(f"{QUEUE}?{query}")
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_only_ones_own_cards_are_in_the_queue(stranger_api, visitor_api, owner):
    make_card(owner)
    assert read_queue(stranger_api)["cards"] == []
    assert visitor_api.get(QUEUE).status_code == 401


@pytest.mark.parametrize(("decks", "cards"), [(0, 1), (8, 40)])
def test_the_queue_costs_as_many_queries_for_many_cards_as_for_one(
    api, owner, decks, cards, django_assert_max_num_queries
):
    homes = [make_deck(owner, f"deck {number}") for number in range(decks)] or [None]
    for number in range(cards):
        deck = homes[number % len(homes)]
        make_card(owner, deck=deck)
        make_learned(owner, deck=deck)
        make_timed(owner, -1, deck=deck)
    with django_assert_max_num_queries(11):
        assert read_queue(api, limit=200)["cards"]


def test_a_card_due_tomorrow_is_due_from_the_beginning_of_that_day(api, owner):
    card = make_learned(owner, ahead=1)
    assert read_queue(api)["cards"] == []
    assert api.get(f"{CARDS}/{card.pk}").json()["due"] == start_of_day(owner, 1).isoformat(
    ).replace("+00:00", "Z")  # fmt: skip
    Flashcard.objects.update(due_day=today_of(owner))
    assert len(read_queue(api)["cards"]) == 1
