"""The worker's child: it serves many jobs, and is replaced when it dies, fails or grows."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from learningaier.dev.tests.service import ROOT
from learningaier.jobs import warm_child
from learningaier.jobs.queues import enqueue, get_queue, queue_connection
from learningaier.jobs.warm_child import WarmChild

DONE = "tests:done"


def tell(name: str) -> None:
    """A job that says which process has done it."""
    queue_connection().rpush(DONE, f"{name} {os.getpid()}")


def tell_and_fail(name: str) -> None:
    """A job that fails."""
    tell(name)
    raise ValueError(name)


def tell_and_hang(name: str) -> None:
    """A job that never ends."""
    tell(name)
    time.sleep(600)


@pytest.fixture
def worker(settings: Any) -> Iterator[subprocess.Popen[bytes]]:
    """`manage.py worker` on the queues of this test."""
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env=os.environ | {"QUEUE_REDIS_URL": settings.QUEUE_REDIS_URL},
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) in {0, -signal.SIGKILL}


def run_and_find(*jobs: tuple[Callable[..., object], str]) -> list[int]:
    """The processes that have done these jobs, one after the other."""
    for job, name in jobs:
        assert enqueue(job, name)
    return [int(line.split()[1]) for line in wait_for_lines(len(jobs))]


def wait_for_lines(count: int) -> list[str]:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        lines = queue_connection().lrange(DONE, 0, -1)
        if len(lines) >= count:
            return [line.decode() for line in lines]
        time.sleep(0.02)
    raise AssertionError("The jobs were not done.")


def test_one_child_serves_job_after_job(worker: Any) -> None:
    found = run_and_find(*[(tell, f"job-{number}") for number in range(5)])
    assert len(set(found)) == 1
    assert found[0] != worker.pid


def test_a_child_whose_job_has_failed_is_replaced(worker: Any) -> None:
    found = run_and_find((tell, "a"), (tell_and_fail, "b"), (tell, "c"))
    assert found[0] == found[1] != found[2]


def test_a_child_that_is_killed_over_a_job_loses_only_that_one(worker: Any) -> None:
    [pid] = run_and_find((tell_and_hang, "a"))
    os.kill(pid, signal.SIGKILL)
    enqueue(tell, "b")
    names = [line.split()[0] for line in wait_for_lines(2)]
    assert names == ["a", "b"]
    until = time.monotonic() + 10
    while not get_queue().failed_job_registry.count and time.monotonic() < until:
        time.sleep(0.05)
    assert get_queue().failed_job_registry.count == 1


def test_a_child_that_is_killed_between_two_jobs_loses_none(worker: Any) -> None:
    [pid] = run_and_find((tell, "a"))
    time.sleep(0.2)
    os.kill(pid, signal.SIGKILL)
    enqueue(tell, "b")
    assert [line.split()[0] for line in wait_for_lines(2)] == ["a", "b"]


def test_a_child_ends_with_its_worker(worker: Any) -> None:
    [pid] = run_and_find((tell, "a"))
    worker.kill()
    worker.wait(10)
    until = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_alive(pid)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_child_leaves_after_its_last_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_child, "MAX_JOBS", 2)
    monkeypatch.setattr(warm_child, "MAX_MEMORY", 2**40)  # the tests' own process may be large
    child = WarmChild(lambda _: True, lambda: None)
    found = [child.is_free]
    for _ in range(2):
        child.give(["job"])
        assert child.wait() == (child.pid, 0, None)
        found.append(child.is_free)
    child.end()
    assert found == [True, True, False]


def test_a_child_that_has_grown_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warm_child, "MAX_MEMORY", 1)
    child = WarmChild(lambda _: True, lambda: None)
    child.give(["job"])
    assert child.wait()[1] == 0
    assert not child.is_free
    child.end()
