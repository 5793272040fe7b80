"""The worker's own server: alive, ready, its figures."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from learningaier.dev.tests.service import ROOT, free_port
from learningaier.jobs.health_server import HealthServer, Pulse


def get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


@pytest.fixture
def worker() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """`manage.py worker` with its port."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        cwd=ROOT,
        env=os.environ | {"WORKER_PORT": str(port)},
        stderr=subprocess.DEVNULL,
    )
    yield port, process
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0


def wait_until_served(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            get(port, "/health")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("The worker's port does not answer.")


def test_a_worker_answers_on_its_port(worker: tuple[int, Any]) -> None:
    port, _ = worker
    wait_until_served(port)

    assert get(port, "/health") == (200, b'{"status": "ok"}')
    status, body = get(port, "/health/ready")
    checks = {"loop": "ok", "database": "ok", "queue": "ok"}
    assert (status, json.loads(body)) == (200, {"status": "ok", "checks": checks})
    status, body = get(port, "/metrics")
    assert status == 200
    assert b"process_resident_memory_bytes" in body
    assert get(port, "/nothing")[0] == 404


def test_a_loop_that_hangs_is_told() -> None:
    port, pulse = free_port(), Pulse(seconds=0.05)
    server = HealthServer(port, pulse)
    try:
        assert get(port, "/health")[0] == 200
        time.sleep(0.1)
        assert get(port, "/health") == (503, b'{"status": "down"}')
        pulse.beat()
        assert get(port, "/health")[0] == 200
    finally:
        server.shutdown()
        server.server_close()
