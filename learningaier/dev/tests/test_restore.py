"""A dump that is restored into an empty database is the same service (docs/runbook.md)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from learningaier.dev.tests.service import ROOT, new_database
from learningaier.embedded.postgres import find_binaries

LOOK = """
import json
from django.apps import apps
from django.test import Client
from learningaier.accounts.models import User
from learningaier.accounts.tokens import issue_token

learner = User.objects.get(username="demo")
bearer = {"Authorization": f"Bearer {issue_token(learner)}"}
client = Client(SERVER_NAME="localhost", headers=bearer)
question = {"question": "What does the light reaction produce?"}
asked = client.post("/api/notes/ai-qa", question, content_type="application/json").json()
due = client.get("/api/flashcards/?due=true&limit=1").json()
document = client.get("/api/documents").json()[0]["id"]
original = b"".join(client.get(f"/api/documents/{document}/file").streaming_content).hex()
counts = {model._meta.db_table: model.objects.count() for model in apps.get_models()}
print(json.dumps([counts, asked["answer"], asked["sources"], due, original]))
"""


def test_what_is_restored_has_the_same_rows_answers_cards_and_files(tmp_path: Path) -> None:
    dump, files, copy = (tmp_path / name for name in ("learningaier.dump", "files", "copy"))
    with new_database("filled") as filled, new_database("empty") as empty:
        manage(filled, files, "prepare", "--demo")
        plain = ["--no-owner", "--no-privileges"]
        run(find_binaries() / "pg_dump", "--format", "custom", *plain, "--file", dump, filled)
        run(find_binaries() / "pg_restore", *plain, "--exit-on-error", "--dbname", empty, dump)
        run("cp", "--archive", files, copy)
        before, after = look(filled, files), look(empty, copy)

    counts, answer, sources, due, original = before
    assert after == before
    assert counts["knowledge_chunk"] > 0
    assert counts["knowledge_embedding"] > 0
    assert answer
    assert sources[0]["quote"]
    assert len(due) == 1
    assert original


def look(database: str, files: Path) -> Any:
    told = manage(database, files, "shell", "--no-imports", "-c", LOOK)
    return json.loads(told.splitlines()[-1])


def manage(database: str, files: Path, *words: str) -> str:
    # Uncached, so that the second answer is the second database's own.
    own = {"DATABASE_URL": database, "DATA_DIR": str(files)}
    return run(sys.executable, "manage.py", *words, **own)


def run(*command: str | Path, **variables: str) -> str:
    result = subprocess.run(
        command,
        cwd=ROOT,
        env=dict(os.environ) | {"ENABLE_REDIS_CACHE": "false"} | variables,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout
