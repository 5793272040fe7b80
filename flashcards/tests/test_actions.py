"""POST /api/flashcards/{id}/suspend … set-due, and /api/flashcards/bulk for many."""

import uuid

import pytest

from flashcards.models import Flashcard, StudyChange
from flashcards.services import bulk
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

BULK = f"{CARDS}/bulk"


def act(api, card, action, **body):
    response = api.post(f"{CARDS}/{card.pk}/{action}", body or None)
    assert response.status_code == 200, response.content
    return response.json()


def act_on_many(api, action, **body):
    response = api.post(BULK, {"action": action, **body})
    assert response.status_code == 200, response.content
    return response.json()


def state_of(card):
    card = Flashcard.objects.get(pk=card.pk)
    return card.schedule, card.is_suspended, card.buried_until, card.flag, card.is_leech


def test_a_suspended_card_is_in_no_queue_until_it_comes_back(api, owner):
    card = make_card(owner)
    assert act(api, card, "suspend")["is_suspended"] is True
    assert read_queue(api)["cards"] == []
    assert api.get(CARDS, {"is_suspended": "true"}).json()[0]["id"] == str(card.pk)
    assert act(api, card, "unsuspend")["is_suspended"] is False
    assert terms_of(read_queue(api)) == ["t"]


def test_a_buried_card_comes_back_on_the_next_study_day(api, owner):
    card = make_card(owner)
    assert act(api, card, "bury")["is_buried"] is True
    queue = read_queue(api)
    assert (queue["cards"], queue["counts"]["buried"]) == ([], 1)
    card.refresh_from_db()
    assert card.buried_until == today_of(owner) + DAY
    assert act(api, card, "unbury")["is_buried"] is False
    assert terms_of(read_queue(api)) == ["t"]


def test_a_flag_is_a_number_up_to_seven(api, owner):
    card = make_card(owner)
    assert act(api, card, "flag", flag=7)["flag"] == 7
    assert [one["id"] for one in api.get(CARDS, {"flag": 7}).json()] == [str(card.pk)]
    assert act(api, card, "flag", flag=0)["flag"] == 0
    for flag in (8, -1, None, "red", True):
        response = api.post(f"{CARDS}/{card.pk}/flag", {"flag": flag})
        assert (response.status_code, list(response.json()["errors"])) == (400, ["flag"])


def test_a_forgotten_card_is_new_and_keeps_its_history(api, owner):
    card = make_learned(owner, lapses=9, is_leech=True)
    rate(api, card, 3)
    forgotten = act(api, card, "forget")
    assert (forgotten["status"], forgotten["reps"], forgotten["lapses"]) == ("new", 0, 0)
    assert (forgotten["stability"], forgotten["last_review"]) == (None, None)
    assert forgotten["is_leech"] is False
    assert len(api.get(f"{CARDS}/reviews", {"card": str(card.pk)}).json()) == 1


@pytest.mark.parametrize("days", [0, 1, 400])
def test_a_card_is_due_on_the_day_that_was_set(api, owner, days):
    card = make_learned(owner, days=10, ahead=20)
    answer = act(api, card, "set-due", days=days)
    assert answer["due"] == start_of_day(owner, days).isoformat().replace("+00:00", "Z")
    assert (answer["stability"], answer["interval_days"]) == (10.0, 10.0 + days)
    again = act(api, card, "set-due", due=(today_of(owner) + days * DAY).isoformat())
    assert again["due"] == answer["due"]


def test_a_new_card_that_was_set_due_waits_for_its_day(api, owner):
    card = make_card(owner)
    assert act(api, card, "set-due", days=3)["status"] == "new"
    assert read_queue(api)["cards"] == []
    act(api, card, "set-due", days=0)
    assert terms_of(read_queue(api)) == ["t"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"days": -1},
        {"days": 36_501},
        {"days": 1, "due": "2030-01-01"},
        {"due": "2020-01-01"},
        {"due": "0001-01-01"},
        {"due": "9999-12-31"},
        {"due": "tomorrow"},
        {"due": None},
        {"days": 1.5},
    ],
)
def test_a_day_that_can_not_be_set_changes_nothing(api, owner, body):
    card = make_learned(owner)
    before = state_of(card)
    response = api.post(f"{CARDS}/{card.pk}/set-due", body)
    assert response.status_code == 400, response.content
    assert response.json()["errors"].keys() <= {"due", "days"}
    many = api.post(BULK, {"action": "set_due", "ids": [str(card.pk)], **body})
    assert many.status_code == 400
    assert state_of(card) == before
    assert not StudyChange.objects.exists()


@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("suspend", {}),
        ("unsuspend", {}),
        ("bury", {}),
        ("unbury", {}),
        ("flag", {"flag": 3}),
        ("forget", {}),
        ("set-due", {"days": 9}),
        ("set_due", {"days": 9}),
    ],
)
def test_each_action_is_counted_first_then_done_to_many_and_taken_back(api, owner, action, body):
    meant = [
        make_learned(owner, tags=["x"], is_suspended=action == "unsuspend", flag=1)
        for _ in range(3)
    ]
    other = make_learned(owner)
    before = [state_of(card) for card in [*meant, other]]
    ways = [{"ids": [str(card.pk) for card in meant]}, {"filter": {"tag": "x"}}]
    for way in ways:
        counted = act_on_many(api, action, dry_run=True, **way, **body)
        assert counted == {"count": 3, "dry_run": True}
        assert [state_of(card) for card in [*meant, other]] == before
        assert act_on_many(api, action, **way, **body) == {"count": 3, "dry_run": False}
        assert state_of(other) == before[-1]
        if action != "unbury":
            assert all(state_of(card) != before[0] for card in meant)
        assert undo(api)["undone"]["cards"] == 3
        assert [state_of(card) for card in [*meant, other]] == before


def test_many_cards_are_one_step_and_one_call_of_few_queries(
    api, owner, django_assert_max_num_queries
):
    for _ in range(30):
        make_learned(owner)
    for action, queries in (("suspend", 16), ("set_due", 18)):
        body = {"days": 2} if action == "set_due" else {}
        with django_assert_max_num_queries(queries):
            act_on_many(api, action, filter={"status": "review"}, **body)
    assert StudyChange.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "action"),
        ({"action": "delete", "ids": ["{card}"]}, "action"),
        ({"action": "suspend"}, "ids"),
        ({"action": "suspend", "ids": []}, "ids"),
        ({"action": "suspend", "ids": ["1"]}, "ids"),
        ({"action": "suspend", "ids": ["{card}"], "filter": {"tag": "x"}}, "ids"),
        ({"action": "suspend", "filter": {}}, "filter"),
        ({"action": "suspend", "filter": {"colour": "red"}}, "filter"),
        ({"action": "suspend", "filter": {"status": "lost"}}, "filter"),
        ({"action": "flag", "ids": ["{card}"]}, "flag"),
        ({"action": "flag", "ids": ["{card}"], "flag": 9}, "flag"),
        ({"action": "set_due", "ids": ["{card}"]}, "due"),
        ({"action": "suspend", "ids": ["{card}"], "flag": 3}, "flag"),
        ({"action": "flag", "ids": ["{card}"], "flag": 3, "days": 3}, "days"),
        ({"action": "suspend", "ids": ["{card}"], "force": True}, "force"),
    ],
)
def test_a_bulk_action_that_is_not_clear_is_refused(api, owner, body, field):
    card = make_card(owner, tags=["x"])
    if "ids" in body:
        body = body | {"ids": [one.replace("{card}", str(card.pk)) for one in body["ids"]]}
    response = api.post(BULK, body)
    assert response.status_code == 400, response.content
    assert list(response.json()["errors"]) == [field]
    assert not StudyChange.objects.exists()


def test_a_card_that_is_nobodys_or_anothers_stops_the_whole_action(api, owner, stranger):
    mine, theirs = make_card(owner), make_card(stranger)
    for other in (theirs.pk, uuid.uuid4()):
        response = api.post(BULK, {"action": "suspend", "ids": [str(mine.pk), str(other)]})
        assert response.status_code == 404
        assert list(response.json()["errors"]) == ["ids"]
    assert not Flashcard.objects.filter(is_suspended=True).exists()


def test_a_filter_finds_only_ones_own_cards(api, owner, stranger):
    make_card(stranger, tags=["x"])
    assert act_on_many(api, "suspend", filter={"tag": "x"})["count"] == 0
    assert not Flashcard.objects.filter(is_suspended=True).exists()
    assert not StudyChange.objects.exists()


def test_more_cards_than_one_call_may_move_are_refused(api, owner, monkeypatch):
    monkeypatch.setattr(bulk, "MAX_MOVED", 1)
    for _ in range(2):
        make_over_http(api, tags=["x"])
    response = api.post(BULK, {"action": "forget", "filter": {"tag": "x"}})
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("action", ["suspend", "bury", "forget"])
def test_an_action_without_a_body_refuses_one(api, owner, action):
    card = make_card(owner)
    response = api.post(f"{CARDS}/{card.pk}/{action}", {"dry_run": True})
    assert (response.status_code, list(response.json()["errors"])) == (400, ["dry_run"])


def test_a_strangers_card_can_not_be_acted_on(stranger_api, visitor_api, owner):
    card = make_card(owner)
    for action in ("suspend", "unsuspend", "bury", "unbury", "flag", "forget", "set-due"):
        path = f"{CARDS}/{card.pk}/{action}"
        assert stranger_api.post(path, {"flag": 1} if action == "flag" else None).status_code == 404
        assert visitor_api.post(path).status_code == 401
