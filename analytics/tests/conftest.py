"""What the tests of analytics share."""

from datetime import UTC, datetime

import pytest

from flashcards.days import calendar_of
from flashcards.models import Flashcard, Review
from flashcards.tests.cards import make_card
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
        if fields.get("interval", 0) >= 1 and "due" in fields:
            fields["due_day"] = calendar_of(owner).day_of(fields["due"])
        return make_card(owner, **fields)

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
            study_day=calendar_of(owner).day_of(reviewed_at),
        )

    return add
