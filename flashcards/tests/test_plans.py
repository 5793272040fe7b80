"""Plans through HTTP: shown first, applied as one step, taken back as one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from flashcards.days import DAY, calendar_of
from flashcards.models import Deck, Fact, Flashcard, Plan

pytestmark = pytest.mark.django_db
PLANS = "/api/flashcards/plans"


@pytest.fixture
def today(owner):
    return calendar_of(owner).day_of(timezone.now())


@pytest.fixture
def deck(owner):
    return Deck.objects.create(owner=owner, name="Biology", new_per_day=5)


def some_cards(owner, deck, today, *, count=20, due=0, interval=10, new=0):
    """Cards in review that fall due some days from today, and new ones."""
    calendar = calendar_of(owner)
    facts = [Fact(owner=owner, term=f"t{number}", definition="d") for number in range(count + new)]
    Fact.objects.bulk_create(facts)
    day, last = today + due * DAY, today + (due - interval) * DAY
    Flashcard.objects.bulk_create(
        Flashcard(
            owner=owner, fact=fact, deck=deck, status="review", stability=float(interval),
            difficulty=5.0, reps=3, interval=interval, due_day=day, due=calendar.start_of(day),
            last_day=last, last_review=calendar.start_of(last) + timedelta(hours=6),
        )
        for fact in facts[:count]
    )  # fmt: skip
    Flashcard.objects.bulk_create(
        Flashcard(owner=owner, fact=fact, deck=deck) for fact in facts[count:]
    )


def due_days(owner):
    cards = Flashcard.objects.owned_by(owner).filter(status="review").order_by("pk")
    return list(cards.values_list("due_day", flat=True))


def plan(api, **body):
    answer = api.post(PLANS, body)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def test_a_backlog_is_shown_spread_and_only_then_moved_and_taken_back(api, owner, deck, today):
    some_cards(owner, deck, today, due=-20, new=30)
    before = due_days(owner)

    made = plan(api, kind="catch_up", deck="Biology", days=5)

    assert due_days(owner) == before
    assert (made["due_before"][0], made["due_after"][0], made["cards_moved"]) == (25, 4, 20)
    assert [len(made[name]) for name in ("due_before", "minutes_after")] == [90, 90]
    assert api.post(f"{PLANS}/{made['id']}/apply").status_code == 200
    assert sorted(due_days(owner)) == sorted(today + (number % 5) * DAY for number in range(20))
    deck.refresh_from_db()
    assert deck.new_held_until == today + 5 * DAY

    assert api.post("/api/flashcards/undo").status_code == 200

    assert due_days(owner) == before
    deck.refresh_from_db()
    assert deck.new_held_until is None


def test_a_break_leaves_no_card_due_in_it(api, owner, deck, today):
    some_cards(owner, deck, today, due=5)
    start, end = today + 3 * DAY, today + 9 * DAY
    made = plan(api, kind="break", deck="Biology", start=str(start), end=str(end))
    api.post(f"{PLANS}/{made['id']}/apply")
    assert not [day for day in due_days(owner) if start <= day <= end]


def test_an_exam_tells_recall_and_minutes_and_moves_every_card_into_the_last_days(
    api, owner, deck, today
):
    some_cards(owner, deck, today, due=40, interval=60, new=10)
    exam = today + 20 * DAY
    made = plan(api, kind="exam", deck="Biology", exam_date=str(exam), minutes_per_day=30)
    figures = made["figures"]
    assert figures["expected_recall"]["after"] > figures["expected_recall"]["before"]
    assert figures["is_feasible"] is True
    api.post(f"{PLANS}/{made['id']}/apply")
    first = exam - figures["last_days"] * DAY
    assert all(first <= day < exam for day in due_days(owner))


def test_an_exam_that_cannot_be_done_says_what_could(api, owner, deck, today):
    some_cards(owner, deck, today, count=5, new=300)
    made = plan(api, kind="exam", deck="Biology", exam_date=str(today + 5 * DAY), minutes_per_day=5)
    assert made["figures"]["is_feasible"] is False
    assert made["figures"]["minutes_per_day"] > 5
    assert set(made["figures"]["could"]) == {"date", "retention"}


def test_another_retention_reschedules_or_counts_from_now_on(api, owner, deck, today):
    some_cards(owner, deck, today, due=5)
    wanted = {"kind": "retention", "deck": "Biology", "desired_retention": 0.8}
    assert plan(api, **wanted)["cards_moved"] == 20
    assert plan(api, **wanted, mode="from_now")["cards_moved"] == 0


def test_a_plan_whose_cards_have_changed_is_not_applied_but_told_anew(api, owner, deck, today):
    some_cards(owner, deck, today, due=-20)
    made = plan(api, kind="catch_up", days=5)
    some_cards(owner, deck, today, count=5, due=-30)
    before = due_days(owner)

    answer = api.post(f"{PLANS}/{made['id']}/apply")

    assert (answer.status_code, answer.json()["code"]) == (409, "plan_outdated")
    assert answer.json()["plan"]["cards_moved"] == 25
    assert due_days(owner) == before
    assert api.post(f"{PLANS}/{made['id']}/apply").status_code == 200


def test_a_plan_is_applied_once(api, owner, deck, today):
    some_cards(owner, deck, today, due=-20)
    made = plan(api, kind="catch_up", days=5)
    api.post(f"{PLANS}/{made['id']}/apply")
    answer = api.post(f"{PLANS}/{made['id']}/apply")
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_applied")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"kind": "exam"}, "exam_date"),
        ({"kind": "exam", "exam_date": "2020-01-01"}, "exam_date"),
        ({"kind": "exam", "exam_date": "9999-01-01"}, "exam_date"),
        ({"kind": "catch_up", "days": 0}, "days"),
        ({"kind": "catch_up"}, "days"),
        ({"kind": "break", "start": "2020-01-01", "end": "2020-01-02"}, "start"),
        ({"kind": "break", "start": "2090-01-02", "end": "2090-01-01"}, "end"),
        ({"kind": "break", "start": "2026-12-01", "end": "2099-01-01"}, "end"),
        ({"kind": "retention", "desired_retention": 0.5}, "desired_retention"),
        ({"kind": "retention", "depth": 1}, "depth"),
    ],
)
def test_a_plan_without_sense_is_refused_by_field(api, body, field):
    answer = api.post(PLANS, body)
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Plan.objects.exists()


def test_a_strangers_plan_and_deck_are_not_there(api, stranger_api, owner, deck, today):
    made = plan(api, kind="catch_up", days=5)
    assert stranger_api.get(f"{PLANS}/{made['id']}").status_code == 404
    assert stranger_api.post(f"{PLANS}/{made['id']}/apply").status_code == 404
    body = {"kind": "catch_up", "days": 5, "deck": str(deck.pk)}
    assert stranger_api.post(PLANS, body).status_code == 404


def test_the_workload_rises_with_retention(api, owner, deck, today):
    some_cards(owner, deck, today, count=200, due=1)
    loads = api.get("/api/flashcards/workload?deck=Biology").json()["loads"]
    assert [one["desired_retention"] for one in loads][::9] == [0.7, 0.97]
    minutes = [one["minutes_per_day"] for one in loads]
    remembered = [one["remembered"] for one in loads]
    assert minutes[0] < minutes[5] < minutes[-1]
    assert remembered[0] < remembered[-1] <= 200


def test_an_empty_library_has_plans_and_a_workload(api):
    assert plan(api, kind="catch_up", days=5)["cards_moved"] == 0
    assert api.get("/api/flashcards/workload").json()["loads"][0]["minutes_per_day"] == 0


def test_a_plan_of_many_cards_asks_as_often_as_one_of_few(
    api, owner, deck, today, django_assert_max_num_queries
):
    some_cards(owner, deck, today, count=400, due=-20)
    with django_assert_max_num_queries(12):
        plan(api, kind="catch_up", days=5)
