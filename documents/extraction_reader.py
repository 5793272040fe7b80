"""A child that reads the files of one learner: what its server does with it, and what it does.

The server hands it a file as a line of JSON; the child answers with one byte, whether it stays for
another. How a child that says nothing has ended is told by its exit code.
"""

import ctypes
import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from documents.failures import ExtractionError, Failure
from documents.reading import read_file

MAX_FILES = 50
MAX_IDLE_MEMORY = 192 * 1024**2  # bytes of a child that waits for another file
MAX_IDLE_CPU = 20.0  # seconds of work after which a child is replaced
HEADROOM = 4 * 1024**3  # bytes of address space that threads and libraries reserve but never use
MAX_RESULT_BYTES = 512 * 1024**2
_STAYS, _LEAVES = b"+", b"-"
_PR_SET_PDEATHSIG = 1


class Reader:
    """A child as its server sees it. `client`: who waits for the file that it reads, if any."""

    def __init__(self, learner: str, others: Sequence[socket.socket]) -> None:
        """`others`: connections of the server that are not the child's business."""
        self.learner = learner
        self.client: socket.socket | None = None
        self._is_leaving = False
        self.socket, own = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            for other in (*others, self.socket):
                other.close()
            _live(own)
        own.close()

    @property
    def is_free(self) -> bool:
        """Whether it waits for a file."""
        return self.client is None and not self._is_leaving

    def begin(self, client: socket.socket, request: dict[str, Any]) -> bool:
        """Have it read a file for a client. Returns: False if it has died before."""
        try:
            self.socket.sendall(json.dumps(request).encode() + b"\n")
        except OSError:
            self._is_leaving = True
            return False
        self.client = client
        _tell(client, {"pid": self.pid})
        return True

    def finish(self) -> None:
        """Tell the client that the file is read."""
        with suppress(OSError):
            answer = self.socket.recv(1)
            if not answer:
                return  # it has died
            self._is_leaving = answer == _LEAVES
            self._end(0)

    def let_go(self) -> None:
        """Have it end by itself, as no file is left for it."""
        self._is_leaving = True
        self.socket.close()

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def bury(self, returncode: int) -> None:
        """It has ended: tell whoever waits for it."""
        self._end(returncode)
        self.socket.close()

    def _end(self, returncode: int) -> None:
        if self.client is not None:
            _tell(self.client, {"returncode": returncode})
            self.client.close()
            self.client = None


def _tell(client: socket.socket, answer: dict[str, int]) -> None:
    with suppress(OSError):  # it has hung up, which the server notices by itself
        client.sendall(json.dumps(answer).encode() + b"\n")


def _live(connection: socket.socket) -> None:
    """The child's life."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _die_with_parent()
        with connection.makefile("rb") as requests:
            for number, line in enumerate(requests, 1):
                is_read = _run(json.loads(line))
                stays = is_read and number < MAX_FILES and not _is_worn()
                os.chdir("/")
                connection.sendall(_STAYS if stays else _LEAVES)
                if not stays:
                    break
        code = 0
    except BaseException as error:  # noqa: BLE001  the outermost frame of a process
        sys.stderr.write(type(error).__name__)
    finally:
        with suppress(BaseException):
            sys.stderr.flush()
        os._exit(code)


def _run(request: dict[str, Any]) -> bool:
    """Read one file. Returns: whether it had a text."""
    _settle_in(request)
    found = _read(request)
    Path(request["result"]).write_text(json.dumps(found), encoding="utf-8")
    return "error" not in found


def _settle_in(request: dict[str, Any]) -> None:
    """The folder, the words for its end, and the limits of this file."""
    folder = Path(request["result"]).parent
    errors = os.open(request["errors"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(errors, 2)
    os.close(errors)
    os.chdir(folder)
    os.environ.update(HOME=str(folder), TMPDIR=str(folder))
    _limit_resources(request["seconds"], request["memory_mb"])


def _read(request: dict[str, Any]) -> dict[str, Any]:
    try:
        reading = read_file(
            Path(request["path"]), request["content_type"], languages=request["languages"]
        )
    except ExtractionError as error:
        return {"error": error.failure, "message": error.message}
    except (MemoryError, RecursionError) as error:
        is_memory = isinstance(error, MemoryError)
        return {
            "error": Failure.OUT_OF_MEMORY if is_memory else Failure.UNREADABLE, "message": ""
        }  # fmt: skip
    warnings = [warning.as_json() for warning in reading.warnings]
    return {"text": reading.text, "pages": reading.spans, "warnings": warnings}


def _is_worn() -> bool:
    """Whether it holds or has used so much that a new child is better."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    if used.ru_utime + used.ru_stime > MAX_IDLE_CPU:
        return True
    most = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return most > MAX_IDLE_MEMORY


def _die_with_parent() -> None:
    """A server that is killed must not leave a busy child behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_resources(seconds: float, memory_mb: int) -> None:
    """A backstop for the worker, which watches time and memory itself."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime) + (int(seconds) + 1) * (os.cpu_count() or 1)
    limits = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MAX_RESULT_BYTES),
    ]
    if sys.platform == "linux":
        limits.append((resource.RLIMIT_AS, memory_mb * 1024**2 + HEADROOM))
    for limit, value in limits:
        hard = resource.getrlimit(limit)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (most, hard))
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = cpu if hard == resource.RLIM_INFINITY else min(cpu, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
