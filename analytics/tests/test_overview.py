"""GET /api/analytics/overview."""

from datetime import UTC, date, datetime, timedelta

import pytest

from analytics.services import compute_overview
from notes.models import Note

OVERVIEW = "/api/analytics/overview"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def at(text):
    return datetime.fromisoformat(text)


def overview_of(owner, zone="UTC", now=NOON):
    owner.timezone, owner.day_starts_at = zone, 0
    return compute_overview(user=owner, now=now)


def test_without_anything_every_figure_is_zero(api):
    answer = api.get(OVERVIEW)
    assert answer.status_code == 200
    assert answer.json() == {
        "overview": {
            "total_notes": 0,
            "total_flashcards": 0,
            "total_reviews": 0,
            "avg_interval": 0.0,
            "mastery_rate_percent": 0.0,
            "streak_days": 0,
            "due_today": 0,
        },
        "activity": [],
    }


def test_the_figures_count_the_callers_own_things(api, stranger_api, owner):
    api.post("/api/notes/", {"title": "Biology", "content": "Cells."})
    card = api.post("/api/flashcards/", {"term": "a", "definition": "b"}).json()
    for rating in (1, 4):
        api.post("/api/flashcards/review", {"flashcard_id": card["id"], "rating": rating})
    answer = api.get(OVERVIEW).json()
    assert answer["overview"]["total_notes"] == 1
    assert answer["overview"]["total_flashcards"] == 1
    assert answer["overview"]["total_reviews"] == 2
    assert answer["overview"]["streak_days"] == 1
    today = datetime.now(owner.zone).date().isoformat()
    assert answer["activity"] == [{"review_date": today, "review_count": 2, "avg_rating": 2.5}]
    assert set(stranger_api.get(OVERVIEW).json()["overview"].values()) == {0}


def test_a_visitor_sees_nothing(visitor_api):
    assert visitor_api.get(OVERVIEW).status_code == 401


def test_more_calls_a_minute_than_allowed_are_refused(api, stranger_api, settings):
    settings.RATE_LIMIT_ANALYTICS = 2
    assert [api.get(OVERVIEW).status_code for _ in range(3)] == [200, 200, 429]
    refused = api.get(OVERVIEW)
    assert int(refused["Retry-After"]) >= 1
    assert refused["RateLimit-Limit"] == "2"
    assert stranger_api.get(OVERVIEW).status_code == 200


def test_the_mean_interval_is_that_of_reviewed_cards(owner, add_card):
    add_card(status="review", interval=10.0)
    add_card(status="relearning", interval=0.25)
    add_card()
    assert overview_of(owner)["overview"]["avg_interval"] == 5.1


def test_cards_with_an_interval_of_three_weeks_are_mastered(owner, add_card):
    for interval in (20.99, 21.0, 300.0):
        add_card(status="review", interval=interval)
    assert overview_of(owner)["overview"]["mastery_rate_percent"] == 66.7


def test_due_today_counts_until_the_study_day_of_the_user_ends(owner, add_card):
    for due in ("2026-03-09T00:00Z", "2026-03-10T14:59Z", "2026-03-10T15:00Z", "2026-03-11T00:00Z"):
        add_card(due=at(due))
    assert overview_of(owner, "UTC")["overview"]["due_today"] == 3
    assert overview_of(owner, "Asia/Tokyo")["overview"]["due_today"] == 2


def test_a_card_of_whole_days_is_due_on_its_study_day_wherever_the_user_is(owner, add_card):
    add_card(status="review", interval=3.0, due=at("2026-03-10T04:00Z"), due_day=NOON.date())
    for zone in ("UTC", "Asia/Tokyo", "America/Los_Angeles"):
        assert overview_of(owner, zone)["overview"]["due_today"] == 1


def test_a_review_belongs_to_the_study_day_on_which_it_was_made(owner, add_card, add_review):
    owner.timezone = "Asia/Tokyo"
    late = at("2026-03-10T03:30:00+09:00")
    add_review(add_card(), late)
    for zone in ("Asia/Tokyo", "Pacific/Auckland", "America/Los_Angeles"):
        activity = overview_of(owner, zone, now=late + timedelta(hours=2))["activity"]
        assert activity[0]["review_date"] == "2026-03-09"


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-03-29T00:30:00+01:00", "2026-03-29T23:30:00+02:00"),
        ("2026-10-25T00:30:00+02:00", "2026-10-25T23:30:00+01:00"),
    ],
)
def test_a_day_on_which_the_clock_changes_is_one_day(owner, add_card, add_review, first, last):
    card = add_card()
    owner.timezone, owner.day_starts_at = "Europe/Berlin", 0
    for moment in (
        at(first) - timedelta(hours=1),
        at(first),
        at(last),
        at(last) + timedelta(hours=1),
    ):
        add_review(card, moment)
    answer = overview_of(owner, "Europe/Berlin", now=at(last) + timedelta(hours=2))
    assert [day["review_count"] for day in answer["activity"]] == [1, 2, 1]
    assert answer["overview"]["streak_days"] == 3


def test_activity_is_the_last_thirty_days_that_had_reviews(owner, add_card, add_review):
    card = add_card()
    for number in range(35):
        add_review(card, NOON - timedelta(days=2 * number))
    answer = overview_of(owner)
    days = [date.fromisoformat(day["review_date"]) for day in answer["activity"]]
    assert len(days) == 30
    assert days == [NOON.date() - timedelta(days=2 * number) for number in range(30)]
    assert answer["overview"]["total_reviews"] == 35


def test_a_mean_rating_has_two_decimals(owner, add_card, add_review):
    card = add_card()
    for rating in (1, 1, 3):
        add_review(card, NOON, rating)
    assert overview_of(owner)["activity"][0]["avg_rating"] == 1.67


def test_a_long_streak_reaches_behind_the_activity_shown(owner, add_card, add_review):
    card = add_card()
    for number in range(1, 41):
        add_review(card, NOON - timedelta(days=number))
    assert overview_of(owner)["overview"]["streak_days"] == 40


@pytest.mark.parametrize("rows", [1, 30])
def test_the_overview_costs_four_queries_however_much_there_is(
    api, owner, add_card, add_review, rows, django_assert_max_num_queries
):
    for number in range(rows):
        Note.objects.create(owner=owner, title="t")
        add_review(add_card(), NOON - timedelta(days=number))
    with django_assert_max_num_queries(4):
        assert api.get(OVERVIEW).json()["overview"]["total_reviews"] == rows
