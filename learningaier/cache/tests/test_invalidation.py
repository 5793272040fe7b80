"""An invalidation that Redis did not hear of is made good before anyone reads from it again."""

import contextlib
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as database
from django.test import override_settings
from redis import Redis

from learningaier.cache import store
from learningaier.cache.connection import CacheDown, cache_client
from learningaier.cache.invalidation import invalidate, replay_if_back, replay_lost
from learningaier.cache.models import LostInvalidation
from learningaier.cache.store import Computed, VersionedKey
from learningaier.embedded.stack import Stack

KEY = VersionedKey("analytics:someone:overview", "analytics:someone:version", timedelta(minutes=10))
OTHER_VERSION = "rag:someone:all:version"

pytestmark = pytest.mark.django_db


class OwnRedis:
    """A server of the test's own that can be killed and frozen."""

    def __init__(self, folder: Path) -> None:
        self.stack = Stack(folder, durable=False)
        self.stack.open()
        self.url = self.stack.start_redis()
        self.client = Redis.from_url(self.url)

    @property
    def process(self) -> Any:
        return self.stack.table.children[-1].process

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


@pytest.fixture
def redis(settings: Any, tmp_path: Path) -> Iterator[OwnRedis]:
    """The cache's Redis in this test; the next one begins when the usual one is in use again."""
    redis = OwnRedis(tmp_path / "redis")
    caches = {"default": settings.CACHES["default"] | {"LOCATION": redis.url}}
    with override_settings(CACHES=caches), redis.client:
        yield redis
        redis.thaw()
    redis.stack.close()
    wait_for_redis()


def wait_for_redis() -> None:
    """Until this process asks Redis again, half a second after it has found it dead."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with contextlib.suppress(CacheDown):
            with cache_client() as client:
                client.ping()
            return
        time.sleep(0.05)
    raise AssertionError("Redis has not come back.")


def get(value: Any) -> tuple[Any, bool]:
    return store.get_or_compute(KEY, lambda: Computed(value))


def lost_keys() -> list[str]:
    return sorted(LostInvalidation.objects.values_list("version_key", flat=True))


def test_while_redis_answers_nothing_is_written_down(redis: OwnRedis) -> None:
    invalidate(KEY.version_key, OTHER_VERSION)

    assert lost_keys() == []
    assert redis.client.exists(KEY.version_key, OTHER_VERSION) == 2


@pytest.mark.parametrize("stop", [OwnRedis.kill, OwnRedis.freeze])
def test_what_redis_does_not_hear_is_written_down_once(
    redis: OwnRedis, stop: Callable[[OwnRedis], None]
) -> None:
    stop(redis)
    for _ in range(3):
        invalidate(KEY.version_key, OTHER_VERSION)

    assert lost_keys() == [KEY.version_key, OTHER_VERSION]


def test_a_replay_renews_what_is_written_down_and_removes_it(redis: OwnRedis) -> None:
    get("old")
    before = redis.client.get(KEY.version_key)
    for key in (KEY.version_key, OTHER_VERSION):
        LostInvalidation.objects.create(version_key=key)

    assert replay_lost(redis.client) == 2
    assert lost_keys() == []
    assert int(redis.client.get(KEY.version_key)) == int(before) + 1
    assert redis.client.ttl(OTHER_VERSION) > 0
    assert get("new") == ("new", False)
    assert replay_lost(redis.client) == 0


def test_no_old_value_is_read_after_the_return(redis: OwnRedis) -> None:
    get("old")
    assert get("new") == ("old", True)
    redis.freeze()
    invalidate(KEY.version_key)
    redis.thaw()

    values = []
    deadline = time.monotonic() + 10
    while not (read := get("new"))[1] and time.monotonic() < deadline:
        values.append(read[0])

    assert read == ("new", True)
    assert set(values) == {"new"}
    assert lost_keys() == []


def test_what_another_process_has_written_down_is_replayed_before_the_first_read(
    redis: OwnRedis,
) -> None:
    get("old")
    redis.freeze()
    with pytest.raises(CacheDown), cache_client() as client:
        client.ping()
    LostInvalidation.objects.create(version_key=KEY.version_key)
    redis.thaw()
    wait_for_redis()

    assert lost_keys() == []
    assert get("new") == ("new", False)


def test_the_scheduler_replays_what_a_dead_process_has_left(redis: OwnRedis) -> None:
    get("old")
    LostInvalidation.objects.create(version_key=KEY.version_key)
    replay_if_back()

    assert lost_keys() == []
    assert get("new") == ("new", False)


def test_a_replay_that_fails_keeps_what_is_written_down(redis: OwnRedis) -> None:
    LostInvalidation.objects.create(version_key=KEY.version_key)
    redis.kill()
    replay_if_back()

    assert lost_keys() == [KEY.version_key]


@pytest.mark.django_db(transaction=True)
def test_an_invalidation_lost_during_a_replay_is_kept_for_the_next(redis: OwnRedis) -> None:
    """The replay renews the version, then another process changes the data without Redis."""
    LostInvalidation.objects.create(version_key=KEY.version_key)
    is_renewing = threading.Event()

    class Announcing(Redis):
        def pipeline(self, *args: Any, **kwargs: Any) -> Any:
            is_renewing.set()
            return super().pipeline(*args, **kwargs)

    def replay() -> None:
        with Announcing.from_url(redis.url, socket_timeout=10) as client:
            replay_lost(client)
        database.close()

    def lose() -> None:
        invalidate(KEY.version_key)
        database.close()

    with Announcing.from_url(redis.url) as client:
        client.ping()
    redis.freeze()
    threads = [threading.Thread(target=replay), threading.Thread(target=lose)]
    threads[0].start()
    assert is_renewing.wait(5)
    threads[1].start()
    threads[1].join(0.5)  # long enough for the 0.1 s that Redis is waited for
    redis.thaw()
    for thread in threads:
        thread.join(10)

    assert lost_keys() == [KEY.version_key]


def test_off_still_renews_versions(redis: OwnRedis, settings: Any) -> None:
    get("old")
    settings.ENABLE_REDIS_CACHE = False
    invalidate(KEY.version_key)
    settings.ENABLE_REDIS_CACHE = True

    assert get("new") == ("new", False)


def test_off_leaves_nothing_behind_for_a_redis_that_is_not_there(
    redis: OwnRedis, settings: Any
) -> None:
    settings.ENABLE_REDIS_CACHE = False
    redis.kill()
    invalidate(KEY.version_key)

    assert lost_keys() == []
