"""The day's tokens: reserved before, settled after, never overshot."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from learningaier.accounts.models import User
from learningaier.ai.budget import BudgetSpent, count_tokens, reserve
from learningaier.ai.language import ModelUnavailable, Usage
from learningaier.ai.models import TokenReservation, TokenUsage

MODEL = "openai:m"


@pytest.fixture(autouse=True)
def budget(settings: Any) -> None:
    settings.AI_DAILY_TOKEN_BUDGET = 1000


def spend(owner: User, prompt: int, completion: int) -> None:
    with reserve(owner.pk, MODEL, prompt=prompt, completion=completion) as reservation:
        reservation.settle(Usage(prompt, completion))


def test_what_a_call_has_cost_is_counted_and_the_rest_given_back(owner: User) -> None:
    with reserve(owner.pk, MODEL, prompt=400, completion=500) as reservation:
        reservation.settle(Usage(100, 20))

    assert count_tokens(owner.pk) == 120
    spend(owner, 380, 500)
    assert count_tokens(owner.pk) == 1000


def test_the_last_token_may_be_spent_and_no_more(owner: User) -> None:
    spend(owner, 500, 500)

    with pytest.raises(BudgetSpent, match="1000 used") as caught:
        spend(owner, 1, 0)

    midnight = (datetime.now(UTC) + timedelta(seconds=caught.value.seconds)).time()
    assert (midnight.hour, midnight.minute) == (0, 0)


def test_one_user_spends_nothing_of_anothers(owner: User, stranger: User) -> None:
    spend(owner, 500, 500)

    spend(stranger, 500, 500)


def test_a_call_that_fails_before_it_says_anything_costs_nothing(owner: User) -> None:
    def fail() -> None:
        with reserve(owner.pk, MODEL, prompt=400, completion=500):
            raise ModelUnavailable("down")

    with pytest.raises(ModelUnavailable):
        fail()

    assert count_tokens(owner.pk) == 0
    assert not TokenReservation.objects.exists()


def test_a_stream_that_is_left_costs_what_was_said(owner: User) -> None:
    def stream() -> Iterator[str]:
        with reserve(owner.pk, MODEL, prompt=100, completion=500) as reservation:
            for piece in ["word "] * 100:
                reservation.note_text(piece)
                yield piece

    said = stream()
    next(said)
    next(said)
    said.close()

    assert count_tokens(owner.pk) == 100 + 4


def test_yesterdays_tokens_do_not_count(owner: User) -> None:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    TokenUsage.objects.create(owner=owner, day=yesterday, model=MODEL, prompt=1000)

    spend(owner, 500, 500)


def test_the_reservation_of_a_dead_process_expires(owner: User) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    TokenReservation.objects.create(owner=owner, tokens=1000, expires_at=past)

    spend(owner, 500, 500)


def test_while_others_hold_the_rest_the_wait_is_short(owner: User) -> None:
    with (
        reserve(owner.pk, MODEL, prompt=500, completion=400),
        pytest.raises(BudgetSpent, match="in a moment") as caught,
    ):
        spend(owner, 100, 100)

    assert caught.value.seconds < 60


def test_without_a_budget_tokens_are_only_counted(owner: User, settings: Any) -> None:
    settings.AI_DAILY_TOKEN_BUDGET = 0

    spend(owner, 50_000, 50_000)

    assert count_tokens(owner.pk) == 100_000


@pytest.mark.django_db(transaction=True)
def test_fifty_calls_at_once_do_not_overshoot(settings: Any) -> None:
    owner = User.objects.create_user("owner", "owner@example.org", "a long password")

    def call(_: int) -> bool:
        try:
            spend(owner, 60, 10)
        except BudgetSpent:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(16) as pool:
        admitted = sum(pool.map(call, range(50)))

    assert admitted <= 1000 // 70
    assert count_tokens(owner.pk) == 70 * admitted
    assert admitted >= 1
    assert not TokenReservation.objects.exists()
