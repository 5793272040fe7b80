"""Memory at rest: a web process, and the whole of `make run`, beside their bounds.

A process's memory is its proportional set size (PSS): pages that processes share are counted once,
divided among them. So the parts add up to the whole.

    python -m bench.memory
"""

import tempfile
import time
from pathlib import Path

import psutil

from bench.services import Service, run_ours

MIB = 1024 * 1024
WEB_BOUND, WHOLE_BOUND = 250, 800  # MiB
REST_SECONDS = 5


def main() -> None:
    """Start the service, let it rest, print."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        run_ours(Path(folder) / "ours") as ours,
    ):
        report_memory(ours)


def report_memory(ours: Service) -> None:
    """Print what our service takes after `REST_SECONDS` without a request."""
    time.sleep(REST_SECONDS)
    whole = [psutil.Process(ours.pid), *psutil.Process(ours.pid).children(recursive=True)]
    web = [process for process in whole if is_web(process)]
    print("Memory at rest, MiB of PSS (and the largest RSS)")
    largest = max(process.memory_info().rss for process in web) / MIB
    _report("a web process", max(map(_pss, web)), WEB_BOUND, f"   RSS {largest:.0f}")
    _report("the whole of make run", sum(map(_pss, whole)), WHOLE_BOUND)


def _report(what: str, size: float, bound: int, more: str = "") -> None:
    print(f"  {what:22} {size:5.0f} of at most {bound}: ratio {size / bound:.2f}{more}")


def is_web(process: psutil.Process) -> bool:
    """A worker of gunicorn: its parent is gunicorn too."""
    parent = process.parent()
    return parent is not None and _runs_gunicorn(process) and _runs_gunicorn(parent)


def _runs_gunicorn(process: psutil.Process) -> bool:
    return "gunicorn" in process.cmdline()[1:3] or "learningaier/gunicorn.py" in process.cmdline()


def _pss(process: psutil.Process) -> float:
    return float(process.memory_full_info().pss) / MIB


if __name__ == "__main__":
    main()
