"""The shared connection to Redis: everyone gets their own reply, nobody waits for a dead one."""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import RedisError, ResponseError

from learningaier.cache.connection import MEMORY_SECONDS
from learningaier.cache.multiplexed_script import MultiplexedScript
from learningaier.embedded.stack import Stack

ECHO = """
if ARGV[1] == 'fail' then return redis.error_reply('ERR as asked') end
return ARGV[1]
"""


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """A Redis of the test's own, which it may kill."""
    stack = Stack(tmp_path, durable=False)
    stack.open()
    stack.start_redis()
    yield stack
    stack.close()
    rmtree(stack.sockets, ignore_errors=True)


@pytest.fixture
def url(stack: Stack) -> str:
    return f"unix://{stack.sockets / 'redis.sock'}?db=0"


def signal_redis(stack: Stack, number: signal.Signals) -> None:
    stack.table.children[-1].process.send_signal(number)


async def gather(pipe: MultiplexedScript, *arguments: str | int) -> list[Any]:
    """What becomes of calls that run at once: replies and exceptions, in their order."""
    calls = (pipe.call([], [argument]) for argument in arguments)
    return await asyncio.gather(*calls, return_exceptions=True)


async def call_until_answered(pipe: MultiplexedScript, seconds: float) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(RedisError):
            return await pipe.call([], ["back"])
        await asyncio.sleep(0.02)
    return None


def test_many_calls_at_once_get_their_own_replies(url: str) -> None:
    async def call() -> list[Any]:
        return await gather(MultiplexedScript(url, ECHO, timeout=2), *range(2000))

    assert asyncio.run(call()) == [str(number).encode() for number in range(2000)]


def test_an_error_reaches_only_the_call_that_caused_it(url: str) -> None:
    async def call() -> list[Any]:
        return await gather(MultiplexedScript(url, ECHO, timeout=2), "a", "fail", "b", "fail", "c")

    replies = asyncio.run(call())

    assert replies[::2] == [b"a", b"b", b"c"]
    assert [type(reply) for reply in replies[1::2]] == [ResponseError, ResponseError]


def test_a_call_that_is_given_up_leaves_the_replies_in_order(url: str) -> None:
    async def call() -> list[Any]:
        pipe = MultiplexedScript(url, ECHO, timeout=2)
        await pipe.call([], ["first"])
        tasks = [asyncio.create_task(pipe.call([], [number])) for number in range(50)]
        await asyncio.sleep(0)
        for task in tasks[::2]:
            task.cancel()
        await asyncio.wait(tasks)
        return [task.result() for task in tasks[1::2]] + await gather(pipe, "after")

    expected = [str(number).encode() for number in range(1, 50, 2)] + [b"after"]
    assert asyncio.run(call()) == expected


def test_a_killed_redis_fails_quickly_and_works_again_when_it_is_back(
    stack: Stack, url: str
) -> None:
    async def call() -> tuple[list[Any], float, Any]:
        pipe = MultiplexedScript(url, ECHO, timeout=0.1)
        assert await pipe.call([], ["before"]) == b"before"
        signal_redis(stack, signal.SIGKILL)
        stack.table.stop_all()
        began = time.monotonic()
        failures = [*await gather(pipe, *range(50)), *await gather(pipe, *range(50))]
        seconds = time.monotonic() - began
        stack.start_redis()
        return failures, seconds, await call_until_answered(pipe, MEMORY_SECONDS + 1)

    failures, seconds, reply = asyncio.run(call())

    assert len(failures) == 100
    assert all(isinstance(failure, RedisError) for failure in failures)
    assert seconds < 1
    assert reply == b"back"


def test_a_redis_that_dies_under_calls_under_way_ends_them(stack: Stack, url: str) -> None:
    async def call() -> tuple[list[Any], float]:
        pipe = MultiplexedScript(url, ECHO, timeout=5)
        await pipe.call([], ["before"])
        signal_redis(stack, signal.SIGSTOP)
        calls = asyncio.create_task(gather(pipe, *range(20)))
        await asyncio.sleep(0.05)
        began = time.monotonic()
        signal_redis(stack, signal.SIGKILL)
        return await calls, time.monotonic() - began

    failures, seconds = asyncio.run(call())

    assert all(isinstance(failure, RedisError) for failure in failures)
    assert seconds < 1


@pytest.mark.parametrize(
    ("calls", "size"), [(1, 10), (100, 50_000)], ids=["one call", "more than the buffers hold"]
)
def test_a_frozen_redis_costs_a_call_its_timeout_at_most(
    stack: Stack, url: str, calls: int, size: int
) -> None:
    async def call() -> tuple[list[Any], float, Any]:
        pipe = MultiplexedScript(url, ECHO, timeout=0.1)
        await pipe.call([], ["before"])
        signal_redis(stack, signal.SIGSTOP)
        began = time.monotonic()
        try:
            async with asyncio.timeout(5):
                failures = await gather(pipe, *["x" * size] * calls)
        finally:
            signal_redis(stack, signal.SIGCONT)
        seconds = time.monotonic() - began
        return failures, seconds, await call_until_answered(pipe, MEMORY_SECONDS + 1)

    failures, seconds, reply = asyncio.run(call())

    assert all(isinstance(failure, RedisError) for failure in failures)
    assert seconds < 0.3
    assert reply == b"back"


def test_callers_that_meet_a_frozen_redis_do_not_wait_one_after_the_other(
    stack: Stack, url: str
) -> None:
    async def call() -> tuple[list[Any], float]:
        signal_redis(stack, signal.SIGSTOP)
        began = time.monotonic()
        try:
            failures = await gather(MultiplexedScript(url, ECHO, timeout=0.1), *range(20))
        finally:
            signal_redis(stack, signal.SIGCONT)
        return failures, time.monotonic() - began

    failures, seconds = asyncio.run(call())

    assert all(isinstance(failure, RedisError) for failure in failures)
    assert seconds < 0.3


def test_a_redis_that_has_lost_the_script_gets_it_again(stack: Stack, url: str) -> None:
    async def call() -> tuple[list[Any], Any]:
        pipe = MultiplexedScript(url, ECHO, timeout=2)
        await pipe.call([], ["before"])
        with Redis.from_url(url) as client:
            client.script_flush()
        return await gather(pipe, "lost"), await call_until_answered(pipe, MEMORY_SECONDS + 1)

    failures, reply = asyncio.run(call())

    assert isinstance(failures[0], RedisError)
    assert reply == b"back"
