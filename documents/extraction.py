"""Text out of files by a child process, under limits of time and memory."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import psutil
from django.conf import settings

from documents.decoding import Span
from documents.failures import ExtractionError, Failure

FIRST_POLL_SECONDS = 0.005  # most files take a few hundredths of a second
POLL_SECONDS = 0.1
REPORT_SECONDS = 1.0
START_SECONDS = 30.0  # until the process that forks the children must answer
_INHERITED = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")
_ALLOCATION_FAILED = (b"memory allocation of", b"bad_alloc", b"MemoryError")  # last words
_SIGKILL, _SIGXCPU = -9, -24


class NoChild(OSError):
    """The process that forks the children does not answer: a fault of ours."""


@dataclass(frozen=True)
class Extracted:
    """A text; its pages: number or None, start and end; what it lacks, as the API shows it."""

    text: str
    spans: list[Span]
    warnings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def pages(self) -> int | None:
        """How many pages; None where the format has none."""
        return None if any(number is None for number, _, _ in self.spans) else len(self.spans)


def extract_text(
    path: Path, content_type: str, *, on_wait: Callable[[float], None], learner: str = ""
) -> Extracted:
    """The text of a file.

    `learner`: whose it is; the child may have read other files of the same learner before.
    `on_wait` is called about every second with the seconds gone by; what it raises ends the child.
    Raises: ExtractionError, NoChild.
    """
    result, errors = path.with_suffix(".json"), path.with_suffix(".errors")
    request = {
        "path": str(path),
        "content_type": content_type,
        "result": str(result),
        "errors": str(errors),
        "learner": learner,
        "languages": settings.OCR_LANGUAGES,
        "seconds": settings.EXTRACTION_TIMEOUT_SECONDS,
        "memory_mb": settings.EXTRACTION_MEMORY_MB,
    }
    with _Child(request) as child:
        returncode = _wait(child, on_wait)
    if returncode:
        last_words = errors.read_bytes()[-4096:] if errors.exists() else b""
        raise ExtractionError(_failure_of(returncode, last_words))
    return _parse(result)


class _Child:
    """A child while it reads one file; leaving the block before that is done ends it."""

    def __init__(self, request: dict[str, Any]) -> None:
        self._connection = _connect()
        try:
            self._connection.sendall(json.dumps(request).encode() + b"\n")
            # Unbuffered: what is read ahead would be missed by `wait`.
            self._answers = self._connection.makefile("rb", buffering=0)
            self.pid = int(self._answer(START_SECONDS)["pid"])
        except BaseException:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._is_over:
            with suppress(OSError, ValueError):
                os.kill(self.pid, signal.SIGKILL)
                self._answer(START_SECONDS)  # it is gone
        self._answers.close()
        self._connection.close()

    _is_over = False

    def _answer(self, seconds: float) -> dict[str, Any]:
        self._connection.settimeout(seconds)
        line = self._answers.readline()
        if not line:
            raise NoChild("The process that forks children has gone.")
        return dict(json.loads(line))

    def wait(self, seconds: float) -> int | None:
        """How it ended; None while it still works."""
        self._connection.settimeout(seconds)
        try:
            first = self._connection.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return None
        if not first:
            raise NoChild("The process that forks children has gone.")
        self._is_over = True
        return int(self._answer(START_SECONDS)["returncode"])


def _connect() -> socket.socket:
    """A line to the process that forks children, which is started where there is none."""
    address = _address()
    deadline = time.monotonic() + START_SECONDS
    is_started = False
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(address))
        except OSError as error:
            connection.close()
            if time.monotonic() > deadline:
                raise NoChild("No child process could be started.") from error
            if not is_started:
                is_started = True
                _start(address)
            time.sleep(0.02)
        else:
            return connection


def _address() -> Path:
    """One for each worker: its jobs are forks of it, each gone after its job."""
    folder = Path(tempfile.gettempdir()) / f"learningaier-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o077:
        raise NoChild("The folder for sockets belongs to somebody else.")
    return folder / f"extraction-{os.getppid()}"


def _start(address: Path) -> None:
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    known = {
        "PYTHONPATH": str(settings.BASE_DIR),
        "HOME": str(address.parent),
        "MALLOC_ARENA_MAX": "2",  # else each thread reserves 64 MB of address space
    }
    subprocess.run(
        [sys.executable, "-m", "documents.extraction_child", address, str(os.getppid())],
        cwd=address.parent,
        env=inherited | known,  # no secret of the service
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        timeout=START_SECONDS,
        check=False,
    )


def _wait(child: _Child, on_wait: Callable[[float], None]) -> int:
    began = reported = time.monotonic()
    pause = FIRST_POLL_SECONDS
    while True:
        returncode = child.wait(pause)
        pause = min(pause * 2, POLL_SECONDS)
        now = time.monotonic()
        if now - began > settings.EXTRACTION_TIMEOUT_SECONDS:
            raise ExtractionError(Failure.TIMEOUT)
        if returncode is not None:
            return returncode
        if _resident_bytes(child.pid) > settings.EXTRACTION_MEMORY_MB * 1024**2:
            raise ExtractionError(Failure.OUT_OF_MEMORY)
        if now - reported >= REPORT_SECONDS:
            reported = now
            on_wait(now - began)


def _resident_bytes(pid: int) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.NoSuchProcess:
        return 0


def _failure_of(returncode: int, last_words: bytes) -> Failure:
    """What a dead child died of: SIGKILL comes from the kernel here, when memory has run out."""
    if returncode == _SIGKILL or any(words in last_words for words in _ALLOCATION_FAILED):
        return Failure.OUT_OF_MEMORY
    return Failure.TIMEOUT if returncode == _SIGXCPU else Failure.UNREADABLE


def _parse(result: Path) -> Extracted:
    found = json.loads(result.read_text(encoding="utf-8"))
    if "error" in found:
        raise ExtractionError(Failure(found["error"]), found["message"])
    return Extracted(found["text"], [tuple(span) for span in found["pages"]], found["warnings"])
