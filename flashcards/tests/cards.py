"""Cards for tests: stored without a request, and what tests say to the API."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.models import Fact, Flashcard

FACT_FIELDS = {"term", "definition", "context", "tags", "note", "kind", "source", "note_id"}
CARDS = "/api/flashcards"
DAY = timedelta(days=1)


def make_card(owner: Any, **fields: Any) -> Flashcard:
    """A card of a fact of its own; each field goes to the one of the two that has it."""
    told = {"term": "t", "definition": "d"} | fields
    fact = Fact.objects.create(owner=owner, **{k: v for k, v in told.items() if k in FACT_FIELDS})
    rest = {k: v for k, v in told.items() if k not in FACT_FIELDS}
    return Flashcard.objects.create(owner=owner, fact=fact, **rest)


def make_learned(owner: Any, *, days: float = 30.0, ahead: int = 0, **fields: Any) -> Flashcard:
    """A card in review, last seen so many days ago, due today or some days `ahead`."""
    now, today = timezone.now(), today_of(owner)
    seen = now - days * DAY
    due_day = today + ahead * DAY
    told = {
        "status": "review", "stability": float(days), "difficulty": 5.0, "reps": 4,
        "last_review": seen, "last_day": calendar_of(owner).day_of(seen), "interval": float(days),
        "due": calendar_of(owner).start_of(due_day), "due_day": due_day,
    } | fields  # fmt: skip
    card = make_card(owner, **told)
    # Its events from before the test are not there: a replay begins with this schedule.
    Flashcard.objects.filter(pk=card.pk).update(
        baseline=card.schedule.to_json(), created_at=seen - DAY
    )
    card.refresh_from_db()
    return card


def today_of(owner: Any) -> date:
    """The owner's study day of now."""
    return calendar_of(owner).day_of(timezone.now())


def start_of_day(owner: Any, ahead: int) -> datetime:
    """When a study day of the owner begins, so many days from today."""
    return calendar_of(owner).start_of(today_of(owner) + ahead * DAY)


def make_over_http(api: Any, **fields: Any) -> dict[str, Any]:
    """A card made by a request."""
    response = api.post(CARDS, {"term": "t", "definition": "d", **fields})
    assert response.status_code == 201, response.content
    return response.json()


def rate(api: Any, card: Any, rating: int, **fields: Any) -> dict[str, Any]:
    """A review by a request."""
    card_id = card["id"] if isinstance(card, dict) else card.pk
    body = {"flashcard_id": str(card_id), "rating": rating, **fields}
    response = api.post(f"{CARDS}/review", body)
    assert response.status_code == 200, response.content
    return response.json()


def hand_in(api: Any, reviews: list[dict[str, Any]]) -> dict[str, Any]:
    """Reviews of a device that was offline, by a request."""
    response = api.post(f"{CARDS}/reviews", {"reviews": reviews})
    assert response.status_code == 200, response.content
    return response.json()


def undo(api: Any) -> dict[str, Any]:
    """Take back the latest step by a request."""
    response = api.post(f"{CARDS}/undo")
    assert response.status_code == 200, response.content
    return response.json()


def read_queue(api: Any, **query: Any) -> dict[str, Any]:
    """The day's queue by a request."""
    response = api.get(f"{CARDS}/queue", query)
    assert response.status_code == 200, response.content
    return response.json()


def terms_of(answer: dict[str, Any]) -> list[str]:
    """The terms of the cards of a queue, in order."""
    return [card["term"] for card in answer["cards"]]
