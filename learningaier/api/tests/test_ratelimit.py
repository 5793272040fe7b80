"""The sliding window admits exactly the limit in any window."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django_redis import get_redis_connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learningaier.api.ratelimit import count_call

SECOND = 1_000_000  # microseconds


def age_calls(key: str, microseconds: int) -> None:
    """Move the admitted calls into the past, which is moving Redis' clock forward."""
    client = get_redis_connection("default")
    calls = client.zrange(key, 0, -1, withscores=True)
    if calls:
        client.zadd(key, {member: score - microseconds for member, score in calls})


def test_calls_up_to_the_limit_are_admitted_and_the_next_is_not() -> None:
    decisions = [count_call("test", "someone", "3/m") for _ in range(4)]

    assert [decision.is_admitted for decision in decisions] == [True, True, True, False]
    assert [decision.remaining for decision in decisions] == [2, 1, 0, 0]


def test_refused_calls_do_not_count() -> None:
    for _ in range(10):
        count_call("test", "someone", "3/m")

    assert get_redis_connection("default").zcard("limit:test:someone") == 3


def test_groups_and_people_have_windows_of_their_own() -> None:
    count_call("test", "someone", "1/m")

    assert count_call("test", "another", "1/m").is_admitted
    assert count_call("other", "someone", "1/m").is_admitted
    assert not count_call("test", "someone", "1/m").is_admitted


def test_keys_expire_by_themselves() -> None:
    count_call("test", "someone", "3/m")

    assert 59_000 <= get_redis_connection("default").pttl("limit:test:someone") <= 60_000


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    limit=st.integers(1, 6),
    gaps=st.lists(st.integers(0, 30 * SECOND), min_size=1, max_size=12),
)
def test_the_wait_is_the_exact_whole_second(limit: int, gaps: list[int]) -> None:
    """After `wait` seconds the call is admitted; a second before, it is not."""
    key = "limit:test:someone"
    rate = f"{limit}/m"
    get_redis_connection("default").delete(key)
    for gap in gaps:
        count_call("test", "someone", rate)
        age_calls(key, gap)
    refused = count_call("test", "someone", rate)
    while refused.is_admitted:
        refused = count_call("test", "someone", rate)

    # A tenth of a second is left for the commands themselves, which take real time.
    age_calls(key, (refused.wait - 1) * SECOND - SECOND // 10)
    assert not count_call("test", "someone", rate).is_admitted
    age_calls(key, SECOND + SECOND // 10)
    assert count_call("test", "someone", rate).is_admitted


def test_a_burst_across_the_minute_does_not_get_twice_the_limit() -> None:
    key = "limit:test:someone"
    admitted = sum(count_call("test", "someone", "10/m").is_admitted for _ in range(10))
    age_calls(key, 59 * SECOND)

    admitted += sum(count_call("test", "someone", "10/m").is_admitted for _ in range(10))

    assert admitted == 10


def test_concurrent_calls_never_exceed_the_limit() -> None:
    def call(_: int) -> bool:
        return count_call("test", "someone", "50/m").is_admitted

    with ThreadPoolExecutor(16) as pool:
        admitted = sum(pool.map(call, range(2000)))

    assert admitted == 50


@pytest.mark.parametrize("rate", ["5/s", "5/m", "5/h", "5/d"])
def test_every_period_of_the_vocabulary_counts(rate: str) -> None:
    assert count_call("test", "someone", rate).remaining == 4


def test_a_lowered_limit_waits_for_enough_calls_to_leave() -> None:
    key = "limit:test:someone"
    for _ in range(4):
        count_call("test", "someone", "4/m")
        age_calls(key, 10 * SECOND)

    # Four calls, 40, 30, 20 and 10 seconds old: two may stay below a limit of three.
    assert count_call("test", "someone", "3/m").wait == 30
