"""Start and stop what is compared: our service as `make run` does, and the FastAPI peer.

Each has a folder and a Redis of its own. Neither hears of the caller's settings, so that a run
measures the defaults.
"""

import json
import secrets
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis

from bench.client import Client, sign_in
from learningaier.accounts.tests.google import PROJECT, Google
from learningaier.dev.environment import bare_environment
from learningaier.embedded.paths import sockets_of
from learningaier.embedded.processes import ProcessTable, wait_until
from learningaier.embedded.redis import url as redis_url
from learningaier.embedded.stack import Stack

PROCESSES = 2  # gunicorn's and uvicorn's
UNLIMITED = 1_000_000_000  # calls a minute: the limiters count every call and refuse none
LIMITS = ("RATE_LIMIT_RAG_CHAT", "RATE_LIMIT_ANALYTICS", "RATE_LIMIT_DOCUMENT_UPLOAD")
START_SECONDS = 90


@dataclass(frozen=True)
class Service:
    """A running service. `pid`: the process that started all its others."""

    name: str
    port: int
    pid: int
    token: str
    folder: Path

    def client(self) -> Client:
        """A new connection of its learner."""
        return Client(self.port, self.token)

    def redis(self) -> redis.Redis:
        """A connection to its Redis."""
        return redis.Redis.from_url(redis_url(sockets_of(self.folder)))


@contextmanager
def run_ours(
    folder: Path,
    *,
    processes: int = PROCESSES,
    variables: Mapping[str, str] | None = None,
    token: str = "",
) -> Iterator[Service]:
    """`make run` in a new folder, with its demo learner signed in, or with another's token.

    `variables`: of the environment, beside those that every run here has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    table = ProcessTable(folder.with_suffix(".processes"))
    environment = bare_environment() | {
        "DATA_DIR": str(folder),
        "WEB_PROCESSES": str(processes),
        **dict.fromkeys(LIMITS, str(UNLIMITED)),
        **(variables or {}),
    }
    command = [sys.executable, "-m", "learningaier.dev.run"]
    try:
        port, pid = _start(table, command, environment, folder, health="/health/ready")
        yield Service("learningaier", port, pid, token or sign_in(port), folder)
    finally:
        table.stop_all()


@contextmanager
def run_firebase(folder: Path) -> Iterator[tuple[dict[str, str], str]]:
    """Google's side of Firebase on this machine.

    Gives: the variables of a service that it signs people in to, and an ID token.
    """
    folder.mkdir(parents=True)
    google = Google(folder)
    with google.serve() as address:
        variables = {
            "FIREBASE_PROJECT_ID": PROJECT,
            "FIREBASE_CREDENTIALS": str(google.account_path),
            "REQUESTS_CA_BUNDLE": str(google.root_path),
            "HTTPS_PROXY": address,
        }
        yield variables, google.signer.token()


@contextmanager
def run_peer(
    folder: Path, answer: dict[str, Any], *, model_seconds: float, origin: str = ""
) -> Iterator[Service]:
    """The FastAPI peer of `peer.py`, whose model says `answer` after `model_seconds`.

    `origin`: of the page that may call it.
    """
    stack = Stack(folder)
    stack.open()
    token = secrets.token_urlsafe(32)
    answer_file = folder / "answer.json"
    answer_file.write_text(json.dumps(answer))
    try:
        environment = bare_environment() | {
            "PEER_REDIS_URL": stack.start_redis(),
            "PEER_LIMIT": str(UNLIMITED),
            "PEER_ANSWER": str(answer_file),
            "PEER_MODEL_SECONDS": str(model_seconds),
            "PEER_ORIGIN": origin,
        }
        command = [sys.executable, "-m", "uvicorn", "bench.peer:app", "--no-access-log"]
        command += ["--loop", "uvloop", "--http", "httptools", "--workers", str(PROCESSES)]
        port, pid = _start(stack.table, command, environment, folder, health="/health")
        service = Service("FastAPI", port, pid, token, folder)
        with service.redis() as client:
            client.set(f"token:{token}", secrets.token_hex(16))
        yield service
    finally:
        stack.close()


def _start(
    table: ProcessTable, command: list[str], environment: dict[str, str], folder: Path, health: str
) -> tuple[int, int]:
    """Start a command on a free port and wait until it serves. Returns: the port, its pid."""
    port = _free_port()
    if "uvicorn" in command:
        command = [*command, "--port", str(port)]
    log = folder / "bench.log"
    with log.open("wb") as output:
        child = table.start(
            command[2],
            command,
            env=environment | {"PORT": str(port)},
            output=output,
            stop_timeout=60,
        )
    wait_until(lambda: _is_serving(port, health), child=child, seconds=START_SECONDS, log=log)
    return port, child.process.pid


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_serving(port: int, health: str) -> bool:
    try:
        with Client(port) as client:
            client.get(health)
    except Exception:  # noqa: BLE001  whatever is wrong, it does not serve yet
        return False
    return True
