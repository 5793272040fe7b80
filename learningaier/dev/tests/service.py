"""`make run` as a test starts it, and what stands beside it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg

from learningaier.dev.environment import bare_environment
from learningaier.embedded.processes import ProcessTable

ROOT = Path(__file__).parents[3]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """One `make run` in a folder of its own, without the virtual environment's install.

    `extra`: environment variables besides those that every run here has.
    """

    def __init__(
        self, folder: Path, port: int | None = None, extra: Mapping[str, str] | None = None
    ) -> None:
        self.folder = folder
        self.port = port or free_port()
        environment = bare_environment() | {
            "DATA_DIR": str(folder),
            "PORT": str(self.port),
            "WEB_PROCESSES": "1",
        }
        environment |= extra or {}
        self.output = folder.with_name(f"{uuid.uuid4()}.log")
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "learningaier.dev.run"],
                cwd=ROOT,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_ready(self) -> "Service":
        while "learningaier is ready at" not in self.said():
            if self.process.poll() is not None:
                raise AssertionError(self.said())
            time.sleep(0.05)
        return self

    def said(self) -> str:
        return self.output.read_text()

    def children(self) -> list[psutil.Process]:
        entries = json.loads((self.folder / "processes.json").read_text())
        return [psutil.Process(entry["pid"]) for entry in entries]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)

    def call(self, path: str, body: Any = None, token: str = "") -> Any:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"}
            | ({"Authorization": f"Bearer {token}"} if token else {}),
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def headers(self, path: str, body: Any, token: str) -> Mapping[str, str]:
        """Those of the answer to a POST."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.headers

    def upload(self, text: str, token: str, headers: Mapping[str, str] | None = None) -> None:
        edge = uuid.uuid4().hex
        part = f'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n{text}'
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/documents/upload",
            data=f"--{edge}\r\n{part}\r\n--{edge}--\r\n".encode(),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": f"multipart/form-data; boundary={edge}",
                **(headers or {}),
            },
        )
        urllib.request.urlopen(request, timeout=30).close()

    def sign_in(self) -> str:
        credentials = {"username": "demo", "password": "demo"}
        return self.call("/api/auth/token", credentials)["token"]


@contextmanager
def run_service(folder: Path, extra: Mapping[str, str]) -> Iterator[Service]:
    """A service that is ready; at the end nothing of it is left. `extra`: as of `Service`."""
    service = Service(folder, extra=extra).wait_until_ready()
    yield service
    service.stop()
    ProcessTable(folder / "processes.json").clear_leftovers()


def prepare_demo(variables: Mapping[str, str]) -> None:
    """Have a database that is not the embedded one hold the demo's learner."""
    command = [sys.executable, "manage.py", "prepare", "--demo"]
    subprocess.run(command, cwd=ROOT, env=os.environ | variables, check=True, capture_output=True)


@contextmanager
def new_database(name: str) -> Iterator[str]:
    """The URL of an empty database on the tests' server; other processes' have other names."""
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    name = f"{name}_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
