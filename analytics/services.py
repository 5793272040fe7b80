"""How the learning goes: computed from cards and reviews, cached until one of them changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, F, FloatField, Q
from django.db.models.functions import Cast
from django.utils import timezone

from analytics.days import count_streak
from flashcards.days import DAY, calendar_of
from flashcards.ease import derive_ease_factor
from flashcards.models import Flashcard, Review
from flashcards.scheduling import Rating, Status
from learningaier.accounts.models import User
from learningaier.cache import keys, store
from learningaier.cache.invalidation import invalidate
from learningaier.cache.store import Computed, VersionedKey
from notes.models import Note

LIFETIME = timedelta(minutes=10)
MIN_LIFETIME = timedelta(seconds=1)  # Redis is given whole seconds
DAYS_SHOWN = 30
MASTERED_DAYS = 21  # an interval from which a card counts as mastered
MAX_CARDS = 100  # how many of the hardest cards are kept; any smaller limit is a slice of them
COUNT_NAMES = {rating: f"{rating.name.lower()}_count" for rating in Rating}


def invalidate_user_cache(user_id: Any) -> None:
    """Make a user's analytics fresh from now on, and again once the transaction has committed.

    Now, lest a process that dies right after its commit leave old figures; then, as whoever reads
    in between still sees the rows from before.
    """
    version_key = keys.analytics_version(user_id)
    invalidate(version_key)
    transaction.on_commit(lambda: invalidate(version_key))


def find_overview(*, user: User) -> dict[str, Any]:
    """The user's figures and the last 30 days that had reviews.

    Kept for 10 minutes, but never past the end of the study day, where `due_today` and the streak
    turn.
    """
    now = timezone.now()
    lifetime = min(LIFETIME, _end_of_day(user, now) - now)
    value, _ = store.get_or_compute(
        _place(user, "overview", max(lifetime, MIN_LIFETIME)),
        lambda: Computed(compute_overview(user=user, now=now), lifetime >= MIN_LIFETIME),
    )
    return dict(value)


def list_hardest_cards(*, user: User, limit: int) -> list[dict[str, Any]]:
    """The user's reviewed cards with the highest difficulty score, at most `limit` (1 to 100)."""
    value, _ = store.get_or_compute(
        _place(user, "difficulty", LIFETIME), lambda: Computed(_compute_difficulty(user))
    )
    return list(value[:limit])


def _place(user: User, name: str, lifetime: timedelta) -> VersionedKey:
    return VersionedKey(keys.analytics(user.pk, name), keys.analytics_version(user.pk), lifetime)


def compute_overview(*, user: User, now: datetime) -> dict[str, Any]:
    """The overview as of a moment, which says what is today; three queries."""
    days = _list_review_days(user)
    today = calendar_of(user).day_of(now)
    figures = {
        "total_notes": Note.objects.owned_by(user).count(),
        "total_reviews": sum(day["count"] for day in days),
        "streak_days": count_streak([day["day"] for day in days], today),
    }
    activity = [
        {
            "review_date": day["day"].isoformat(),
            "review_count": day["count"],
            "avg_rating": round(day["rating"], 2),
        }
        for day in days[:DAYS_SHOWN]
    ]
    return {"overview": figures | _count_cards(user, now), "activity": activity}


def _list_review_days(user: User) -> Sequence[Any]:
    """The user's study days with reviews, newest first: `day`, `count`, mean `rating`."""
    days = (
        Review.objects.owned_by(user)
        .order_by()
        .values(day=F("study_day"))
        .annotate(count=Count("*"), rating=Avg("rating"))
        .order_by("-day")
    )
    return list(days)


def _count_cards(user: User, now: datetime) -> dict[str, Any]:
    """What the overview tells of the cards.

    `due_today`: cards, new ones too, due before the study day ends, none that is suspended or
    buried; `avg_interval`: mean days of
    the cards that were reviewed; `mastery_rate_percent`: share of all cards.
    """
    counts = Flashcard.objects.owned_by(user).aggregate(
        total=Count("*"),
        due=Count("id", filter=_is_due_on(user, now)),
        mastered=Count("id", filter=Q(interval__gte=MASTERED_DAYS)),
        interval=Avg("interval", filter=~Q(status=Status.NEW)),
    )
    return {
        "total_flashcards": counts["total"],
        "due_today": counts["due"],
        "avg_interval": round(counts["interval"] or 0.0, 1),
        "mastery_rate_percent": round(100 * counts["mastered"] / max(counts["total"], 1), 1),
    }


def _is_due_on(user: User, now: datetime) -> Q:
    today = calendar_of(user).day_of(now)
    is_due = Q(due_day__lte=today) | Q(due_day=None, due__lt=_end_of_day(user, now))
    is_buried = Q(buried_until__isnull=False, buried_until__gt=today)
    return is_due & Q(is_suspended=False) & ~is_buried


def _end_of_day(user: User, now: datetime) -> datetime:
    """When the study day ends to which a moment belongs."""
    calendar = calendar_of(user)
    return calendar.start_of(calendar.day_of(now) + DAY)


def _compute_difficulty(user: User) -> list[dict[str, Any]]:
    counts = {
        name: Count("rating", filter=Q(rating=rating)) for rating, name in COUNT_NAMES.items()
    }
    score = Cast(3 * F("again_count") + F("hard_count"), FloatField()) * 100 / F("total_reviews")
    cards = (
        Review.objects.owned_by(user)
        .values(
            "flashcard_id",
            note_id=F("flashcard__fact__note_id"),
            term=F("flashcard__fact__term"),
            status=F("flashcard__status"),
            interval=F("flashcard__interval"),
            difficulty=F("flashcard__difficulty"),
        )
        .annotate(total_reviews=Count("*"), **counts)
        .annotate(score=score)
        .order_by("-score", "-total_reviews", "flashcard_id")
    )
    return [_describe_card(card) for card in cards[:MAX_CARDS]]


def _describe_card(card: Mapping[str, Any]) -> dict[str, Any]:
    """One card of the difficulty list, in JSON's types: a cached and a fresh answer are equal."""
    return {
        "flashcard_id": str(card["flashcard_id"]),
        "note_id": None if card["note_id"] is None else str(card["note_id"]),
        "term": card["term"],
        "status": card["status"],
        "current_interval": round(card["interval"], 4),
        "current_ease_factor": derive_ease_factor(card["difficulty"]),
        "total_reviews": card["total_reviews"],
        **{name: card[name] for name in COUNT_NAMES.values()},
        "difficulty_score": round(card["score"], 1),
    }
