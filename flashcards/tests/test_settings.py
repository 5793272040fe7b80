"""How cards are studied: options of decks, a learner's defaults, and the loads of days."""

from datetime import timedelta

import pytest

from flashcards.models import Deck, Flashcard, Review, SchedulingOptions, StudySettings
from flashcards.tests.cards import CARDS, DAY, make_card, make_learned, rate, today_of

SETTINGS, DECKS = f"{CARDS}/settings", "/api/decks"
MINUTE = timedelta(minutes=1)


def configure(api, **options):
    response = api.patch(SETTINGS, options)
    assert response.status_code == 200, response.content
    return response.json()


def make_deck(api, **options):
    response = api.post(DECKS, {"name": "Deck", **options})
    assert response.status_code == 201, response.content
    return Deck.objects.get(pk=response.json()["id"])


def wait_of(card):
    card.refresh_from_db()
    return card.due - card.last_review


def test_the_settings_are_ours_until_the_learner_changes_them(api, stranger_api):
    ours = api.get(SETTINGS).json()
    assert (ours["desired_retention"], ours["new_per_day"], ours["reviews_per_day"]) == (
        0.9,
        20,
        200,
    )
    assert (ours["leech_threshold"], ours["new_mix"]) == (8, "mixed")
    assert not StudySettings.objects.exists()
    assert configure(api, new_mix="after") == ours | {"new_mix": "after"}
    assert api.get(SETTINGS).json()["new_mix"] == "after"
    assert stranger_api.get(SETTINGS).json() == ours


def test_steps_are_of_the_deck_else_of_the_learner_else_ours(api, owner):
    deck = make_deck(api)
    waits = []
    for options in ({}, {"learning_steps": [3, "1h"]}):
        configure(api, **options)
        card = make_card(owner, deck=deck)
        rate(api, card, 1)
        waits.append(wait_of(card))
    api.patch(f"{DECKS}/{deck.pk}", {"learning_steps": ["30s"]})
    card = make_card(owner, deck=Deck.objects.get())
    rate(api, card, 1)
    waits.append(wait_of(card))
    assert waits == [MINUTE, 3 * MINUTE, MINUTE / 2]


def test_relearning_steps_and_the_longest_interval_are_kept(api, owner):
    deck = make_deck(api, relearning_steps=[7], maximum_interval=25, is_fuzzed=False)
    assert api.get(f"{DECKS}/{deck.pk}").json()["relearning_steps"] == [7.0]
    lapsed, known = make_learned(owner, deck=deck), make_learned(owner, deck=deck)
    rate(api, lapsed, 1)
    assert wait_of(lapsed) == 7 * MINUTE
    assert rate(api, known, 4)["interval_days"] == 25


def test_without_fuzz_equal_cards_come_back_together(api, owner):
    together = make_deck(api, is_fuzzed=False)
    found = {rate(api, make_learned(owner, deck=together), 3)["interval_days"] for _ in range(6)}
    assert len(found) == 1
    spread = {rate(api, make_learned(owner), 3)["interval_days"] for _ in range(6)}
    assert len(spread) > 1


def test_within_fuzz_the_day_with_the_least_load_is_taken(api, owner):
    exact = make_deck(api, is_fuzzed=False)
    days = int(rate(api, make_learned(owner, deck=exact), 3)["interval_days"])
    for offset in range(-9, 10):
        for _ in range(0 if offset == 1 else 3):
            make_learned(owner, ahead=days + offset)
    assert rate(api, make_learned(owner), 3)["interval_days"] == days + 1
    review = Review.objects.get(flashcard=Flashcard.objects.latest("last_review"))
    assert review.chosen_days == days + 1


def test_no_card_is_put_on_a_weekday_or_a_date_without_study(api, owner):
    exact = make_deck(api, is_fuzzed=False)
    days = int(rate(api, make_learned(owner, deck=exact), 3)["interval_days"])
    free = today_of(owner) + days * DAY
    weekdays = ["none" if day == (free + DAY).weekday() else "normal" for day in range(7)]
    configure(api, easy_days=weekdays, easy_dates={free.isoformat(): "none"})
    for _ in range(12):
        card = make_learned(owner)
        rate(api, card, 3)
        card.refresh_from_db()
        assert card.due_day != free
        assert card.due_day.weekday() != (free + DAY).weekday()


def test_a_change_of_options_moves_no_card_and_the_old_ones_are_kept(api, owner):
    card = make_learned(owner)
    rate(api, card, 3)
    before = Flashcard.objects.get().schedule
    configure(api, desired_retention=0.97)
    assert Flashcard.objects.get().schedule == before
    other = make_learned(owner)
    assert rate(api, other, 3)["interval_days"] < before.interval
    assert SchedulingOptions.objects.count() == 2


OPTIONS_WITHOUT_SENSE = [
    ({"desired_retention": 0.69}, "desired_retention"),
    ({"desired_retention": 1.0}, "desired_retention"),
    ({"desired_retention": "NaN"}, "desired_retention"),
    ({"desired_retention": None}, "desired_retention"),
    ({"new_per_day": -1}, "new_per_day"),
    ({"reviews_per_day": 10_000}, "reviews_per_day"),
    ({"new_mix": "shuffled"}, "new_mix"),
    ({"review_order": "added"}, "review_order"),
    ({"new_order": "due"}, "new_order"),
    ({"learning_steps": "10m"}, "learning_steps"),
    ({"learning_steps": [0]}, "learning_steps"),
    ({"learning_steps": [-5]}, "learning_steps"),
    ({"learning_steps": [True]}, "learning_steps"),
    ({"learning_steps": ["ten"]}, "learning_steps"),
    ({"learning_steps": ["nanm"]}, "learning_steps"),
    ({"learning_steps": ["infd"]}, "learning_steps"),
    ({"learning_steps": ["8d"]}, "learning_steps"),
    ({"learning_steps": [None]}, "learning_steps"),
    ({"relearning_steps": [1] * 11}, "relearning_steps"),
    ({"maximum_interval": 0}, "maximum_interval"),
    ({"maximum_interval": 36_501}, "maximum_interval"),
    ({"is_fuzzed": "perhaps"}, "is_fuzzed"),
    ({"easy_days": ["none"] * 7}, "easy_days"),
    ({"easy_days": ["normal"] * 6}, "easy_days"),
    ({"easy_days": ["lazy"] * 7}, "easy_days"),
    ({"easy_days": "none"}, "easy_days"),
    ({"easy_dates": ["2026-12-24"]}, "easy_dates"),
    ({"easy_dates": {"24.12.2026": "none"}}, "easy_dates"),
    ({"easy_dates": {"2026-02-30": "none"}}, "easy_dates"),
    ({"easy_dates": {"2026-12-24": "lazy"}}, "easy_dates"),
    ({"easy_dates": {"2026-12-24": ["none"]}}, "easy_dates"),
    ({"easy_dates": {f"{2100 + n // 300:04}-{1 + n % 12:02}-{1 + n % 25:02}": "none"
                     for n in range(3000)}}, "easy_dates"),
    ({"leech_threshold": 0}, "leech_threshold"),
    ({"leech_threshold": 100}, "leech_threshold"),
    ({"leech_suspends": None}, "leech_suspends"),
    ({"steps": [1]}, "steps"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "field"), OPTIONS_WITHOUT_SENSE)
def test_options_without_sense_are_refused_of_decks_and_of_learners(api, options, field):
    deck = make_deck(api)
    before = api.get(f"{DECKS}/{deck.pk}").json(), api.get(SETTINGS).json()
    for response in (
        api.post(DECKS, {"name": "Other", **options}),
        api.patch(f"{DECKS}/{deck.pk}", {"name": "Other", **options}),
        api.patch(SETTINGS, {"new_mix": "before", **options}),
    ):
        assert response.status_code == 400, response.content
        assert list(response.json()["errors"]) == [field]
    assert (api.get(f"{DECKS}/{deck.pk}").json(), api.get(SETTINGS).json()) == before
    assert Deck.objects.count() == 1


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"max_new_per_day": -1}, "max_new_per_day"),
        ({"max_reviews_per_day": 10_000}, "max_reviews_per_day"),
        ({"name": "x"}, "name"),
    ],
)
def test_limits_over_all_decks_without_sense_are_refused(api, options, field):
    response = api.patch(SETTINGS, options)
    assert (response.status_code, list(response.json()["errors"])) == (400, [field])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "x" * 10_000}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": None}, "name"),
        ({"name": 7}, "name"),
        ({"exam_date": "2020-01-01"}, "exam_date"),
        ({"exam_date": "0001-01-01"}, "exam_date"),
        ({"exam_date": "2026-02-30"}, "exam_date"),
        ({"minutes_per_day": 0}, "minutes_per_day"),
        ({"minutes_per_day": 1441}, "minutes_per_day"),
        ({"cards": []}, "cards"),
    ],
)
def test_a_deck_without_sense_is_refused(api, fields, field):
    response = api.post(DECKS, {"name": "Deck", **fields})
    assert response.status_code == 400, response.content
    assert list(response.json()["errors"]) == [field]
    assert not Deck.objects.exists()


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "x" * 10_000}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"day_starts_at": 24}, "day_starts_at"),
        ({"day_starts_at": -1}, "day_starts_at"),
        ({"day_starts_at": "four"}, "day_starts_at"),
        ({"day_starts_at": 4.5}, "day_starts_at"),
    ],
)
def test_a_zone_or_an_hour_that_does_not_exist_is_refused(api, owner, profile, field):
    before = api.get("/api/me").json()
    response = api.patch("/api/me", profile)
    assert (response.status_code, list(response.json()["errors"])) == (400, [field])
    assert api.get("/api/me").json() == before
    assert before["day_starts_at"] == 4
