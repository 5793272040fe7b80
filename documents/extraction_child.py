"""`python -m documents.extraction_child <file> <media type> <result>`: one file's text, as JSON.

A process of its own, without Django and without the service's secrets in its environment: a hostile
file can take down, fill or stall only this. The result is `{"text", "pages"}`, or `{"error",
"message"}` with a code of `Failure`.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from documents.failures import ExtractionError, Failure
from documents.reading import read_file

HEADROOM = 4 * 1024**3  # bytes of address space that threads and libraries reserve but never use
MAX_RESULT = 512 * 1024**2  # bytes
_PR_SET_PDEATHSIG = 1


def main(path: str, content_type: str, result: str) -> None:
    """Read the file and write the result, within the limits of the environment."""
    _die_with_parent()
    _limit_resources()
    Path(result).write_text(json.dumps(_read(Path(path), content_type)), encoding="utf-8")


def _read(path: Path, content_type: str) -> dict[str, Any]:
    try:
        text, spans = read_file(path, content_type, languages=os.environ["OCR_LANGUAGES"])
    except ExtractionError as error:
        return {"error": error.failure, "message": error.message}
    except MemoryError:
        return {"error": Failure.OUT_OF_MEMORY, "message": ""}
    return {"text": text, "pages": spans}


def _die_with_parent() -> None:
    """A worker that is killed must not leave a busy child behind (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_resources() -> None:
    """A backstop for the parent, which watches time and memory itself."""
    seconds = int(float(os.environ["EXTRACTION_TIMEOUT_SECONDS"])) + 1
    limits = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, MAX_RESULT),
        (resource.RLIMIT_CPU, seconds * (os.cpu_count() or 1)),
    ]
    if sys.platform == "linux":
        memory = int(os.environ["EXTRACTION_MEMORY_MB"]) * 1024**2
        limits.append((resource.RLIMIT_AS, memory + HEADROOM))
    for limit, value in limits:
        hard = resource.getrlimit(limit)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (most, hard))


if __name__ == "__main__":
    main(*sys.argv[1:])
