"""wrk, the load generator (Debian package `wrk`): closed loops over kept-alive connections."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.client import ASK, QUESTION
from bench.services import Service

SCRIPT = Path(__file__).parent / "question.lua"
MISSING = "wrk is missing, and nothing was measured. Install it: apt-get install -y wrk"


@dataclass(frozen=True)
class Load:
    """What one run of wrk saw.

    `throughput`: answers a second, errors not counted. p50 and p99 in milliseconds, errors
    included. `failed`: the share of asks that got an error or nothing.
    """

    throughput: float
    p50: float
    p99: float
    failed: float


def require_wrk() -> None:
    """End the program with a sentence where wrk is not installed."""
    if shutil.which("wrk") is None:
        sys.exit(MISSING)


def ask_all_the_time(service: Service, *, connections: int, seconds: int, origin: str = "") -> Load:
    """Ask the same question over so many connections at once.

    `origin`: of the page that asks; empty: no page does.
    """
    address = f"http://127.0.0.1:{service.port}{ASK}"
    # One thread of wrk: it drives any number of connections, and the services need the cores.
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s", "-s", str(SCRIPT)]
    body = json.dumps({"question": QUESTION})
    given = {"BENCH_BODY": body, "BENCH_TOKEN": service.token}
    given |= {"BENCH_ORIGIN": origin} if origin else {}
    result = subprocess.run(
        ["wrk", *options, address],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(result.stdout.splitlines()[-1])
    answered = figures["requests"] - figures["refused"]
    asked = figures["requests"] + figures["unanswered"]
    return Load(
        throughput=answered / figures["microseconds"] * 1e6,
        p50=figures["p50"] / 1000,
        p99=figures["p99"] / 1000,
        failed=1 - answered / max(1, asked),
    )
