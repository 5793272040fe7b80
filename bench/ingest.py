"""`python -m bench.ingest [count]`: how many one-page PDFs a second one worker takes in.

Prints documents a second from the first upload to the last that is ready, beside the seconds that
reading the same files bare takes in one process: what is above that is queue, index and storage.
"""

import sys
import tempfile
import time
from pathlib import Path

from bench.services import Service, run_ours
from documents.reading import read_file
from documents.tests.files import make_pdf

COUNT = 500
GIVE_UP_SECONDS = 900.0


def main(count: int = COUNT) -> None:
    """Upload, wait, print."""
    files = [_page(number) for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bare = _read_bare(Path(folder), files)
        with run_ours(Path(folder) / "ours") as service:
            seconds = _ingest(service, files)
    print(f"{count} one-page PDFs: {count / seconds:.1f} a second, {seconds:.1f} s with one worker")
    print(f"the same files read bare: {bare:.2f} s, {seconds / bare:.1f} times less")


def _page(number: int) -> bytes:
    return make_pdf(
        [[f"Page {number} about cells", f"The cell number {number} divides at noon."] * 9]
    )


def _read_bare(folder: Path, files: list[bytes]) -> float:
    path = folder / "one.pdf"
    began = time.perf_counter()
    for content in files:
        path.write_bytes(content)
        read_file(path, "application/pdf", languages="eng")
    return time.perf_counter() - began


def _ingest(service: Service, files: list[bytes]) -> float:
    began = time.perf_counter()
    with service.client() as client:
        for number, content in enumerate(files):
            client.upload("/api/documents/upload", f"page-{number}.pdf", content)
        while time.perf_counter() - began < GIVE_UP_SECONDS:
            figures = client.get("/api/documents/?limit=1000")
            if not any(f'"status":"{state}"' in figures.replace(": ", ":")
                       for state in ("queued", "processing")):  # fmt: skip
                return time.perf_counter() - began
            time.sleep(0.2)
    raise TimeoutError("The documents are still not ready.")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
