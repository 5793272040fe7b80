"""The fit through HTTP: what is known, a job that fits, and what counts then."""

import pytest

from flashcards.models import Deck, Fit, Flashcard
from flashcards.tests.test_fitting import FORGETFUL, USUAL, store, study

pytestmark = pytest.mark.django_db
FIT = "/api/flashcards/fit"


def fit_now(api, run_jobs, **body):
    accepted = api.post(FIT, body)
    assert accepted.status_code == 202, accepted.json()
    run_jobs()
    job = api.get(f"/api/jobs/{accepted.json()['job_id']}").json()
    assert job["status"] == "done", job
    return job["result"]["fits"]


def test_without_reviews_the_parameters_are_those_of_fsrs_in_words(api):
    report = api.get(FIT).json()

    assert [one["value"] for one in report["parameters"]] == pytest.approx(USUAL)
    assert report["parameters"][2]["meaning"] == (
        "days until recall falls to 90 % after a first Good"
    )
    assert (
        "After a first Good recall falls to 90 % in 2.3 days (usual: 2.3 days)."
        in (report["summary"])
    )
    assert (report["latest"], report["fits"], report["is_available"]) == (None, [], True)


def test_a_fit_is_a_job_and_tells_losses_and_calibration(api, owner, run_jobs):
    store(owner, study(FORGETFUL))

    (found,) = fit_now(api, run_jobs)

    assert found["is_used"] is True
    report = api.get(FIT).json()
    latest = report["latest"]
    assert latest["id"] == found["id"]
    assert latest["loss"] < latest["default_loss"]
    assert (latest["scope"], latest["reviews"]) == ("all", 1200)
    assert sum(one["reviews"] for one in latest["calibration"]["fitted"]) == latest["usable"] // 5
    assert report["parameters"][2]["value"] < report["parameters"][2]["default"]


def test_a_fit_that_is_no_better_is_kept_in_the_history_and_not_taken(api, owner, run_jobs):
    store(owner, study(USUAL))

    (found,) = fit_now(api, run_jobs)

    report = api.get(FIT).json()
    assert (found["is_used"], report["latest"]["is_used"]) == (False, False)
    assert [one["value"] for one in report["parameters"]] == pytest.approx(USUAL)


def test_with_too_few_reviews_nothing_is_fitted(api, owner, run_jobs):
    store(owner, study(FORGETFUL, cards=1, reviews=3))

    fit_now(api, run_jobs)

    latest = api.get(FIT).json()["latest"]
    assert (latest["scope"], latest["loss"], latest["is_used"]) == ("none", None, False)


def test_a_deck_has_a_fit_of_its_own_where_it_has_enough(api, owner, run_jobs):
    deck, small = (Deck.objects.create(owner=owner, name=name) for name in ("Hard", "Small"))
    store(owner, study(USUAL, cards=500, seed=3))
    store(owner, study(FORGETFUL))
    cards = list(Flashcard.objects.order_by("-created_at").values_list("pk", flat=True))
    Flashcard.objects.filter(pk__in=cards[:100]).update(deck=deck)
    Flashcard.objects.filter(pk=cards[-1]).update(deck=small)

    fits = fit_now(api, run_jobs)

    assert [one["deck_id"] for one in fits] == [None, str(deck.pk)]
    deck.refresh_from_db()
    assert len(deck.parameters) == 21
    own = api.get(f"{FIT}?deck=Hard").json()
    assert own["parameters"][2]["value"] == pytest.approx(deck.parameters[2])
    assert api.get(f"{FIT}?deck=Small").json()["fits"] == []


def test_a_plan_after_a_fit_reschedules_by_it_and_is_taken_back(api, owner, run_jobs):
    store(owner, study(FORGETFUL))
    for card in Flashcard.objects.all():
        last = card.reviews.order_by("-reviewed_at").first()
        Flashcard.objects.filter(pk=card.pk).update(
            status="review", stability=50.0, difficulty=5.0, interval=50, reps=12,
            last_review=last.reviewed_at, last_day=last.study_day,
            due_day=last.study_day.replace(year=last.study_day.year + 1),
        )  # fmt: skip
    fit_now(api, run_jobs)
    before = list(Flashcard.objects.order_by("pk").values("due_day", "stability", "difficulty"))

    plan = api.post("/api/flashcards/plans", {"kind": "retention"}).json()
    assert plan["cards_moved"] > 50
    assert plan["figures"]["memories_changed"] == 100
    assert api.post(f"/api/flashcards/plans/{plan['id']}/apply").status_code == 200

    after = list(Flashcard.objects.order_by("pk").values("due_day", "stability", "difficulty"))
    assert all(one["stability"] != 50.0 for one in after)
    api.post("/api/flashcards/undo")
    assert before == list(
        Flashcard.objects.order_by("pk").values("due_day", "stability", "difficulty")
    )


def test_a_plan_from_now_on_after_a_fit_moves_nothing(api, owner, run_jobs):
    store(owner, study(FORGETFUL))
    fit_now(api, run_jobs)
    plan = api.post("/api/flashcards/plans", {"kind": "retention", "mode": "from_now"}).json()
    assert plan["cards_moved"] == 0


def test_a_strangers_deck_and_fits_are_not_there(api, stranger_api, owner, run_jobs):
    Deck.objects.create(owner=owner, name="Mine")
    store(owner, study(FORGETFUL, cards=20))
    fit_now(api, run_jobs)

    assert stranger_api.get(FIT).json()["fits"] == []
    assert stranger_api.get(f"{FIT}?deck=Mine").status_code == 404
    assert stranger_api.post(FIT, {"deck": "Mine"}).status_code == 404
    assert Fit.objects.filter(owner=stranger_api.user).count() == 0


@pytest.mark.parametrize("body", [{"depth": 1}, {"deck": ["x"]}])
def test_what_a_fit_does_not_know_is_refused(api, body):
    assert api.post(FIT, body).status_code == 400
