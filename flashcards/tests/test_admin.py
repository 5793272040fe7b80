"""Decks, cards and reviews in the admin."""

import pytest
from django.test import Client
from django.utils import timezone

from flashcards.models import Deck, Fit, Flashcard, Review
from flashcards.tests.cards import make_card
from learningaier.accounts.models import User

ADMIN = "/admin/flashcards/"
OPTIONS = {
    "desired_retention": "0.9",
    "new_per_day": "20",
    "reviews_per_day": "200",
    "new_mix": "mixed",
    "review_order": "due",
    "new_order": "added",
    "leech_threshold": "8",
}


@pytest.fixture
def operator(db):
    """A client of someone who runs the service."""
    client = Client()
    client.force_login(User.objects.create_superuser("operator", password="a long password"))
    return client


@pytest.fixture
def card(api, owner):
    """A card in a deck, reviewed once."""
    deck = Deck.objects.create(owner=owner, name="Biology")
    card = make_card(owner, deck=deck, term="Zelle", definition="cell")
    api.post("/api/flashcards/review", {"flashcard_id": str(card.pk), "rating": 3})
    return Flashcard.objects.get(pk=card.pk)


@pytest.mark.parametrize("kind", ["deck", "fact", "flashcard", "review", "studychange"])
def test_lists_show_and_find_rows(operator, card, owner, kind):
    for query in ("", "?q=owner", f"?q={card.pk}"):
        assert operator.get(f"{ADMIN}{kind}/{query}").status_code == 200
    assert owner.username in operator.get(f"{ADMIN}{kind}/").content.decode()


@pytest.mark.parametrize("kind", ["deck", "fact", "flashcard", "review", "studychange"])
def test_a_list_costs_as_much_with_thirty_rows_as_with_one(
    operator, card, owner, kind, django_assert_max_num_queries
):
    for number in range(30):
        deck = Deck.objects.create(owner=owner, name=f"deck {number}")
        other = make_card(owner, deck=deck, term="t", definition="d")
        Review.objects.create(
            owner=owner, flashcard=other, rating=3, reviewed_at=timezone.now(), elapsed_days=0,
            scheduled_days=1, state="new", study_day=timezone.now().date(),
        )  # fmt: skip
    with django_assert_max_num_queries(6):
        assert operator.get(f"{ADMIN}{kind}/").status_code == 200


def test_an_edit_of_a_card_leaves_its_schedule_and_owner(operator, card, stranger):
    other = Deck.objects.create(owner=card.owner, name="Other")
    tricks = {"owner": str(stranger.pk), "reps": "99", "status": "new", "stability": "1"}
    path = f"{ADMIN}flashcard/{card.pk}/change/"
    form = {"fact": str(card.fact_id), "deck": str(other.pk), "flag": "2"}
    response = operator.post(path, form | tricks)
    assert response.status_code == 302
    after = Flashcard.objects.get(pk=card.pk)
    assert (after.deck_id, after.flag) == (other.pk, 2)
    assert (after.schedule, after.owner_id) == (card.schedule, card.owner_id)


def test_an_edit_of_a_fact_is_found_by_its_new_words(operator, api, card):
    form = {"term": "die Zelle", "definition": "the cell", "context": "", "tags": "a,b"}
    path = f"{ADMIN}fact/{card.fact_id}/change/"
    assert operator.post(path, form).status_code == 302
    assert [one["id"] for one in api.get("/api/flashcards/?q=ZELLE").json()] == [str(card.pk)]


def test_a_card_can_not_be_put_into_someone_elses_deck(operator, card, stranger):
    deck = Deck.objects.create(owner=stranger, name="theirs")
    form = {"fact": str(card.fact_id), "flag": "0", "deck": str(deck.pk)}
    response = operator.post(f"{ADMIN}flashcard/{card.pk}/change/", form)
    assert response.status_code == 200
    assert "someone else" in response.content.decode()
    assert Flashcard.objects.get(pk=card.pk).deck_id == card.deck_id


def test_a_deck_name_that_is_taken_is_told_in_the_form(operator, card, owner):
    form = {"name": "BIOLOGY", "owner": str(owner.pk)}
    response = operator.post(f"{ADMIN}deck/add/", form | OPTIONS)
    assert response.status_code == 200
    assert "has a deck of this name" in response.content.decode()
    assert Deck.objects.count() == 1


def test_a_card_and_a_deck_can_be_made_for_someone(operator, owner):
    form = {"name": "Chemistry", "owner": str(owner.pk)} | OPTIONS
    assert operator.post(f"{ADMIN}deck/add/", form).status_code == 302
    fact = make_card(owner).fact
    form = {"owner": str(owner.pk), "fact": str(fact.pk), "flag": "0"}
    Flashcard.objects.all().delete()
    assert operator.post(f"{ADMIN}flashcard/add/", form).status_code == 302
    assert Deck.objects.get().name_key == "chemistry"
    assert Flashcard.objects.get().status == "new"


def test_reviews_can_be_read_but_neither_written_nor_deleted(operator, card):
    review = Review.objects.get()
    path = f"{ADMIN}review/{review.pk}/"
    assert operator.get(f"{path}change/").status_code == 200
    assert operator.post(f"{path}change/", {"rating": "1"}).status_code == 403
    assert operator.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    assert operator.get(f"{ADMIN}review/add/").status_code == 403
    assert Review.objects.get().rating == 3


def test_the_reviews_of_a_deleted_card_can_still_be_read(operator, card):
    response = operator.post(f"{ADMIN}flashcard/{card.pk}/delete/", {"post": "yes"})
    assert response.status_code == 302
    assert not Flashcard.objects.exists()
    review = Review.objects.get()
    for page in (f"{ADMIN}review/?q={card.pk}", f"{ADMIN}review/{review.pk}/change/"):
        assert str(review.pk) in operator.get(page).content.decode()


def test_a_fit_tells_whether_it_is_taken_and_is_read_only(operator, owner):
    fit = Fit.objects.create(owner=owner, parameters=None, reviews=500, loss=0.4, default_loss=0.3)
    page = operator.get(f"{ADMIN}fit/?q=owner")
    assert "icon-no" in page.content.decode()
    change = operator.post(f"{ADMIN}fit/{fit.pk}/change/", {"reviews": "1"})
    assert change.status_code == 403
