"""POST /api/flashcards/reviews and the times and ids of reviews, good and bad."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from flashcards.models import Flashcard, Review, StudyChange
from flashcards.tests.cards import CARDS, DAY, hand_in, make_card, rate, undo

REVIEWS, REVIEW = f"{CARDS}/reviews", f"{CARDS}/review"


@pytest.fixture
def card(owner):
    """A card that was made ten days ago."""
    card = make_card(owner)
    Flashcard.objects.update(created_at=timezone.now() - 10 * DAY)
    card.refresh_from_db()
    return card


def made(card, ago=1.0, rating=3, **fields):
    """A review of so many days ago, as a device keeps it."""
    told = {
        "id": str(uuid.uuid4()), "flashcard_id": str(card.pk), "rating": rating,
        "reviewed_at": (timezone.now() - ago * DAY).isoformat(),
    }  # fmt: skip
    return told | fields


def test_reviews_are_put_in_their_places_in_whatever_order_they_stand(api, card):
    reviews = [made(card, ago) for ago in (1, 5, 3)]
    assert hand_in(api, reviews) == {"accepted": 3, "known": 0, "refused": []}
    listed = api.get(REVIEWS).json()
    assert [one["id"] for one in listed] == [reviews[place]["id"] for place in (0, 2, 1)]
    assert listed[-1]["state"] == "new"
    assert [one["elapsed_days"] for one in listed] == [2.0, 2.0, 0.0]
    assert StudyChange.objects.get().kind == "reviews"


def test_the_same_id_twice_counts_once_wherever_it_comes_from(api, card):
    review = made(card)
    assert hand_in(api, [review, review]) == {"accepted": 1, "known": 1, "refused": []}
    assert hand_in(api, [review])["known"] == 1
    rate(api, card, 1, id=review["id"])
    again = rate(api, card, 1, id=str(uuid.uuid4()))
    rate(api, card, 4, id=again["review_id"])
    assert Flashcard.objects.get().reps == Review.objects.count() == 2


def test_an_id_of_another_cards_review_is_a_conflict(api, owner, stranger_api, stranger, card):
    other, theirs = make_card(owner), make_card(stranger)
    taken = rate(api, card, 3)["review_id"]
    for client, one in ((api, other), (stranger_api, theirs)):
        body = {"flashcard_id": str(one.pk), "rating": 3, "id": taken}
        response = client.post(REVIEW, body)
        assert (response.status_code, response.json()["code"]) == (409, "review_id_taken")
    answer = hand_in(api, [made(other, ago=0, id=taken), made(card)])
    assert (answer["accepted"], answer["known"]) == (1, 0)
    assert answer["refused"] == [
        {"id": taken, "flashcard_id": str(other.pk), "code": "review_id_taken",
         "detail": "This id is another review's."}
    ]  # fmt: skip
    assert Flashcard.objects.get(pk=other.pk).reps == 0


def test_one_id_for_two_cards_of_a_batch_counts_for_the_first(api, owner, card):
    other = make_card(owner)
    Flashcard.objects.filter(pk=other.pk).update(created_at=card.created_at)
    review = made(card)
    answer = hand_in(api, [review, review | {"flashcard_id": str(other.pk)}])
    assert (answer["accepted"], [one["code"] for one in answer["refused"]]) == (
        1, ["review_id_taken"],
    )  # fmt: skip


def test_reviews_that_can_not_be_are_refused_one_by_one_and_the_others_count(
    api, card, owner, stranger
):
    gone, theirs = make_card(owner), make_card(stranger)
    api.delete(f"{CARDS}/{gone.pk}")
    answer = hand_in(
        api,
        [
            made(card, ago=-1),
            made(card, ago=11),
            made(gone, ago=0),
            made(theirs, ago=0),
            made(card),
        ],
    )
    assert (answer["accepted"], answer["known"]) == (1, 0)
    codes = [one["code"] for one in answer["refused"]]
    assert codes == ["invalid", "invalid", "not_found", "not_found"]
    assert all(one["detail"].endswith(".") for one in answer["refused"])


@pytest.mark.parametrize("ahead", [timedelta(minutes=1), timedelta(days=1), timedelta(days=40_000)])
def test_a_review_of_the_future_is_refused(api, card, ahead):
    at = (timezone.now() + ahead).isoformat()
    response = api.post(REVIEW, {"flashcard_id": str(card.pk), "rating": 3, "reviewed_at": at})
    assert (response.status_code, list(response.json()["errors"])) == (400, ["reviewed_at"])
    assert not Review.events.exists()
    assert Flashcard.objects.get().schedule == card.schedule


def test_a_review_before_its_card_is_refused(api, card):
    at = (card.created_at - timedelta(seconds=1)).isoformat()
    response = api.post(REVIEW, {"flashcard_id": str(card.pk), "rating": 3, "reviewed_at": at})
    assert (response.status_code, list(response.json()["errors"])) == (400, ["reviewed_at"])
    rate(api, card, 3, reviewed_at=card.created_at.isoformat())


def test_a_clock_that_is_a_little_ahead_is_taken_for_now(api, card):
    now = timezone.now()
    ahead = [(now + timedelta(seconds=seconds)).isoformat() for seconds in (20, 25)]
    reviews = [made(card, rating=1, reviewed_at=ahead[1]), made(card, reviewed_at=ahead[0])]
    assert hand_in(api, reviews)["accepted"] == 2
    second, first = api.get(REVIEWS).json()
    assert (first["id"], second["id"]) == (reviews[1]["id"], reviews[0]["id"])
    assert datetime.fromisoformat(second["reviewed_at"]) <= timezone.now()
    rate(api, card, 3)
    assert Flashcard.objects.get().reps == 3


def test_a_time_without_a_zone_is_utc(api, card):
    at = (timezone.now() - DAY).replace(tzinfo=None, microsecond=0)
    rate(api, card, 3, reviewed_at=at.isoformat())
    assert Review.objects.get().reviewed_at.replace(tzinfo=None) == at


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": "7"}, "id"),
        ({"id": None}, "id"),
        ({"reviewed_at": "yesterday"}, "reviewed_at"),
        ({"reviewed_at": 1_700_000_000}, "reviewed_at"),
        ({"reviewed_at": "0001-01-01T00:00:00+14:00"}, "reviewed_at"),
        ({"reviewed_at": "0001-01-01T00:00:00Z"}, "reviewed_at"),
        ({"reviewed_at": "9999-12-31T23:59:59-12:00"}, "reviewed_at"),
        ({"reviewed_at": "2026-02-30T00:00:00Z"}, "reviewed_at"),
        ({"rating": 3.5}, "rating"),
        ({"rating": [3]}, "rating"),
        ({"rating": 10**30}, "rating"),
        ({"rating": ""}, "rating"),
        ({"flashcard_id": None}, "flashcard_id"),
        ({"duration_ms": 1.5}, "duration_ms"),
        ({"duration_ms": "long"}, "duration_ms"),
        ({"reschedule": None}, "reschedule"),
        ({"note": "x"}, "note"),
    ],
)
def test_a_review_that_makes_no_sense_is_refused_alone_and_in_a_batch(api, card, fields, field):
    one = made(card)
    response = api.post(REVIEW, one | fields)
    assert (response.status_code, list(response.json()["errors"])) == (400, [field])
    many = api.post(REVIEWS, {"reviews": [one | fields]})
    if many.status_code == 200:  # well formed, yet before its card
        assert (many.json()["accepted"], len(many.json()["refused"])) == (0, 1)
    else:
        assert many.json()["errors"]["reviews"][0].startswith(f"0.{field}: ")
    assert not Review.events.exists()


@pytest.mark.parametrize(
    "body",
    [{}, {"reviews": []}, {"reviews": {}}, {"reviews": "all"}, {"reviews": [7]}, [], [[]],
     {"reviews": [{}]}],
)  # fmt: skip
def test_what_is_no_batch_of_reviews_is_refused(api, body):
    response = api.post(REVIEWS, body)
    assert (response.status_code, response.json()["code"]) == (400, "invalid")


def test_a_batch_names_the_place_of_a_review_that_makes_no_sense_and_takes_none(api, card):
    response = api.post(REVIEWS, {"reviews": [made(card), made(card, rating=5)]})
    assert response.status_code == 400
    assert response.json()["errors"]["reviews"] == [
        "1.rating: Ensure this value is less than or equal to 4."
    ]
    assert not Review.events.exists()


def test_a_thousand_reviews_are_taken_and_one_more_is_refused(api, card):
    reviews = [made(card, ago=9 - number / 200) for number in range(1001)]
    response = api.post(REVIEWS, {"reviews": reviews})
    assert (response.status_code, list(response.json()["errors"])) == (400, ["reviews"])
    assert hand_in(api, reviews[:1000])["accepted"] == 1000
    assert Flashcard.objects.get().reps == 1000
    undo(api)
    assert Flashcard.objects.get().schedule == card.schedule


def test_only_the_owner_hands_in(stranger_api, visitor_api, card):
    assert visitor_api.post(REVIEWS, {"reviews": [made(card)]}).status_code == 401
    assert hand_in(stranger_api, [made(card)])["accepted"] == 0
    assert Flashcard.objects.get().reps == 0


@pytest.mark.parametrize("late", [False, True])
def test_a_batch_costs_as_many_queries_for_many_reviews_as_for_one(api, owner, late):
    def count(cards):
        mine = [make_card(owner) for _ in range(cards)]
        made_at = timezone.now() - 10 * DAY
        Flashcard.objects.filter(pk__in=[one.pk for one in mine]).update(created_at=made_at)
        if late:
            hand_in(api, [made(one, ago=1) for one in mine])
        with CaptureQueriesContext(connection) as queries:
            hand_in(api, [made(one, ago=ago) for one in mine for ago in (5, 3)])
        return len(queries)

    count(1)  # stores the options
    assert count(30) == count(1) <= 20


def test_a_review_costs_few_queries(api, card, django_assert_max_num_queries):
    rate(api, card, 3)
    with django_assert_max_num_queries(16):
        rate(api, card, 3)


def test_a_review_of_whole_days_asks_once_for_the_loads(api, owner, django_assert_max_num_queries):
    for _ in range(20):
        card = make_card(owner)
        rate(api, card, 4)
    fresh = make_card(owner)
    with django_assert_max_num_queries(17):
        rate(api, fresh, 4)


@pytest.mark.parametrize("query", ["since=yesterday", "card=1", "limit=0", "from=2026-01-01"])
def test_a_list_of_reviews_that_makes_no_sense_is_refused(api, query):
    assert api.get(f"{REVIEWS}?{query}").status_code == 400
