"""GET /api/analytics/flashcard-difficulty."""

from datetime import UTC, datetime

import pytest

DIFFICULTY = "/api/analytics/flashcard-difficulty"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def rate(add_card, add_review):
    """Store a card that was rated so."""

    def store(term, *ratings, **fields):
        card = add_card(term=term, **fields)
        for rating in ratings:
            add_review(card, NOON, rating)
        return card

    return store


def terms(response):
    assert response.status_code == 200, response.content
    return [card["term"] for card in response.json()]


def test_a_card_tells_how_it_was_rated(api, rate):
    note = api.post("/api/notes/", {"title": "Biology", "content": "Cells."}).json()
    schedule = {"status": "review", "interval": 12.34567, "difficulty": 5.5}
    card = rate("Zelle 🧬", 1, 2, 2, 3, 4, 4, 4, note_id=note["id"], **schedule)
    assert api.get(DIFFICULTY).json() == [
        {
            "flashcard_id": str(card.pk),
            "note_id": note["id"],
            "term": "Zelle 🧬",
            "status": "review",
            "current_interval": 12.3457,
            "current_ease_factor": 2.3,
            "total_reviews": 7,
            "again_count": 1,
            "hard_count": 2,
            "good_count": 1,
            "easy_count": 3,
            "difficulty_score": 71.4,
        }
    ]


def test_the_hardest_come_first_and_of_equals_the_more_often_reviewed(api, rate):
    rate("easy", 4, 4)
    rate("half", 1, 4)
    rate("half, oftener", 1, 4, 1, 4)
    rate("hard", 2, 2)
    rate("forgotten", 1)
    rate("never reviewed")
    assert terms(api.get(DIFFICULTY)) == ["forgotten", "half, oftener", "half", "hard", "easy"]


def test_cards_alike_in_all_come_in_a_steady_order(api, rate):
    cards = sorted((rate("same", 1) for _ in range(5)), key=lambda card: card.pk)
    listed = [card["flashcard_id"] for card in api.get(DIFFICULTY).json()]
    assert listed == [str(card.pk) for card in cards]


def test_the_limit_is_twenty_unless_another_is_asked_for(api, rate):
    for number in range(25):
        rate(f"card {number}", 1)
    lengths = [len(api.get(DIFFICULTY, {"limit": limit}).json()) for limit in (1, 24, 100)]
    assert lengths == [1, 24, 25]
    assert len(api.get(DIFFICULTY).json()) == 20


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "1.5", ""])
def test_a_limit_without_sense_is_refused(api, limit):
    response = api.get(DIFFICULTY, {"limit": limit})
    assert response.status_code == 400
    assert list(response.json()["errors"]) == ["limit"]


def test_the_array_stands_in_an_object_where_that_is_asked_for(api, rate):
    rate("hard", 1)
    array = api.get(DIFFICULTY).json()
    assert api.get(DIFFICULTY, {"shape": "array"}).json() == array
    assert api.get(DIFFICULTY, {"shape": "object"}).json() == {"flashcards": array}
    assert list(api.get(DIFFICULTY, {"shape": "list"}).json()["errors"]) == ["shape"]


def test_nobody_sees_anyone_elses_cards(api, stranger_api, visitor_api, rate):
    rate("mine", 1)
    assert terms(api.get(DIFFICULTY)) == ["mine"]
    assert stranger_api.get(DIFFICULTY).json() == []
    assert visitor_api.get(DIFFICULTY).status_code == 401


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_two_queries_however_long(api, rate, rows, django_assert_max_num_queries):
    for number in range(rows):
        rate(f"card {number}", 1, 3)
    with django_assert_max_num_queries(2):
        assert len(api.get(DIFFICULTY, {"limit": 100}).json()) == rows


def test_both_endpoints_share_one_limit(api, settings):
    settings.RATE_LIMIT_ANALYTICS = 1
    assert api.get("/api/analytics/overview").status_code == 200
    assert api.get(DIFFICULTY).status_code == 429
