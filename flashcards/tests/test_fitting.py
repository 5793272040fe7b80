"""FSRS learns from each learner's reviews how that one forgets."""

import random
from datetime import UTC, datetime, timedelta

import fsrs
import pytest
from django.core.management import call_command
from django.utils import timezone

from flashcards import models
from flashcards.fitting import MIN_ALL, Fit, Rated, fit_parameters
from flashcards.jobs import fit_learner_job
from flashcards.models import Review, StudySettings
from flashcards.scheduling import Rating
from flashcards.tests.cards import make_card

pytest.importorskip("fsrs_rs_python")  # of the developers' environment
DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
USUAL = fsrs.scheduler.DEFAULT_PARAMETERS
# Forgets three times as fast at first, and gains less by each review.
FORGETFUL = (*(value * 0.3 for value in USUAL[:4]), *USUAL[4:8], USUAL[8] - 0.8, *USUAL[9:])


def study(parameters, *, cards=100, reviews=12, seed=1):
    """What a learner who forgets by these parameters does with cards that FSRS schedules."""
    chance = random.Random(seed)
    usual = fsrs.Scheduler(enable_fuzzing=False)
    true = fsrs.Scheduler(parameters=parameters, enable_fuzzing=False)
    for _ in range(cards):
        now = START + chance.uniform(0, 60) * DAY
        card = truth = fsrs.Card(card_id=1, due=now)
        history = []
        for number in range(reviews):
            recalled = chance.random() < (true.get_card_retrievability(truth, now) or 0.7)
            rating = chance.choices([2, 3, 4], [1, 8, 1])[0] if recalled else 1
            days = (now - history[-1].at) / DAY if number else 0.0
            history.append(Rated(now, rating, days))
            card, _ = usual.review_card(card, fsrs.Rating(rating), now)
            truth, _ = true.review_card(truth, fsrs.Rating(rating), now)
            now = card.due + chance.uniform(0, 0.4) * DAY
        yield history


def store(owner, histories):
    """The histories as the owner's cards and reviews; the latest review was just now."""
    histories = list(histories)
    shift = timezone.now() - max(rated.at for history in histories for rated in history)
    for history in histories:
        card = make_card(owner, term="t", definition="d")
        Review.objects.bulk_create(
            Review(
                owner=owner, flashcard=card, rating=rated.rating, reviewed_at=rated.at + shift,
                elapsed_days=rated.days, scheduled_days=1, state="review",
                study_day=(rated.at + shift).date(),
            )
            for rated in history
        )  # fmt: skip


def intervals(api, card):
    return api.get(f"/api/flashcards/{card.pk}/preview").json()


@pytest.fixture
def card(owner):
    """A card in review whose interval of 30 days has passed."""
    now = timezone.now()
    return make_card(
        owner, term="t", definition="d", status="review", stability=30, difficulty=5.0,
        last_review=now - 30 * DAY, due=now, interval=30, reps=4, last_day=(now - 30 * DAY).date(),
    )  # fmt: skip


def test_a_fit_predicts_a_forgetful_learner_better_than_the_defaults():
    fit = fit_parameters(list(study(FORGETFUL)))

    assert fit.loss < 0.95 * fit.default_loss
    assert sum(fit.parameters[:4]) < 0.6 * sum(USUAL[:4])
    assert fit_parameters(list(study(FORGETFUL))) == fit
    assert (fit.scope, len(fit.parameters)) == ("all", 21)


def test_a_fit_that_predicts_no_better_is_not_taken():
    fit = fit_parameters(list(study(USUAL)))

    assert fit.loss >= fit.default_loss
    assert fit.parameters is None


def test_same_day_reviews_do_not_count():
    at_once = [Rated(START, 3, 0.0), Rated(START, 3, 0.01)]

    assert fit_parameters([at_once] * MIN_ALL) == Fit(None, "none", 0)
    assert fit_parameters([]) == Fit(None, "none", 0)


def usable(count):
    """So many usable reviews of a learner who remembers three of ten after two days."""
    return [
        [
            Rated(START + number * DAY, 3, 0.0),
            Rated(START + (number + 2) * DAY, 3 if number % 10 < 3 else 1, 2.0),
        ]
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("count", "scope"),
    [(7, "none"), (8, "initial"), (40, "initial"), (63, "initial"), (64, "all"), (200, "all")],
)
def test_what_is_fitted_depends_on_how_many_reviews_tell_something(count, scope):
    fit = fit_parameters(usable(count))

    assert (fit.usable, fit.scope) == (count, scope)
    if fit.parameters:
        assert fit.loss < fit.default_loss
        assert scope == "all" or fit.parameters[4:] == pytest.approx(USUAL[4:])


def test_the_initial_stabilities_of_a_forgetful_learner_are_found_by_sixty_reviews():
    fit = fit_parameters(usable(63))

    assert fit.parameters[2] < USUAL[2]


def test_the_bins_hold_the_held_out_reviews_and_their_predictions():
    fit = fit_parameters(list(study(FORGETFUL)))

    for bins in (fit.calibration.fitted, fit.calibration.before):
        assert sum(one.reviews for one in bins) == fit.usable // 5
        assert all(one.low <= one.predicted <= one.high for one in bins)
    errors = [
        sum(one.reviews * abs(one.predicted - one.recalled) for one in bins)
        for bins in (fit.calibration.fitted, fit.calibration.before)
    ]
    assert errors[0] < errors[1]


@pytest.mark.parametrize(("rating", "days"), [(1, 1.0), (4, 90.0)])
def test_parameters_at_their_bounds_are_ones_that_the_scheduler_takes(rating, days):
    history = [Rated(START, rating, 0.0), Rated(START + days * DAY, rating, days)]

    assert fsrs.Scheduler(parameters=fit_parameters([history] * 400).parameters)


@pytest.mark.django_db
def test_the_scheduler_has_a_worker_fit_and_the_next_review_counts_by_it(
    api, owner, stranger, card, run_jobs
):
    store(owner, study(FORGETFUL))
    before = intervals(api, card)

    call_command("scheduler", "--once")
    run_jobs()

    fit = models.Fit.objects.get()
    after = intervals(api, card)
    assert fit.owner == owner
    assert (fit.reviews, len(fit.parameters)) == (1200, 21)
    assert after["good"]["interval"] < 0.8 * before["good"]["interval"]
    body = {"flashcard_id": str(card.pk), "rating": int(Rating.GOOD)}
    reviewed = api.post("/api/flashcards/review", body).json()
    assert reviewed["interval"] == pytest.approx(after["good"]["interval"], rel=0.2)  # fuzz
    assert not StudySettings.objects.filter(owner=stranger).exists()


def test_a_learner_is_fitted_again_only_when_there_is_a_quarter_more(owner):
    store(owner, study(FORGETFUL))
    fit_learner_job(str(owner.pk))
    fit_learner_job(str(owner.pk))
    store(owner, study(FORGETFUL, cards=30, seed=2))

    fit_learner_job(str(owner.pk))

    assert [fit.reviews for fit in models.Fit.objects.all()] == [1560, 1200]


def test_nobody_is_looked_at_who_has_not_reviewed_lately(owner, run_jobs):
    store(owner, study(FORGETFUL))
    Review.objects.update(reviewed_at=timezone.now() - 3 * DAY)

    call_command("scheduler", "--once")
    run_jobs()

    assert not models.Fit.objects.exists()


def test_a_learner_who_has_gone_is_no_error(db):
    fit_learner_job("00000000-0000-0000-0000-000000000000")

    assert not models.Fit.objects.exists()


def test_a_review_asks_for_the_fit_with_the_card(api, owner, card, django_assert_max_num_queries):
    StudySettings.objects.create(owner=owner, parameters=list(USUAL))
    body = {"flashcard_id": str(card.pk), "rating": 3}
    api.post("/api/flashcards/review", body)

    with django_assert_max_num_queries(12) as asked:
        api.post("/api/flashcards/review", body)

    assert sum("studysettings" in query["sql"] for query in asked.captured_queries) == 1
