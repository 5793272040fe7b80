"""Cached analytics: fast, and never older than the last change."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import TestCase
from django_redis import get_redis_connection

from analytics.services import invalidate_user_cache
from learningaier.cache import keys, store
from learningaier.cache.store import Computed, VersionedKey

OVERVIEW, DIFFICULTY = "/api/analytics/overview", "/api/analytics/flashcard-difficulty"
REVIEW, UNDO = "/api/flashcards/review", "/api/flashcards/undo"


def overview(api):
    response = api.get(OVERVIEW)
    assert response.status_code == 200, response.content
    return response.json()["overview"]


@pytest.fixture
def card(api):
    """A new card of the owner, as the API shows it; the analytics are cached."""
    card = api.post("/api/flashcards/", {"term": "a", "definition": "b"}).json()
    overview(api)
    return card


@pytest.fixture
def review(api, card):
    """Rate the card through the API."""

    def rate(rating=1):
        api.post(REVIEW, {"flashcard_id": card["id"], "rating": rating})

    return rate


@pytest.mark.parametrize("path", [OVERVIEW, DIFFICULTY])
def test_the_second_look_asks_the_database_for_nothing_but_the_caller(
    api, review, path, django_assert_max_num_queries
):
    review()
    first = api.get(path)
    with django_assert_max_num_queries(1):
        second = api.get(path)
    assert second.json() == first.json()


def test_values_lie_under_the_names_that_operators_know_for_ten_minutes_at_most(api, owner, card):
    api.get(DIFFICULTY)
    redis = get_redis_connection("default")
    for name in ("overview", "difficulty"):
        assert 0 < redis.ttl(f"analytics:{owner.pk}:{name}") <= 600


def test_a_review_shows_at_once(api, review):
    assert api.get(DIFFICULTY).json() == []
    review()
    assert overview(api)["total_reviews"] == 1
    assert api.get(DIFFICULTY).json()[0]["again_count"] == 1


def test_an_undo_shows_at_once(api, review):
    review()
    assert overview(api)["total_reviews"] == 1
    api.post(UNDO)
    assert overview(api)["total_reviews"] == 0
    assert api.get(DIFFICULTY).json() == []


def test_a_deleted_card_is_gone_at_once_and_its_history_stays(api, card, review):
    review()
    assert len(api.get(DIFFICULTY).json()) == 1
    before = api.get(OVERVIEW).json()
    api.delete(f"/api/flashcards/{card['id']}")
    after = api.get(OVERVIEW).json()
    figures = after["overview"]
    assert (figures["total_flashcards"], figures["due_today"]) == (0, 0)
    assert (figures["total_reviews"], figures["streak_days"]) == (1, 1)
    assert after["activity"] == before["activity"]
    assert api.get(DIFFICULTY).json() == []


def test_a_new_term_shows_at_once(api, card, review):
    review()
    assert api.get(DIFFICULTY).json()[0]["term"] == "a"
    path = f"/api/flashcards/{card['id']}"
    api.patch(path, {"term": "better"}, content_type="application/json")
    assert api.get(DIFFICULTY).json()[0]["term"] == "better"


def test_notes_count_at_once(api, card):
    note = api.post("/api/notes/", {"title": "Biology", "content": "Cells."}).json()
    assert overview(api)["total_notes"] == 1
    api.delete(f"/api/notes/{note['id']}")
    assert overview(api)["total_notes"] == 0


def test_a_move_to_another_time_zone_leaves_the_past_where_it_was(api, owner, review):
    review()
    before = api.get(OVERVIEW).json()["activity"]
    hours = -12 if owner.zone.utcoffset(None).total_seconds() > 0 else 14
    zone = f"Etc/GMT{-hours:+d}"
    api.patch("/api/me", {"timezone": zone}, content_type="application/json")
    assert api.get(OVERVIEW).json()["activity"] == before


def test_what_a_stranger_does_leaves_the_owners_values_in_place(
    api, stranger_api, card, django_assert_max_num_queries
):
    stranger_api.post("/api/flashcards/", {"term": "x", "definition": "y"})
    with django_assert_max_num_queries(1):
        overview(api)


def test_a_slow_reader_can_not_bring_the_past_back(api, owner, review):
    place = VersionedKey(
        keys.analytics(owner.pk, "overview"),
        keys.analytics_version(owner.pk),
        timedelta(minutes=10),
    )
    invalidate_user_cache(owner.pk)

    def compute_slowly():
        review()  # happens after the slow one has read the rows, before it stores its figures
        return Computed({"overview": {"total_reviews": 0}, "activity": []})

    stale, is_cached = store.get_or_compute(place, compute_slowly)
    assert (stale["overview"]["total_reviews"], is_cached) == (0, False)
    assert overview(api)["total_reviews"] == 1


def test_a_reader_between_the_change_and_its_commit_is_not_believed_either(api, owner, card):
    with TestCase.captureOnCommitCallbacks() as waiting, transaction.atomic():
        invalidate_user_cache(owner.pk)
    overview(api)
    version = get_redis_connection("default").get(keys.analytics_version(owner.pk))
    for callback in waiting:
        callback()
    after = get_redis_connection("default").get(keys.analytics_version(owner.pk))
    assert int(after) == int(version) + 1


def test_without_a_cache_the_figures_are_computed_each_time(api, review, settings):
    settings.ENABLE_REDIS_CACHE = False
    settings.RATELIMIT_ENABLE = False
    assert overview(api)["total_reviews"] == 0
    review()
    assert overview(api)["total_reviews"] == 1
    assert api.get(DIFFICULTY).json()[0]["total_reviews"] == 1
