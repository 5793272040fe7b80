"""The stores behind other addresses: sentinels, TLS, a pooler, a queue of its own, a copy."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from environs import ValidationError
from redis import RedisError
from rq.registry import FailedJobRegistry

from learningaier.cache.multiplexed_script import MultiplexedScript
from learningaier.conf import stores
from learningaier.conf.tests.valkey import Group, Tls, wait_for
from learningaier.jobs import queues, schedule

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Group]:
    """A primary, its replica and their sentinel."""
    group = Group(tmp_path_factory.mktemp("group"))
    yield group
    group.close()


@pytest.mark.django_db
def test_cache_queue_worker_and_lane_go_on_when_the_primary_dies(
    group: Group, settings: Any
) -> None:
    settings.CACHES = stores.caches(group.url)
    settings.QUEUE_REDIS_URL = group.url
    queues.queue_connection.cache_clear()
    try:
        cache.set("greeting", {"text": "kept"})
        assert queues.enqueue(schedule.run_due, "0")
        assert queues.queue_connection().wait(1, 2000) == 1
        asyncio.run(lane_outlives_the_primary(group))

        wait_for(lambda: cache.get("greeting") == {"text": "kept"})
        assert queues.get_queue().count == 1
        work_off(settings, group.url)

        assert queues.get_queue().count == 0
        # The job has run, and failed by itself: it was called with a text.
        assert FailedJobRegistry(queue=queues.get_queue()).count == 1
    finally:
        queues.queue_connection.cache_clear()


async def lane_outlives_the_primary(group: Group) -> None:
    pipe = MultiplexedScript(group.url, "return redis.call('INCR', KEYS[1])", timeout=0.2)
    try:
        assert await pipe.call(["count"], []) == 1
        group.kill_primary()
        for _ in range(200):
            await asyncio.sleep(0.05)
            if await count_after(pipe) == 2:
                return
        pytest.fail("the fast path has not found the new primary within 10 s")
    finally:
        await let_go(pipe)


async def count_after(pipe: MultiplexedScript) -> Any:
    try:
        return await pipe.call(["after"], [])
    except RedisError:
        return None


async def let_go(pipe: MultiplexedScript) -> None:
    """Close what lives as long as its process, and here must not outlive the loop."""
    client, reader = pipe._client, pipe._reader  # noqa: SLF001
    if reader is not None:
        reader.cancel()
        await asyncio.wait([reader])
    for sentinel in client.connection_pool.sentinel_manager.sentinels:
        await sentinel.aclose()


def work_off(settings: Any, url: str) -> None:
    database = settings.DATABASES["default"]["NAME"]
    address = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{database}"
    subprocess.run(
        [sys.executable, "manage.py", "worker", "--burst"],
        cwd=ROOT,
        env=dict(os.environ) | {"QUEUE_REDIS_URL": url, "DATABASE_URL": address},
        timeout=60,
        check=True,
        capture_output=True,
    )


def test_a_sentinel_that_does_not_answer_is_passed_by(group: Group) -> None:
    with_a_dead_one = group.url.replace("@", "@127.0.0.1:1,")

    client = stores.redis_client(with_a_dead_one, socket_timeout=1)

    assert wait_for(client.ping) < 10
    assert client.get("nothing") is None


def test_redis_over_tls_needs_the_certificate_to_be_known(tmp_path: Path, settings: Any) -> None:
    server = Tls(tmp_path, urlsplit(settings.REDIS_URL).path)
    try:
        with stores.redis_client(server.url) as known:
            assert known.ping()
        assert asyncio.run(ping(server.url))
        with pytest.raises(RedisError, match="certificate"):
            stores.redis_client(server.url.partition("?")[0]).ping()
    finally:
        server.close()


async def ping(url: str) -> Any:
    async with stores.async_redis_client(url) as client:
        return await client.ping()


def test_jobs_go_to_the_queues_redis_and_values_to_the_caches(group: Group, settings: Any) -> None:
    settings.QUEUE_REDIS_URL = group.url
    queues.queue_connection.cache_clear()
    try:
        wait_for(lambda: queues.enqueue(schedule.run_due, "0"))
        cache.set("apart", 1)

        assert queues.queue_connection().get("apart") is None
        assert stores.redis_client(settings.REDIS_URL).keys("rq:*") == []
    finally:
        queues.queue_connection.cache_clear()


@pytest.mark.parametrize(
    "url",
    [
        "localhost",
        "redis+sentinel://:secret@host",
        "redis+sentinel://:secret@/study",
        "redis+sentinel://:secret@host:x/study",
        "redis+sentinel://:secret@host/study/first",
        "redis+sentinel://:secret/word@host/study",
        "http+sentinel://:secret@host/study",
    ],
)
def test_an_address_that_no_client_can_be_made_of_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ValidationError, match="must be a URL that starts with redis://") as failure:
        stores.redis_url(url)

    assert "secret" not in str(failure.value)


@pytest.mark.parametrize(("pooler", "is_off"), [("", False), ("transaction", True)])
def test_a_pooler_in_transaction_mode_gets_no_server_side_cursor(pooler: str, is_off: bool) -> None:
    database = stores.databases("postgresql://u@h/d?sslmode=require", pooler=pooler)["default"]

    assert database["DISABLE_SERVER_SIDE_CURSORS"] is is_off
    assert database["OPTIONS"] == stores.POSTGRES_PATIENCE | {"sslmode": "require"}
