"""What plans and decks promise, kept by every review: exams, breaks, limits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flashcards.days import DAY, calendar_of
from flashcards.models import Deck, Fact, Flashcard
from flashcards.tests.test_plans import PLANS, due_days, plan, some_cards

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(owner):
    return calendar_of(owner).day_of(timezone.now())


@pytest.fixture
def deck(owner):
    return Deck.objects.create(owner=owner, name="Biology", new_per_day=5)


def review_all(api, owner, rating=3):
    for pk in (
        Flashcard.objects.owned_by(owner).filter(status="review").values_list("pk", flat=True)
    ):
        api.post("/api/flashcards/review", {"flashcard_id": str(pk), "rating": rating})


def apply(api, made):
    answer = api.post(f"{PLANS}/{made['id']}/apply")
    assert answer.status_code == 200, answer.json()


def test_a_review_before_the_last_days_brings_its_card_back_within_them(api, owner, deck, today):
    some_cards(owner, deck, today, due=0, interval=60)
    exam = today + 30 * DAY
    api.patch(f"/api/decks/{deck.pk}", {"exam_date": str(exam), "exam_last_days": 5})

    review_all(api, owner)

    assert all(exam - 5 * DAY <= day < exam for day in due_days(owner))
    assert len(set(due_days(owner))) == 5


def test_a_preview_tells_the_day_before_the_exam(api, owner, deck, today):
    some_cards(owner, deck, today, count=1, interval=60)
    exam = today + 30 * DAY
    api.patch(f"/api/decks/{deck.pk}", {"exam_date": str(exam), "exam_last_days": 5})
    card = Flashcard.objects.get()
    outcomes = api.get(f"/api/flashcards/{card.pk}/preview").json()
    assert 25 <= outcomes["good"]["interval"] < 30
    assert 25 <= outcomes["easy"]["interval"] < 30


def test_in_the_last_days_and_after_the_exam_a_deck_is_as_ever(api, owner, deck, today):
    some_cards(owner, deck, today, interval=60)
    Deck.objects.update(exam_date=today + 3 * DAY, exam_last_days=5)
    review_all(api, owner)
    assert min(due_days(owner)) > today + 30 * DAY

    Deck.objects.update(exam_date=today - DAY)
    review_all(api, owner)
    assert min(due_days(owner)) > today + 30 * DAY


def test_an_exam_plan_sets_its_deck_and_undo_sets_it_back(api, owner, deck, today):
    some_cards(owner, deck, today, due=40, interval=60, new=100)
    exam = today + 20 * DAY
    before = due_days(owner)
    made = plan(api, kind="exam", deck="Biology", exam_date=str(exam), minutes_per_day=30)
    assert made["figures"]["options"][0]["exam_date"] == str(exam)

    apply(api, made)

    shown = api.get(f"/api/decks/{deck.pk}").json()
    assert (shown["exam_date"], shown["minutes_per_day"]) == (str(exam), 30)
    assert shown["exam_last_days"] == made["figures"]["last_days"]
    # More new cards come a day than the deck's five, so that all are begun in time.
    queue = api.get("/api/flashcards/queue?deck=Biology&limit=200").json()
    assert queue["counts"]["new"] == made["figures"]["new_per_day"] > 5

    api.post("/api/flashcards/undo")

    shown = api.get(f"/api/decks/{deck.pk}").json()
    assert (shown["exam_date"], shown["minutes_per_day"]) == (None, None)
    assert due_days(owner) == before
    assert api.get("/api/flashcards/queue?deck=Biology").json()["counts"]["new"] == 5


def test_a_plan_without_dates_takes_those_of_the_deck(api, owner, deck, today):
    some_cards(owner, deck, today, due=40, interval=60)
    exam = today + 20 * DAY
    api.patch(f"/api/decks/{deck.pk}", {"exam_date": str(exam), "minutes_per_day": 25})
    made = plan(api, kind="exam", deck=str(deck.pk))
    assert made["figures"]["expected_recall"]["day"] == str(exam)
    assert made["figures"]["options"][0]["minutes_per_day"] == 25


def test_an_exam_needs_a_deck(api, today):
    answer = api.post(PLANS, {"kind": "exam", "exam_date": str(today + 5 * DAY)})
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"deck"})


@pytest.mark.parametrize("days", [-1, 0])
def test_an_exam_in_the_past_or_today_is_refused(api, deck, today, days):
    body = {"kind": "exam", "deck": "Biology", "exam_date": str(today + days * DAY)}
    answer = api.post(PLANS, body)
    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"exam_date"})


def test_a_break_holds_for_reviews_that_come_later_too(api, owner, deck, today):
    some_cards(owner, deck, today, due=0, interval=10)
    start, end = today + 2 * DAY, today + 60 * DAY
    made = plan(api, kind="break", start=str(start), end=str(end), minutes_per_day=10)
    apply(api, made)

    review_all(api, owner)

    assert not [day for day in due_days(owner) if start <= day <= end]
    assert len(set(due_days(owner))) > 5
    settings = api.get("/api/flashcards/settings").json()
    assert settings["easy_dates"][str(start)] == settings["easy_dates"][str(end)] == "none"

    for _ in range(21):
        assert api.post("/api/flashcards/undo").status_code == 200
    assert api.get("/api/flashcards/settings").json()["easy_dates"] is None


def test_a_break_keeps_the_dates_that_a_deck_has_already(api, owner, deck, today):
    christmas = str(today + 100 * DAY)
    api.patch(f"/api/decks/{deck.pk}", {"easy_dates": {christmas: "reduced"}})
    some_cards(owner, deck, today, due=5)
    start = today + 3 * DAY
    apply(api, plan(api, kind="break", start=str(start), end=str(start)))
    dates = api.get(f"/api/decks/{deck.pk}").json()["easy_dates"]
    assert dates == {christmas: "reduced", str(start): "none"}


def test_a_break_of_a_year_is_refused(api, today):
    body = {"kind": "break", "start": str(today), "end": str(today + 365 * DAY)}
    assert set(api.post(PLANS, body).json()["errors"]) == {"end"}


def test_a_backlog_comes_as_it_was_planned_and_new_cards_wait(api, owner, deck, today):
    Deck.objects.update(reviews_per_day=10)
    some_cards(owner, deck, today, count=100, due=-20, new=30)
    made = plan(api, kind="catch_up", deck="Biology", days=4)
    apply(api, made)

    counts = api.get("/api/flashcards/queue?deck=Biology&limit=200").json()["counts"]

    assert (counts["review"], counts["new"]) == (25, 0)
    assert api.get(f"/api/decks/{deck.pk}").json()["new_held_until"] == str(today + 4 * DAY)


def test_another_retention_is_set_from_now_on_or_with_the_cards(api, owner, deck, today):
    some_cards(owner, deck, today, due=5)
    wanted = {"kind": "retention", "deck": "Biology", "desired_retention": 0.8}
    before = due_days(owner)

    apply(api, plan(api, **wanted, mode="from_now"))

    assert api.get(f"/api/decks/{deck.pk}").json()["desired_retention"] == 0.8
    assert due_days(owner) == before
    api.post("/api/flashcards/undo")
    assert api.get(f"/api/decks/{deck.pk}").json()["desired_retention"] == 0.9
    apply(api, plan(api, **wanted))
    assert due_days(owner) > before


def test_a_retention_for_all_is_set_on_settings_and_decks(api, owner, deck, today):
    some_cards(owner, deck, today, due=5)
    apply(api, plan(api, kind="retention", desired_retention=0.85))
    assert api.get(f"/api/decks/{deck.pk}").json()["desired_retention"] == 0.85
    assert api.get("/api/flashcards/settings").json()["desired_retention"] == 0.85


def test_a_plan_made_before_its_decks_options_changed_is_told_anew(api, owner, deck, today):
    some_cards(owner, deck, today, due=-20)
    made = plan(api, kind="catch_up", deck="Biology", days=5)
    api.patch(f"/api/decks/{deck.pk}", {"desired_retention": 0.8})
    answer = api.post(f"{PLANS}/{made['id']}/apply")
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_outdated")


def test_new_per_day_counts_what_was_begun_today(api, owner, deck, today):
    some_cards(owner, deck, today, count=0, new=12)
    ids = [one["id"] for one in api.get("/api/flashcards/queue?deck=Biology").json()["cards"]]
    assert len(ids) == 5
    api.post("/api/flashcards/review", {"flashcard_id": ids[0], "rating": 4})
    left = api.get("/api/flashcards/queue?deck=Biology").json()
    assert left["counts"]["new"] == 4
    assert ids[0] not in [one["id"] for one in left["cards"]]


def test_applying_a_plan_asks_as_often_for_many_cards_as_for_few(
    api, owner, deck, today, django_assert_max_num_queries
):
    for number in range(30):
        Deck.objects.create(owner=owner, name=f"Deck {number}")
    some_cards(owner, deck, today, count=300, due=-20)
    made = plan(api, kind="catch_up", days=5)
    with django_assert_max_num_queries(32):
        apply(api, made)


def test_a_workload_of_a_large_deck_is_sampled_and_says_how_sure_it_is(api, owner, deck, today):
    some_cards(owner, deck, today, count=4500, due=1)
    whole = api.get("/api/flashcards/workload?deck=Biology").json()
    assert whole["cards"] == 4500
    assert 1000 < whole["cards_simulated"] < 2000
    loads = whole["loads"]
    assert all(0 < one["minutes_error"] < 0.2 * one["minutes_per_day"] for one in loads)
    Flashcard.objects.filter(fact__in=Fact.objects.order_by("pk")[:3000]).delete()
    few = api.get("/api/flashcards/workload?deck=Biology").json()
    assert few["cards_simulated"] == few["cards"] == 1500
    assert few["loads"][0]["minutes_error"] == 0
    ratio = loads[4]["minutes_per_day"] / few["loads"][4]["minutes_per_day"]
    assert abs(ratio - 3) < 0.5


def test_a_long_forgotten_exam_date_can_not_be_set(api, deck, today):
    body = {"exam_date": str(today - timedelta(days=2))}
    assert api.patch(f"/api/decks/{deck.pk}", body).status_code == 400
    assert api.patch(f"/api/decks/{deck.pk}", {"exam_last_days": 0}).status_code == 400
