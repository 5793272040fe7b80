"""What the tests of analytics share."""

from datetime import UTC, datetime

import pytest

from flashcards.models import Flashcard, Review
from learningaier.accounts.models import User


@pytest.fixture
def owner(db: None) -> User:
    """The person whose figures a test is about, where it is noon: no midnight comes in between."""
    hours = 12 - datetime.now(UTC).hour
    return User.objects.create_user(
        "owner",
        "owner@example.org",
        "a long password",
        timezone=f"Etc/GMT{-hours:+d}",  # these zones count westwards
    )


@pytest.fixture
def add_card(owner: User):
    """Store a card of the owner without a request."""

    def add(**fields) -> Flashcard:
        return Flashcard.objects.create(owner=owner, **{"term": "t", "definition": "d"} | fields)

    return add


@pytest.fixture
def add_review(owner: User):
    """Store a review at a moment of the test's choice."""

    def add(card: Flashcard, reviewed_at: datetime, rating: int = 3) -> Review:
        return Review.objects.create(
            owner=owner,
            flashcard=card,
            rating=rating,
            reviewed_at=reviewed_at,
            elapsed_days=0,
            scheduled_days=1,
            state="review",
            before=card.schedule.to_json(),
        )

    return add
