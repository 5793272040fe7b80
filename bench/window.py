"""The sliding window beside the fixed window that django-ratelimit and the old service count by.

Three questions. How many calls does each admit across a minute's boundary, with a limit of 100 a
minute? How many of 10,000 calls from several processes at once does the sliding one admit, beside
its limit? What does a call of it cost, beside INCR and EXPIRE in one round trip?

    python -m bench.window [--calls 10000]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from learningaier.dev.environment import NO_DOTENV
from learningaier.embedded.stack import Stack

LIMIT = 100
PROCESSES = 4
ROUNDS, ROUND_CALLS = 9, 500
MICROSECONDS = 1_000_000
CALLER = """
import django; django.setup()
from learningaier.api.ratelimit import count_call
print(sum(count_call("bench", "all", "{limit}/m").is_admitted for _ in range({calls})))
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--calls", type=int, default=10_000)
    calls = parser.parse_args().calls
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        stack = Stack(Path(folder), durable=False)
        stack.open()
        try:
            os.environ |= NO_DOTENV | {
                "DJANGO_SETTINGS_MODULE": "learningaier.settings",
                "REDIS_URL": stack.start_redis(),
                "DATA_DIR": folder,
            }
            _measure(calls)
        finally:
            stack.close()


def _measure(calls: int) -> None:
    import django

    django.setup()
    from django_redis import get_redis_connection

    client = get_redis_connection("default")
    print(f"Admitted within one second across a boundary, limit {LIMIT} a minute")
    _report("sliding window", _burst(_call_sliding, _age_sliding, client), LIMIT)
    _report("fixed window (INCR, EXPIRE)", _burst(_call_fixed, _age_fixed, client), LIMIT)
    print(f"\nAdmitted of {calls:,} calls from {PROCESSES} processes at once, limit 1,000 a minute")
    _report("sliding window", _call_from_processes(calls, 1000), 1000)
    print(f"\nA call, {ROUNDS} rounds of {ROUND_CALLS} by turns, µs")
    sliding, fixed = [], []
    for _ in range(ROUNDS):
        sliding.append(_time(lambda: _call_sliding(client)))
        fixed.append(_time(lambda: _call_fixed(client)))
    ratio = median(a / b for a, b in zip(sliding, fixed, strict=True))
    print(f"  sliding {median(sliding):.0f}, fixed {median(fixed):.0f}: ratio {ratio:.2f}")


def _report(name: str, admitted: int, limit: int) -> None:
    print(f"  {name:<30}{admitted:>6}   ratio to the limit {admitted / limit:.2f}")


def _call_sliding(_client: Any) -> bool:
    from learningaier.api.ratelimit import count_call

    return count_call("bench", "one", f"{LIMIT}/m").is_admitted


def _call_fixed(client: Any) -> bool:
    pipeline = client.pipeline(transaction=False)
    pipeline.incr("fixed:one")
    pipeline.expire("fixed:one", 60, nx=True)
    return bool(pipeline.execute()[0] <= LIMIT)


def _burst(call: Callable[[Any], bool], age: Callable[[Any, float], None], client: Any) -> int:
    """A full burst just before the window's end, and another just after it."""
    call(client)
    age(client, 59.5)
    admitted = sum(call(client) for _ in range(2 * LIMIT))
    age(client, 0.6)
    return admitted + sum(call(client) for _ in range(2 * LIMIT))


def _age_sliding(client: Any, seconds: float) -> None:
    key = "limit:bench:one"
    calls = client.zrange(key, 0, -1, withscores=True)
    client.zadd(key, {member: score - seconds * MICROSECONDS for member, score in calls})


def _age_fixed(client: Any, seconds: float) -> None:
    left = client.pttl("fixed:one") - int(seconds * 1000)
    client.pexpire("fixed:one", max(left, 1))
    time.sleep(0.01)


def _call_from_processes(calls: int, limit: int) -> int:
    script = CALLER.format(limit=limit, calls=calls // PROCESSES)
    callers = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        for _ in range(PROCESSES)
    ]
    return sum(int(caller.communicate()[0]) for caller in callers)


def _time(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(ROUND_CALLS):
        call()
    return (time.perf_counter() - began) / ROUND_CALLS * 1e6


if __name__ == "__main__":
    main()
