"""A library that an earlier version has made opens with this one, with every row.

`data/library-1.0.0.sql` is a dump that version 1.0.0 made of its demo library and some work on it.
"""

import json
from pathlib import Path
from typing import Any

from learningaier.dev.tests.service import new_database
from learningaier.dev.tests.test_restore import manage, run
from learningaier.embedded.postgres import find_binaries

DUMP = Path(__file__).parent / "data" / "library-1.0.0.sql"
LOOK = """
import json
from django.test import Client
from learningaier.accounts.models import User
from learningaier.accounts.tokens import issue_token

learner = User.objects.get(username="demo")
bearer = {"Authorization": f"Bearer {issue_token(learner)}"}
client = Client(SERVER_NAME="localhost", headers=bearer)
read = lambda path: client.get(path).json()
question = {"question": "When did Augustus become emperor?"}
print(json.dumps({
    "notes": read("/api/notes/"),
    "documents": read("/api/documents/"),
    "decks": read("/api/decks/"),
    "cards": read("/api/flashcards/?deck=Latin"),
    "overview": read("/api/analytics/overview"),
    "conversations": read("/api/chat/conversations"),
    "answer": client.post("/api/notes/ai-qa", question, content_type="application/json").json(),
    "profile": read("/api/me"),
}))
"""


def open_library(database: str, folder: Path) -> Any:
    """What the learner of the dump sees, after the database was brought up to this version."""
    run(find_binaries() / "psql", "--quiet", "-v", "ON_ERROR_STOP=1", "-f", DUMP, "-d", database)
    manage(database, folder, "prepare", "--demo")
    manage(database, folder, "prepare", "--demo")  # a second time changes nothing
    return json.loads(
        manage(database, folder, "shell", "--no-imports", "-c", LOOK).splitlines()[-1]
    )


def test_a_library_of_1_0_0_opens_with_every_row(tmp_path: Path) -> None:
    with new_database("upgraded") as database:
        seen = open_library(database, tmp_path)

    notes = {note["title"]: note for note in seen["notes"]}
    assert len(notes) == 5
    assert (notes["Osmose"]["folder"], notes["Osmose"]["tags"]) == (
        "Biology/Cells",
        ["cells", "water"],
    )
    assert [document["status"] for document in seen["documents"]] == ["ready"]
    latin = next(deck for deck in seen["decks"] if deck["name"] == "Latin")
    assert (latin["total"], latin["new_per_day"], latin["exam_date"]) == (4, 7, "2027-06-01")
    cards = {card["term"]: card for card in seen["cards"]}
    assert (cards["aqua"]["reps"], cards["aqua"]["definition"]) == (3, "water")
    assert cards["aqua"]["note_id"] == notes["Osmose"]["id"]
    assert cards["caelum"]["status"] == "new"
    assert seen["overview"]["overview"]["total_reviews"] == 7
    assert seen["overview"]["overview"]["total_flashcards"] == 12
    assert [talk["message_count"] for talk in seen["conversations"]] == [2]
    assert seen["answer"]["answer"] == "Augustus became the first Roman emperor in 27 BC."
    assert seen["profile"]["timezone"] == "Europe/Vienna"
