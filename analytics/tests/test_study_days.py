"""Streaks, activity and what is due count study days, which no journey moves."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from analytics.services import compute_overview
from flashcards.models import Flashcard, Review
from flashcards.tests.cards import CARDS, hand_in, make_card, make_learned, rate, today_of

OVERVIEW = "/api/analytics/overview"
DAY = timedelta(days=1)


def travel(api, zone, day_starts_at=4):
    body = {"timezone": zone, "day_starts_at": day_starts_at}
    assert api.patch("/api/me", body).status_code == 200


def old_card(owner):
    card = make_card(owner)
    Flashcard.objects.update(created_at=datetime(2024, 1, 1, tzinfo=UTC))
    return card


def review_at(api, card, *moments):
    reviews = [
        {"id": str(uuid.uuid4()), "flashcard_id": str(card.pk), "rating": 3, "reviewed_at": moment}
        for moment in moments
    ]
    assert hand_in(api, reviews)["accepted"] == len(reviews)


def days_of(api):
    activity = api.get(OVERVIEW).json()["activity"]
    return [(day["review_date"], day["review_count"]) for day in activity]


@pytest.mark.parametrize(
    ("zone", "start", "moments", "days"),
    [
        # Past midnight, yet before four o'clock, it is still the day before.
        ("America/New_York", 4, ["2026-03-01T08:59:59Z", "2026-03-01T09:00:00Z"],
         [("2026-03-01", 1), ("2026-02-28", 1)]),
        ("Asia/Tokyo", 0, ["2026-03-01T14:59:59Z", "2026-03-01T15:00:00Z"],
         [("2026-03-02", 1), ("2026-03-01", 1)]),
        # Summer time begins: 23 hours; it ends: 25 hours. No day is left out or counted twice.
        ("Europe/Berlin", 4, ["2026-03-28T03:00:00Z", "2026-03-29T01:59:59Z",
                              "2026-03-29T02:00:00Z", "2026-03-30T01:59:59Z"],
         [("2026-03-29", 2), ("2026-03-28", 2)]),
        ("Europe/Berlin", 4, ["2025-10-25T02:00:00Z", "2025-10-26T02:59:59Z",
                              "2025-10-26T03:00:00Z"],
         [("2025-10-26", 1), ("2025-10-25", 2)]),
        # A leap day.
        ("UTC", 4, ["2024-02-29T12:00:00Z", "2024-03-01T03:59:00Z", "2024-03-01T04:00:00Z"],
         [("2024-03-01", 1), ("2024-02-29", 2)]),
    ],
)  # fmt: skip
def test_reviews_count_for_their_study_day(api, owner, zone, start, moments, days):
    travel(api, zone, start)
    review_at(api, old_card(owner), *moments)
    assert days_of(api) == days


def test_a_journey_moves_no_day_of_the_past(api, owner):
    card = old_card(owner)
    travel(api, "Pacific/Kiritimati")
    review_at(api, card, "2026-03-01T13:00:00Z", "2026-03-02T13:00:00Z")
    before = days_of(api)
    streaks = {card.pk: list(Review.objects.values_list("study_day", flat=True))}
    for zone in ("Pacific/Pago_Pago", "Europe/Berlin"):
        travel(api, zone, 0)
        assert days_of(api) == before
    assert streaks == {card.pk: list(Review.objects.values_list("study_day", flat=True))}


def test_a_streak_holds_while_the_learner_travels_against_the_days(owner, add_card, add_review):
    owner.timezone = "Pacific/Kiritimati"
    noon = datetime(2026, 3, 10, 22, tzinfo=UTC)  # noon of the 11th there
    card = add_card()
    for ago in range(3):
        add_review(card, noon - ago * DAY)
    at_home = compute_overview(user=owner, now=noon)["overview"]["streak_days"]
    owner.timezone = "Pacific/Pago_Pago"  # where it is the 10th
    abroad = compute_overview(user=owner, now=noon)["overview"]["streak_days"]
    assert (at_home, abroad) == (3, 3)


def test_what_is_due_today_is_what_the_queue_and_the_decks_say(api, owner):
    make_learned(owner, ahead=0)
    make_learned(owner, ahead=-3)
    make_learned(owner, ahead=1)
    for action in ("suspend", "bury"):
        hidden = make_learned(owner)
        assert api.post(f"{CARDS}/{hidden.pk}/{action}").status_code == 200
    counts = api.get(f"{CARDS}/queue").json()["counts"]
    assert api.get(OVERVIEW).json()["overview"]["due_today"] == counts["review"] == 2
    assert len(api.get(CARDS, {"due": "true"}).json()) == 2


def test_a_card_due_tomorrow_is_due_when_the_learners_tomorrow_begins(api, owner):
    card = make_learned(owner, ahead=1)
    overview = compute_overview(user=owner, now=timezone.now())["overview"]
    later = compute_overview(user=owner, now=timezone.now() + DAY)["overview"]
    assert (overview["due_today"], later["due_today"]) == (0, 1)
    assert card.due_day == today_of(owner) + DAY


def test_reviews_past_midnight_belong_to_the_day_that_has_not_ended(api, owner):
    rate(api, old_card(owner), 3)
    (review,) = api.get(f"{CARDS}/reviews").json()
    assert days_of(api) == [(review["study_day"], 1)]
    assert review["study_day"] == today_of(owner).isoformat()
