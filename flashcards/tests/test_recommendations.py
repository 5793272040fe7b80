"""POST /api/flashcards/recommend-next."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flashcards.memory import Memory
from flashcards.models import Review, StudySettings
from flashcards.scheduling import Rating
from flashcards.services.recommendations import recommend_sm2
from flashcards.tests.cards import make_card
from flashcards.tests.test_reviews import learn

RECOMMEND = "/api/flashcards/recommend-next"


def recommend(api, rating, current_interval, **fields):
    asked = {"rating": rating, "current_interval": current_interval, **fields}
    response = api.post(RECOMMEND, asked)
    assert response.status_code == 200, response.content
    answer = response.json()
    assert answer["difference"] == answer["ml_interval"] - answer["sm2_interval"]
    assert all(isinstance(days, int) for days in answer.values())
    return answer


@pytest.mark.parametrize(
    ("rating", "interval", "days"),
    [(1, 0, 0), (1, 90, 0), (3, 0, 1), (2, 1, 6), (3, 3, 8), (4, 10, 25), (3, 2.5, 7)],
)
def test_sm2_has_its_own_ladder(api, rating, interval, days):
    assert recommend(api, rating, interval)["sm2_interval"] == days


def test_fsrs_waits_longer_the_better_a_card_is_known(api):
    waits = [recommend(api, rating, 10)["ml_interval"] for rating in (1, 2, 3, 4)]
    assert waits == sorted(set(waits))
    assert waits[0] == 0
    assert recommend(api, 3, 0)["ml_interval"] >= 1


def test_a_card_of_ones_own_is_asked_for_its_memory(api, stranger_api, owner):
    known, weak = learn(owner, days=200.0), learn(owner, days=2.0)
    answers = [recommend(api, 3, 10, flashcard_id=str(card.pk)) for card in (known, weak)]
    assert answers[0]["ml_interval"] > 200 > answers[1]["ml_interval"]
    assert answers[0]["sm2_interval"] == answers[1]["sm2_interval"] == 25
    preview = api.get(f"/api/flashcards/{known.pk}/preview").json()
    assert answers[0]["ml_interval"] == preview["good"]["interval_days"]
    assert not Review.objects.exists()

    foreign = stranger_api.post(
        RECOMMEND, {"rating": 3, "current_interval": 1, "flashcard_id": str(known.pk)}
    )
    assert (foreign.status_code, list(foreign.json()["errors"])) == (404, ["flashcard_id"])


def test_a_new_card_needs_no_memory(api, owner):
    card = make_card(owner, term="t", definition="d")
    assert recommend(api, 4, 0, flashcard_id=str(card.pk))["ml_interval"] >= 1


def test_the_learners_own_retention_and_parameters_count(api, owner):
    usual = recommend(api, 3, 30)["ml_interval"]
    settings = StudySettings.objects.create(owner=owner, desired_retention=0.97)
    assert recommend(api, 3, 30)["ml_interval"] < usual
    fast = list(Memory().w)
    fast[8] *= 0.2  # memory grows slower
    StudySettings.objects.filter(pk=settings.pk).update(desired_retention=0.9, parameters=fast)
    assert recommend(api, 3, 30)["ml_interval"] < usual


def test_fields_of_the_earlier_service_are_taken(api):
    fields = {"category": "Biology", "word_count": 12, "review_sequence_number": 4}
    assert recommend(api, 3, 5, user_review_count_7d=80, **fields) == recommend(api, 3, 5)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"rating": 0}, "rating"),
        ({"rating": 5}, "rating"),
        ({"current_interval": -1}, "current_interval"),
        ({"current_interval": "NaN"}, "current_interval"),
        ({"current_interval": 1e9}, "current_interval"),
        ({"flashcard_id": "1"}, "flashcard_id"),
        ({"word_count": -1}, "word_count"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_makes_no_sense_is_refused(api, fields, named):
    response = api.post(RECOMMEND, {"rating": 3, "current_interval": 1, **fields})
    assert (response.status_code, list(response.json()["errors"])) == (400, [named])


def test_a_card_that_is_not_there_is_404(api):
    asked = {"rating": 3, "current_interval": 1, "flashcard_id": str(uuid.uuid4())}
    assert api.post(RECOMMEND, asked).status_code == 404


@given(st.sampled_from([Rating.HARD, Rating.GOOD, Rating.EASY]), st.floats(0, 36_500))
def test_sm2_never_waits_less_than_before(rating, interval):
    assert min(interval, 36_500) <= recommend_sm2(rating, interval) <= 36_500
    assert isinstance(recommend_sm2(rating, interval), int)


@given(st.floats(1, 5000), st.sampled_from([0.7, 0.8, 0.9, 0.97]))
def test_the_stability_of_an_interval_gives_it_back(days, retention):
    memory = Memory()
    stability = memory.stability_of(days, retention)
    assert memory.recall(days, stability) == pytest.approx(retention, abs=1e-6)
