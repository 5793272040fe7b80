"""`make run`: the whole service on this machine, from nothing, in one command.

Starts embedded PostgreSQL and Redis unless DATABASE_URL and REDIS_URL name others, prepares the
database, and runs gunicorn, a worker and the scheduler until Ctrl-C.
"""

import functools
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType
from typing import IO

from learningaier.conf.variables import read_dotenv
from learningaier.dev.supervision import Supervisor
from learningaier.embedded.processes import Child, EnvironmentFailure
from learningaier.embedded.stack import Stack

HOST = "127.0.0.1"
WELCOME = """
learningaier is ready at {address}   (started in {seconds:.1f} s; Ctrl-C stops everything)

  API       {address}/api/docs
  admin     {address}/admin/{admin}
  logs      {logs}
{learner}
Try next:

  TOKEN=$(curl -s {address}/api/auth/token -H 'Content-Type: application/json' \\
    -d '{{"username": "demo", "password": "demo"}}' | cut -d '"' -f 4)
  curl -s {address}/api/notes/ai-qa -H "Authorization: Bearer $TOKEN" \\
    -H 'Content-Type: application/json' -d '{{"question": "What does the light reaction produce?"}}'
  curl -s {address}/api/documents/upload -H "Authorization: Bearer $TOKEN" -F file=@README.md
"""


class Stopped(Exception):
    """A signal asked the supervisor to end."""


def main() -> int:
    """Run until a signal. Returns: the exit code, 0 after an orderly stop."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stopped)
    read_dotenv()
    stack = Stack(Path(os.environ.get("DATA_DIR") or ".data"))
    try:
        return _serve(stack)
    except Stopped:
        print("\nStopping …", flush=True)
        return 0
    except EnvironmentFailure as failure:
        print(f"\nlearningaier can't start: {failure}", file=sys.stderr)
        return 1
    finally:
        _ignore_signals()
        stack.close()


def _serve(stack: Stack) -> int:
    began = time.monotonic()
    listener = _listen(_port())
    for name in stack.open():
        print(f"Ended {name}, left over by an earlier run.", flush=True)
    environment = _environment(stack)
    log = stack.folder / "service.log"
    with log.open("ab") as output:
        _prepare(environment, output)
        children = _start_service(stack, listener, environment, output)
    _wait_for_service(listener, children)
    _welcome(listener, log, time.monotonic() - began)
    Supervisor(stack.table).watch()
    return 0


def _port() -> int:
    text = os.environ.get("PORT") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise EnvironmentFailure(f"PORT is {text!r}; it must be a number from 1 to 65535.")
    return int(text)


def _listen(port: int) -> socket.socket:
    """Bind first: whoever has the port keeps it, and nothing has been started yet."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()  # only now is the port refused to others
    except OSError as error:
        raise EnvironmentFailure(
            f"Port {port} can't be used ({error.strerror}). Set PORT to another, "
            f"for instance: PORT={port + 1 if port < 65535 else 8000} make run"
        ) from error
    return listener


def _is_embedded() -> bool:
    """The demo accounts, whose passwords everyone knows, exist in a database of our own only."""
    return not os.environ.get("DATABASE_URL")


def _environment(stack: Stack) -> dict[str, str]:
    environment = {"APP_ENV": "local", **os.environ, "DATA_DIR": str(stack.folder)}
    environment["SECRET_KEY"] = os.environ.get("SECRET_KEY") or stack.secret_key()
    environment["DATABASE_URL"] = os.environ.get("DATABASE_URL") or stack.start_postgres()
    environment["REDIS_URL"] = os.environ.get("REDIS_URL") or stack.start_redis()
    metrics = stack.folder / "metrics"
    metrics.mkdir(exist_ok=True)
    for stale in metrics.iterdir():
        stale.unlink()
    environment["PROMETHEUS_MULTIPROC_DIR"] = str(metrics)
    return environment


def _prepare(environment: dict[str, str], output: IO[bytes]) -> None:
    command = [sys.executable, "manage.py", "prepare", *(["--demo"] if _is_embedded() else [])]
    result = subprocess.run(
        command, env=environment, stdout=output, stderr=subprocess.STDOUT, check=False
    )
    if result.returncode:
        raise EnvironmentFailure(f"`manage.py prepare` failed.{_tail(Path(output.name))}")


def _start_service(
    stack: Stack, listener: socket.socket, environment: dict[str, str], output: IO[bytes]
) -> list[Child]:
    python = sys.executable
    gunicorn = [python, "-m", "gunicorn", "--config", "learningaier/gunicorn.py"]
    bind = ["--bind", f"fd://{listener.fileno()}"]
    start = functools.partial(stack.table.start, env=environment, output=output)
    return [
        start("gunicorn", gunicorn + bind, pass_fds=[listener.fileno()]),
        start("worker", [python, "manage.py", "worker"]),
        start("scheduler", [python, "manage.py", "scheduler"]),
    ]


def _wait_for_service(listener: socket.socket, children: list[Child]) -> None:
    address = _address(listener)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        _check_alive(children)
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise EnvironmentFailure(f"{address}/health/ready did not become ready within 60 s.")


def _check_alive(children: list[Child]) -> None:
    for child in children:
        if (code := child.process.poll()) is not None:
            raise EnvironmentFailure(f"{child.name} ended with exit code {code}.{_tail(child.log)}")


def _tail(log: Path | None) -> str:
    """The end of a log, for the message that a person sees."""
    if log is None:
        return ""
    lines = log.read_text(errors="replace").splitlines()[-12:]
    return f" The end of {log}:\n" + "\n".join(lines)


def _address(listener: socket.socket) -> str:
    return f"http://{HOST}:{listener.getsockname()[1]}"


def _welcome(listener: socket.socket, logs: Path, seconds: float) -> None:
    admin = "  (admin / admin)" if _is_embedded() else ""
    learner = "  learner   demo / demo\n" if _is_embedded() else ""
    print(
        WELCOME.format(
            address=_address(listener),
            seconds=seconds,
            admin=admin,
            learner=learner,
            logs=logs,
        ),
        flush=True,
    )


def _raise_stopped(_number: int, _frame: FrameType | None) -> None:
    raise Stopped


def _ignore_signals() -> None:
    """A second Ctrl-C must not leave processes behind: every child has a time limit anyway."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(main())
