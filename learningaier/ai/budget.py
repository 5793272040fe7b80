"""What a user may spend on models a day: reserved before a call, settled after it.

The reservation is the most that the call can cost, and one user's are made one after the other, so
calls in parallel can't spend more than the budget together. A process that dies leaves its
reservation to expire. PostgreSQL keeps the account: it must not be forgotten when Redis is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F, Sum
from prometheus_client import Counter

from learningaier.ai.language import LanguageModelError, Usage, estimate_tokens
from learningaier.ai.models import TokenReservation, TokenUsage

GRACE_SECONDS = 60  # a call's longest time is doubled and this added, before it counts as dead
BUSY_SECONDS = 5  # when to come again while other calls hold what is left

TOKENS = Counter(
    "learningaier_model_tokens_total", "Tokens by model: prompt, completion.", ["model", "kind"]
)


class BudgetSpent(Exception):
    """The day's tokens are spent, or held by calls under way; `seconds`: when to come again."""

    def __init__(self, reason: str, seconds: int) -> None:
        super().__init__(reason)
        self.seconds = seconds


@dataclass
class Reservation:
    """A call's place in the account. Without a `settle` it is charged by what was said."""

    prompt: int
    said: str = ""
    usage: Usage | None = None

    def note_text(self, piece: str) -> None:
        """Text that the model has said, in case that it tells no usage."""
        self.said += piece

    def settle(self, usage: Usage) -> None:
        """What the model says that the call has cost so far."""
        self.usage = usage

    @property
    def cost(self) -> Usage:
        """The cost of the call: told, or estimated."""
        return self.usage or Usage(self.prompt, estimate_tokens(self.said))


@contextmanager
def reserve(owner_id: UUID, model: str, *, prompt: int, completion: int) -> Iterator[Reservation]:
    """Hold tokens for one call: its estimated prompt, and its longest completion.

    A call that fails before it says anything costs nothing.
    Raises: BudgetSpent.
    """
    held = _hold(owner_id, prompt + completion) if settings.AI_DAILY_TOKEN_BUDGET else None
    reservation = Reservation(prompt)
    is_charged = True
    try:
        yield reservation
    except LanguageModelError:
        is_charged = bool(reservation.said or reservation.usage)
        raise
    finally:
        cost = reservation.cost if is_charged else None
        _settle(owner_id, model, cost, held)


def count_tokens(owner_id: UUID, day: date | None = None) -> int:
    """The tokens of a user on a day (UTC), today's by default: prompts and completions."""
    days = TokenUsage.objects.filter(owner_id=owner_id, day=day or _today())
    total: int | None = days.aggregate(total=Sum(F("prompt") + F("completion")))["total"]
    return total or 0


def _hold(owner_id: UUID, tokens: int) -> TokenReservation:
    """Reserve, one call of a user at a time."""
    budget, now = settings.AI_DAILY_TOKEN_BUDGET, datetime.now(UTC)
    with transaction.atomic():
        get_user_model().objects.select_for_update(no_key=True).get(pk=owner_id)
        reservations = TokenReservation.objects.filter(owner_id=owner_id)
        reservations.filter(expires_at__lte=now).delete()
        # In this order: a call that settles in between counts twice for a moment, never not at all.
        held: int = reservations.aggregate(total=Sum("tokens"))["total"] or 0
        used = count_tokens(owner_id)
        if used + tokens > budget:
            midnight = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
            raise BudgetSpent(
                f"Today's {budget} tokens for AI answers are spent ({used} used). "
                f"They are renewed at {midnight:%Y-%m-%dT%H:%M:%SZ}.",
                int((midnight - now).total_seconds()) + 1,
            )
        if used + held + tokens > budget:
            raise BudgetSpent(
                "Other questions of yours hold the rest of today's tokens. Try again in a moment.",
                BUSY_SECONDS,
            )
        seconds = 2 * settings.LLM_TIMEOUT_SECONDS + GRACE_SECONDS
        return TokenReservation.objects.create(
            owner_id=owner_id, tokens=tokens, expires_at=now + timedelta(seconds=seconds)
        )


def _settle(owner_id: UUID, model: str, cost: Usage | None, held: TokenReservation | None) -> None:
    with transaction.atomic():
        if held is not None:
            held.delete()
        if cost is None:
            return
        row, _ = TokenUsage.objects.get_or_create(owner_id=owner_id, day=_today(), model=model)
        TokenUsage.objects.filter(pk=row.pk).update(
            calls=F("calls") + 1,
            prompt=F("prompt") + cost.prompt,
            completion=F("completion") + cost.completion,
        )
    TOKENS.labels(model, "prompt").inc(cost.prompt)
    TOKENS.labels(model, "completion").inc(cost.completion)


def _today() -> date:
    return datetime.now(UTC).date()
