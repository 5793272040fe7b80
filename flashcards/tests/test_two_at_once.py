"""Requests of one learner that run at the same time, over real transactions."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from conftest import ApiClient
from flashcards.models import Deck, Flashcard, Review
from flashcards.services import cards, decks
from flashcards.tests.cards import make_card

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def card(owner):
    """A new card of the owner."""
    return make_card(owner, term="t", definition="d")


def at_once(*requests):
    """Run the requests at the same moment, each in a thread with its own connection."""
    start = Barrier(len(requests))

    def run(request):
        start.wait(timeout=10)
        try:
            return request().status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(requests)) as threads:
        return sorted(threads.map(run, requests))


def post(owner, path, **body):
    return lambda: ApiClient(owner).post(path, body)


def test_two_reviews_of_one_card_both_count(owner, card):
    review = post(owner, "/api/flashcards/review", flashcard_id=str(card.pk), rating=3)
    assert at_once(review, review) == [200, 200]
    card.refresh_from_db()
    first, second = Review.objects.order_by("reviewed_at")
    assert (card.reps, card.last_review) == (2, second.reviewed_at)
    assert (first.state, second.state) == ("new", "learning")


def test_a_review_and_an_edit_keep_each_others_work(owner, card):
    review = post(owner, "/api/flashcards/review", flashcard_id=str(card.pk), rating=3)
    path = f"/api/flashcards/{card.pk}"
    codes = at_once(
        review,
        lambda: ApiClient(owner).patch(
            path, {"definition": "new"}, content_type="application/json"
        ),
    )
    card.refresh_from_db()
    assert codes == [200, 200]
    assert (card.fact.definition, card.reps) == ("new", 1)


def test_two_undos_take_back_two_reviews(owner, card):
    for rating in (3, 4):
        assert post(owner, "/api/flashcards/review", flashcard_id=str(card.pk), rating=rating)()
    undo = post(owner, "/api/flashcards/undo")
    assert at_once(undo, undo, undo) == [200, 200, 409]
    card.refresh_from_db()
    assert (card.status, card.reps, Review.objects.count()) == ("new", 0, 0)


def test_two_cards_that_name_a_new_deck_make_it_once(owner, db):
    card = post(owner, "/api/flashcards", term="t", definition="d", deck="Biology")
    assert at_once(card, card, card) == [201, 201, 201]
    assert Flashcard.objects.filter(deck=Deck.objects.get()).count() == 3


def test_a_review_that_waited_for_the_cards_deletion_finds_nothing(owner, card):
    review = post(owner, "/api/flashcards/review", flashcard_id=str(card.pk), rating=3)
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            cards.delete_card(card_id=card.pk, owner=owner)
            answer = threads.submit(at_once, review)
            wait_until_someone_waits()
        assert answer.result() == [404]
    assert not Review.objects.exists()


def test_a_card_can_not_slip_into_a_deck_that_is_being_deleted(owner, db):
    deck = Deck.objects.create(owner=owner, name="Biology")
    card = post(owner, "/api/flashcards", term="t", definition="d", deck="Biology")
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            decks.delete_deck(deck_id=deck.pk, owner=owner)
            answer = threads.submit(at_once, card)
            wait_until_someone_waits()
        assert answer.result() == [201]
    assert Flashcard.objects.get().deck.name == "Biology"
    assert Deck.objects.get().pk != deck.pk


def wait_until_someone_waits():
    """Return when another connection waits for a lock that this one holds."""
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("Nobody came to wait.")
