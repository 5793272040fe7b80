"""The little server of worker and scheduler: /health, /health/ready and /metrics on WORKER_PORT.

It is a thread; the children that a worker runs its jobs in do not inherit it.
"""

import json
import threading
import time
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.db import DatabaseError, connection
from prometheus_client import CONTENT_TYPE_LATEST
from redis import RedisError

from learningaier.jobs.queues import queue_connection
from learningaier.observability import metrics

OK, DOWN = "ok", "down"


class Pulse:
    """When the worker's loop was last seen going round; dead after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._last = time.monotonic()

    def beat(self) -> None:
        """Note that the worker's loop went round once more."""
        self._last = time.monotonic()

    @property
    def is_alive(self) -> bool:
        """Whether the loop was seen lately."""
        return time.monotonic() - self._last < self._seconds


class HealthServer(ThreadingHTTPServer):
    """Serves until the process ends."""

    daemon_threads = True

    def __init__(self, port: int, pulse: Pulse) -> None:
        super().__init__(("", port), _Handler)
        self.pulse = pulse
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def check(self) -> dict[str, str]:
        """The parts that the process needs, each `ok` or `down`."""
        return {
            "loop": OK if self.pulse.is_alive else DOWN,
            "database": _try(_ask_database),
            "queue": _try(lambda: queue_connection().ping()),
        }


class _Handler(BaseHTTPRequestHandler):
    server: HealthServer

    def do_GET(self) -> None:
        """Answer one of the three addresses."""
        match self.path.rstrip("/"):
            case "/health":
                status = OK if self.server.pulse.is_alive else DOWN
                self._tell({"status": status}, is_good=status == OK)
            case "/health/ready":
                checks = self.server.check()
                is_good = DOWN not in checks.values()
                self._tell({"status": OK if is_good else DOWN, "checks": checks}, is_good=is_good)
            case "/metrics":
                self._send(HTTPStatus.OK, CONTENT_TYPE_LATEST, metrics.render())
            case _:
                self._send(HTTPStatus.NOT_FOUND, "application/json", b"{}")

    def _tell(self, content: object, *, is_good: bool) -> None:
        status = HTTPStatus.OK if is_good else HTTPStatus.SERVICE_UNAVAILABLE
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Probes come every few seconds; they are no news."""


def _try(ask: Callable[[], object]) -> str:
    try:
        ask()
    except (DatabaseError, RedisError):
        return DOWN
    return OK


def _ask_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # each request has a thread of its own
