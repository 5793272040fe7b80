"""A misspelt keyword of a service is an error, for mypy and at run time."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist

from documents.models import Document
from documents.services import update_document
from learningaier.accounts.services import update_profile
from notes.services.notes import create_note, update_note

ROOT = Path(__file__).parents[3]
CALLS = """
from typing import Any

from documents.models import Document
from documents.services import update_document
from learningaier.accounts.models import User
from learningaier.accounts.services import update_profile
from notes.models import Note
from notes.services.notes import create_note, update_note


def call(user: User, note: Note, document: Document) -> None:
    create_note(owner=user, titel="x")
    update_note(note=note, titel="x")
    update_note(note=note, title=5)
    update_document(document=document, titel="x")
    update_profile(user=user, is_staff=True)
    update_note(note=note, title="right")
    update_document(document=document, title="right", note=None)
    update_profile(user=user, timezone="UTC")
"""


@pytest.mark.django_db
def test_a_misspelt_keyword_fails_and_changes_nothing(owner: Any) -> None:
    note = create_note(owner=owner, title="Osmosis")
    document = Document.objects.create(owner=owner, title="A", size=1)

    with pytest.raises(FieldDoesNotExist):
        create_note(owner=owner, titel="x")
    with pytest.raises(FieldDoesNotExist):
        update_note(note=note, titel="x")
    with pytest.raises(FieldDoesNotExist):
        update_document(document=document, titel="x")
    with pytest.raises(FieldDoesNotExist):
        update_profile(user=owner, sprache="de")
    note.refresh_from_db()
    assert note.title == "Osmosis"


def test_the_type_checker_refuses_it(tmp_path: Path) -> None:
    path = tmp_path / "calls.py"
    path.write_text(CALLS)
    wrong = CALLS.splitlines().index('    create_note(owner=user, titel="x")') + 1
    result = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    found = [line for line in result.stdout.splitlines() if "calls.py" in line and "error" in line]
    assert [int(line.split(":")[1]) for line in found] == list(range(wrong, wrong + 5)), found
