"""Cached values are never older than the data they were computed from."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django_redis import get_redis_connection

from learningaier.cache import keys, locks, store
from learningaier.cache.invalidation import invalidate
from learningaier.cache.store import Computed, VersionedKey

KEY = VersionedKey("analytics:someone:overview", "analytics:someone:version", timedelta(minutes=10))


def get(value: Any) -> tuple[Any, bool]:
    return store.get_or_compute(KEY, lambda: Computed(value))


def test_a_value_is_computed_once() -> None:
    assert get({"streak": 3}) == ({"streak": 3}, False)
    assert get({"streak": 4}) == ({"streak": 3}, True)


def test_an_invalidated_value_is_computed_again() -> None:
    get("old")
    invalidate(KEY.version_key)

    assert get("new") == ("new", False)
    assert get("newer") == ("new", True)


def test_a_slow_reader_cannot_bring_the_past_back() -> None:
    def read_slowly() -> Computed:
        invalidate(KEY.version_key)  # the data changes while this reader computes
        return Computed("old")

    assert store.get_or_compute(KEY, read_slowly) == ("old", False)
    assert get("new") == ("new", False)


def test_an_evicted_version_never_returns() -> None:
    get("old")
    client = get_redis_connection("default")
    old = client.get(KEY.version_key)
    client.delete(KEY.version_key)

    assert get("new") == ("new", False)
    assert client.get(KEY.version_key) != old


def test_an_invalidation_of_an_evicted_version_starts_at_no_known_number() -> None:
    client = get_redis_connection("default")
    starts = set()
    for _ in range(50):
        client.delete(KEY.version_key)
        invalidate(KEY.version_key)
        starts.add(client.get(KEY.version_key))

    assert len(starts) == 50


def test_every_key_has_a_lifetime() -> None:
    get("value")
    client = get_redis_connection("default")

    assert 590 < client.ttl(KEY.key) <= 600
    assert client.ttl(KEY.version_key) > 0
    assert not client.exists(keys.lock(KEY.key))


def test_what_is_not_cacheable_is_given_out_but_not_kept() -> None:
    degraded = Computed("degraded", is_cacheable=False)

    assert store.get_or_compute(KEY, lambda: degraded) == ("degraded", False)
    assert get("whole") == ("whole", False)


def test_identical_requests_at_once_compute_once() -> None:
    calls: list[int] = []

    def compute() -> Computed:
        calls.append(1)
        time.sleep(0.2)
        return Computed("value")

    with ThreadPoolExecutor(32) as pool:
        results = list(pool.map(lambda _: store.get_or_compute(KEY, compute), range(100)))

    assert len(calls) == 1
    assert {value for value, _ in results} == {"value"}
    assert sum(not is_cached for _, is_cached in results) == 1


def test_another_takes_over_from_one_who_dies() -> None:
    dead = locks.RenewedLock(keys.lock(KEY.key))
    assert dead.acquire()  # and is never heard of again

    began = time.monotonic()
    assert get("value") == ("value", False)
    assert time.monotonic() - began < locks.LOCK_SECONDS + 1


def test_a_lock_is_held_for_as_long_as_its_holder_lives() -> None:
    holder = locks.RenewedLock(keys.lock(KEY.key))
    assert holder.acquire()
    with holder:
        time.sleep(locks.LOCK_SECONDS + 0.5)
        assert not locks.RenewedLock(holder.key).acquire()
    assert locks.RenewedLock(holder.key).acquire()


def test_a_holder_that_stalled_leaves_its_successor_alone() -> None:
    stalled, successor = locks.RenewedLock("some:lock"), locks.RenewedLock("some:lock")
    assert stalled.acquire()
    get_redis_connection("default").delete("some:lock")  # its time is over
    assert successor.acquire()
    with stalled:
        time.sleep(locks.LOCK_SECONDS - 1)  # renews after one second, if it may

    assert get_redis_connection("default").pttl("some:lock") <= 1100
    assert not locks.RenewedLock("some:lock").acquire()


def test_a_failed_computation_lets_the_next_one_try() -> None:
    def fail() -> Computed:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.get_or_compute(KEY, fail)

    assert get("value") == ("value", False)


@pytest.mark.parametrize(
    "leave", [
        lambda client, version: client.set(KEY.key, b'{"version":%s,"value":"old"}' % version),
        lambda client, version: client.rpush(KEY.key, "old"),
        lambda client, version: client.hset(KEY.key, "value", '"old"'),
        lambda client, version: client.hset(KEY.key, mapping={"version": 1, "value": '"old"'}),
    ],
    ids=["a string, as 1.0.0 stored it", "a list", "no version", "another version"],
)  # fmt: skip
def test_what_something_else_has_left_under_the_key_is_a_miss(leave: Any) -> None:
    get("first")
    client = get_redis_connection("default")
    client.delete(KEY.key)
    leave(client, client.get(KEY.version_key))

    assert get("new") == ("new", False)
    assert get("newer") == ("new", True)
    assert 590 < client.ttl(KEY.key) <= 600


def test_a_value_is_a_hash_whose_facts_are_those_of_its_last_computation() -> None:
    client = get_redis_connection("default")
    store.get_or_compute(KEY, lambda: Computed({"a": "ü"}, facts={"limit": 5, "name": "x"}))
    first = client.hgetall(KEY.key)
    invalidate(KEY.version_key)
    store.get_or_compute(KEY, lambda: Computed([1], facts={"name": "y"}))

    version = client.get(KEY.version_key)
    assert first == {
        b"version": b"%d" % (int(version) - 1),
        b"value": '{"a":"ü"}'.encode(),
        b"limit": b"5",
        b"name": b"x",
    }
    assert client.hgetall(KEY.key) == {b"version": version, b"value": b"[1]", b"name": b"y"}


def test_off_means_every_call_computes(settings: Any) -> None:
    settings.ENABLE_REDIS_CACHE = False

    assert get("one") == ("one", False)
    assert get("two") == ("two", False)
    assert get_redis_connection("default").dbsize() == 0
