"""`python -m bench.reading`: what of the faulty files is read rightly, by kind.

Uploads every file of documents/tests/data/faults that has an expectation to a service of its own,
and compares the text that it serves.
"""

import json
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.client import Client
from bench.services import run_ours
from documents.tests.faults import EXPECTED, FAULTS, find_faults

GIVE_UP_SECONDS = 300.0


def main() -> None:
    """Upload, wait, compare, print."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        run_ours(Path(folder) / "ours") as service,
        service.client() as client,
    ):
        sent = {
            name: client.upload("/api/documents/upload", name, (FAULTS / name).read_bytes())["id"]
            for name in EXPECTED
        }
        for name, pk in sent.items():
            document = _wait(client, pk)
            kind = name.rsplit(".", 1)[-1]
            wrong = find_faults(name, _text_of(client, document), document["warnings"])
            total[kind] += 1
            right[kind] += not wrong
            if wrong:
                print(f"{name}: {'; '.join(wrong)} ({document['status']})")
    for kind in sorted(total):
        print(f"{kind:6} {right[kind]} of {total[kind]}")
    print(f"all    {right.total()} of {total.total()}")


def _wait(client: Client, pk: str) -> dict[str, Any]:
    until = time.monotonic() + GIVE_UP_SECONDS
    while time.monotonic() < until:
        document: dict[str, Any] = json.loads(client.get(f"/api/documents/{pk}"))
        if document["status"] in {"ready", "failed"}:
            return document
        time.sleep(0.2)
    raise TimeoutError(f"{pk} is still not read.")


def _text_of(client: Client, document: dict[str, Any]) -> str:
    if document["status"] != "ready":
        return ""
    pages = json.loads(client.get(f"/api/documents/{document['id']}/text"))["pages"]
    return "\n\n".join(page["text"] for page in pages)


if __name__ == "__main__":
    main()
