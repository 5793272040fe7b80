"""The container's start commands, run as processes with the settings of production."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What the manifests give a pod, on the tests' own servers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "APP_ENV": "production",
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "SECRET_KEY": secrets.token_urlsafe(64),
        "ALLOWED_HOSTS": "api.example.org,127.0.0.1",
        "PORT": str(port),
        "WEB_PROCESSES": "2",
    }


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    command = ["sh", "deploy/entrypoint.sh", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)


def ask(environment: dict[str, str]) -> int:
    address = f"http://127.0.0.1:{environment['PORT']}/health/ready"
    with urllib.request.urlopen(address, timeout=20) as response:
        return int(response.status)


@pytest.fixture
def web(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    assert start(environment, "migrate").wait(60) == 0
    process = start(environment, "web")
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            ask(environment)
            break
        except OSError:
            time.sleep(0.1)
    yield process
    process.kill()
    process.wait()


def test_the_schema_can_be_asked_for(environment: dict[str, str]) -> None:
    assert start(environment, "migrate").wait(60) == 0
    waiting = [sys.executable, "manage.py", "migrate", "--check"]
    assert subprocess.run(waiting, cwd=ROOT, env=environment, check=False).returncode == 0


def test_a_wrong_configuration_ends_the_start(environment: dict[str, str]) -> None:
    assert start(environment | {"SECRET_KEY": "short"}, "migrate").wait(30) == 78


def test_sigterm_under_load_loses_no_request_that_has_begun(
    web: subprocess.Popen[bytes], environment: dict[str, str]
) -> None:
    is_over = Event()

    def load() -> list[int]:
        statuses = []
        while not is_over.is_set():
            statuses.append(ask(environment))
        return statuses

    with ThreadPoolExecutor(8) as pool:
        loads = [pool.submit(load) for _ in range(8)]
        time.sleep(1)
        is_over.set()  # the load balancer sends no more; what is under way goes on
        web.send_signal(signal.SIGTERM)
        statuses = [status for one in loads for status in one.result()]

    assert web.wait(40) == 0
    assert len(statuses) > 8
    assert set(statuses) == {200}
