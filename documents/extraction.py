"""Text out of files by a child process, under limits of time and memory."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings

from documents.decoding import Span
from documents.failures import ExtractionError, Failure

POLL_SECONDS = 0.1
REPORT_SECONDS = 1.0
_INHERITED = ("PATH", "LANG", "LC_ALL", "TESSDATA_PREFIX", "LD_LIBRARY_PATH")
_ALLOCATION_FAILED = b"memory allocation of"  # Rust's last words
_SIGKILL, _SIGXCPU = -9, -24


@dataclass(frozen=True)
class Extracted:
    """A text and its pages: number or None, start and end."""

    text: str
    spans: list[Span]

    @property
    def pages(self) -> int | None:
        """How many pages; None where the format has none."""
        return None if any(number is None for number, _, _ in self.spans) else len(self.spans)


def extract_text(path: Path, content_type: str, *, on_wait: Callable[[float], None]) -> Extracted:
    """The text of a file.

    `on_wait` is called about every second with the seconds gone by; what it raises ends the child.
    Raises: ExtractionError.
    """
    result, errors = path.with_suffix(".json"), path.with_suffix(".errors")
    with errors.open("wb") as stderr:
        child = subprocess.Popen(
            [sys.executable, "-m", "documents.extraction_child", path, content_type, result],
            cwd=path.parent,
            env=_environment(path.parent),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
        )
    try:
        _wait(child, on_wait)
    finally:
        child.kill()
        child.wait()
    if child.returncode:
        raise ExtractionError(_failure_of(child.returncode, errors.read_bytes()[-4096:]))
    return _parse(result)


def _environment(folder: Path) -> dict[str, str]:
    """What the child may know: no secret of the service."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    return inherited | {
        "PYTHONPATH": str(settings.BASE_DIR),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "MALLOC_ARENA_MAX": "2",  # else each thread reserves 64 MB of address space
        "OCR_LANGUAGES": settings.OCR_LANGUAGES,
        "EXTRACTION_TIMEOUT_SECONDS": str(settings.EXTRACTION_TIMEOUT_SECONDS),
        "EXTRACTION_MEMORY_MB": str(settings.EXTRACTION_MEMORY_MB),
    }


def _wait(child: "subprocess.Popen[bytes]", on_wait: Callable[[float], None]) -> None:
    began = reported = time.monotonic()
    while True:
        with suppress(subprocess.TimeoutExpired):
            child.wait(POLL_SECONDS)
        now = time.monotonic()
        if now - began > settings.EXTRACTION_TIMEOUT_SECONDS:
            raise ExtractionError(Failure.TIMEOUT)
        if child.returncode is not None:
            return
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
    if returncode == _SIGKILL or _ALLOCATION_FAILED in last_words:
        return Failure.OUT_OF_MEMORY
    return Failure.TIMEOUT if returncode == _SIGXCPU else Failure.UNREADABLE


def _parse(result: Path) -> Extracted:
    found = json.loads(result.read_text(encoding="utf-8"))
    if "error" in found:
        raise ExtractionError(Failure(found["error"]), found["message"])
    return Extracted(found["text"], [tuple(span) for span in found["pages"]])
