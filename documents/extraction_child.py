"""`python -m documents.extraction_child <socket> <worker's pid>`: forks a child for each file.

It starts once a worker, loads the readers, and then only waits: each file is read by a fork of its
own, so no file pays for the start of Python, and none meets what another has left behind. All of it
runs without Django and without the service's secrets: a hostile file can take down, fill or stall
only its own process.

A connection is one file: the request comes as a line of JSON, `{"pid"}` goes back at once and
`{"returncode"}` at the end. Whoever hangs up ends the child. The result is a file of JSON,
`{"text", "pages", "warnings"}` or `{"error", "message"}` with a code of `Failure`.
"""

import ctypes
import json
import os
import resource
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from documents.failures import ExtractionError, Failure
from documents.reading import read_file

HEADROOM = 4 * 1024**3  # bytes of address space that threads and libraries reserve but never use
MAX_RESULT_BYTES = 512 * 1024**2
MAX_REQUEST_BYTES = 64 * 1024
IDLE_SECONDS = 120  # without a file, after which it ends; the next file starts it anew
POLL_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


def main(address: str, worker: str) -> None:
    """Serve until the worker is gone or nothing has come for a while."""
    with socket.socket(socket.AF_UNIX) as listener:
        own = f"{address}.{os.getpid()}"
        listener.bind(own)
        listener.listen(16)
        inode = Path(own).stat().st_ino
        if os.fork():
            os._exit(0)  # whoever started this need not wait for its end
        Path(own).rename(address)  # at once: nobody finds a socket that does not listen yet
        wakeup, ring = os.pipe()
        os.set_blocking(ring, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(ring)
        try:
            _Server(listener, wakeup, int(worker)).serve()
        finally:
            with suppress(OSError):
                if Path(address).stat().st_ino == inode:
                    Path(address).unlink()


class _Server:
    def __init__(self, listener: socket.socket, wakeup: int, worker: int) -> None:
        self._listener, self._wakeup, self._worker = listener, wakeup, worker
        self._children: dict[int, socket.socket] = {}

    def serve(self) -> None:
        idle = 0.0
        while idle < IDLE_SECONDS and _is_alive(self._worker):
            waiting: list[Any] = [self._listener, self._wakeup, *self._children.values()]
            ready = select.select(waiting, [], [], POLL_SECONDS)[0]
            idle = idle + POLL_SECONDS if not ready and not self._children else 0.0
            if self._listener in ready:
                self._accept()
            if self._wakeup in ready:
                os.read(self._wakeup, 512)
                self._reap()
            for pid, connection in list(self._children.items()):
                if connection in ready:  # nothing more is ever said: it has hung up
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                    self._reap()

    def _accept(self) -> None:
        connection = self._listener.accept()[0]
        connection.settimeout(10)
        try:
            with connection.makefile("rb") as stream:
                request = json.loads(stream.readline(MAX_REQUEST_BYTES))
            pid = os.fork()
            if not pid:
                self._listener.close()
                _run(request)
            self._children[pid] = connection
            connection.sendall(json.dumps({"pid": pid}).encode() + b"\n")
        except (OSError, ValueError):
            self._drop(connection)

    def _drop(self, connection: socket.socket) -> None:
        """Nobody waits for this file any more."""
        for pid, held in list(self._children.items()):
            if held is connection:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                self._children[pid] = socket.socket(socket.AF_UNIX)  # reaped like all others
        connection.close()

    def _reap(self) -> None:
        while self._children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            connection = self._children.pop(pid, None)
            if connection is None:
                continue
            code = os.waitstatus_to_exitcode(status)
            with suppress(OSError):
                connection.sendall(json.dumps({"returncode": code}).encode() + b"\n")
            connection.close()


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _run(request: dict[str, Any]) -> None:
    """Read one file in this fork, and end it."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        _die_with_parent()
        _settle_in(request)
        result = json.dumps(_read(request))
        Path(request["result"]).write_text(result, encoding="utf-8")
        code = 0
    except BaseException as error:  # noqa: BLE001  the outermost frame of a process
        sys.stderr.write(type(error).__name__)
    finally:
        with suppress(BaseException):
            sys.stderr.flush()
        os._exit(code)


def _settle_in(request: dict[str, Any]) -> None:
    """The folder, the words for its end, and the limits of this file."""
    folder = Path(request["result"]).parent
    errors = os.open(request["errors"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(errors, 2)
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


def _die_with_parent() -> None:
    """A server that is killed must not leave a busy child behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_resources(seconds: float, memory_mb: int) -> None:
    """A backstop for the worker, which watches time and memory itself."""
    limits = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MAX_RESULT_BYTES),
        (resource.RLIMIT_CPU, (int(seconds) + 1) * (os.cpu_count() or 1)),
    ]
    if sys.platform == "linux":
        limits.append((resource.RLIMIT_AS, memory_mb * 1024**2 + HEADROOM))
    for limit, value in limits:
        hard = resource.getrlimit(limit)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (most, hard))


if __name__ == "__main__":
    main(*sys.argv[1:])
