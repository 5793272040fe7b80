"""One window, asked by many processes at once, admits exactly its limit."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.conf import settings
from django_redis import get_redis_connection

ROOT = Path(__file__).parents[3]
CALLS, PROCESSES, THREADS, LIMIT = 10_000, 4, 4, 1000

# Waits for a line, so that all begin together, and says how many of its calls were admitted. The
# short time-out of a request would lose replies on a machine that is busy with this test.
CALLER = f"""
import sys
from concurrent.futures import ThreadPoolExecutor

import django
from django.conf import settings

settings.CACHES["default"]["OPTIONS"]["SOCKET_TIMEOUT"] = 15
django.setup()
from learningaier.api.ratelimit import count_call

calls = range({CALLS // PROCESSES})
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor({THREADS}) as pool:
    decisions = list(pool.map(lambda _: count_call("test", "someone", "{LIMIT}/m"), calls))
print(len(decisions), sum(decision.is_admitted for decision in decisions))
"""


@pytest.fixture
def callers(monkeypatch: pytest.MonkeyPatch):
    """Processes that are ready to call."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "learningaier.settings")
    monkeypatch.setenv("REDIS_URL", settings.REDIS_URL)
    with ExitStack() as stack:
        callers = []
        for _ in range(PROCESSES):
            caller = subprocess.Popen(
                [sys.executable, "-c", CALLER],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            callers.append(stack.enter_context(caller))
            stack.callback(caller.kill)
        assert [caller.stdout.readline() for caller in callers] == ["ready\n"] * PROCESSES
        yield callers


def test_ten_thousand_calls_of_four_processes_admit_exactly_the_limit(
    callers: list[subprocess.Popen[str]],
) -> None:
    for caller in callers:
        caller.stdin.write("go\n")
        caller.stdin.flush()
    counts = [[int(count) for count in caller.stdout.readline().split()] for caller in callers]

    assert sum(calls for calls, _ in counts) == CALLS
    assert sum(admitted for _, admitted in counts) == LIMIT
    assert get_redis_connection("default").zcard("limit:test:someone") == LIMIT
    assert [caller.wait(10) for caller in callers] == [0] * PROCESSES
