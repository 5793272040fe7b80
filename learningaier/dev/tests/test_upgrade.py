"""A library that an earlier version has made opens with this one, with every row.

`data/` holds dumps that earlier versions made of their demo library and some work on it: 1.0.0, and
the state of 2026-11-25, before texts had a version of their analysis.
"""

import json
from pathlib import Path
from typing import Any

from learningaier.dev.tests.service import new_database
from learningaier.dev.tests.test_restore import manage, run
from learningaier.embedded.postgres import find_binaries

DUMPS = Path(__file__).parent / "data"
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


ASK = """
import json
from django.test import Client
from learningaier.accounts.models import User
from learningaier.accounts.tokens import issue_token

learner = User.objects.get(username="demo")
bearer = {"Authorization": f"Bearer {issue_token(learner)}"}
client = Client(SERVER_NAME="localhost", headers=bearer)
questions = [
    "Where does the light reaction take place?",
    "Was ist die dritte Phase der Mitose?",
    "Что перемещает воду через мембрану?",
]
bodies = [{"question": question} for question in questions]
ask = lambda body: client.post("/api/notes/ai-qa", body, content_type="application/json").json()
print(json.dumps([ask(body)["answer"] for body in bodies]))
"""
ANSWERS = [
    "The light reaction takes place in the thylakoid membranes.",
    "Die Phasen der Mitose sind:\n\n3. Anaphase",
    "Осмос перемещает воду через мембрану.",
]


def restore(dump: str, database: str, folder: Path) -> None:
    """The dump, brought up to this version."""
    path = DUMPS / dump
    run(find_binaries() / "psql", "--quiet", "-v", "ON_ERROR_STOP=1", "-f", path, "-d", database)
    manage(database, folder, "prepare", "--demo")
    manage(database, folder, "prepare", "--demo")  # a second time changes nothing


def look(database: str, folder: Path, script: str = LOOK) -> Any:
    """What the learner of the dump sees."""
    told = manage(database, folder, "shell", "--no-imports", "-c", script)
    return json.loads(told.splitlines()[-1])


def test_a_library_of_1_0_0_opens_with_every_row(tmp_path: Path) -> None:
    with new_database("upgraded") as database:
        restore("library-1.0.0.sql", database, tmp_path)
        seen = look(database, tmp_path)
        outdated = manage(database, tmp_path, "reanalyse")
        manage(database, tmp_path, "reanalyse", "--now")
        again = look(database, tmp_path)

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
    assert outdated == "6 texts are to be analysed again.\n"
    assert again["answer"]["answer"] == seen["answer"]["answer"]
    assert again["notes"] == seen["notes"]


def test_texts_of_the_version_before_serve_and_are_analysed_again(tmp_path: Path) -> None:
    with new_database("upgraded") as database:
        restore("library-2026-11-25.sql", database, tmp_path)
        before = look(database, tmp_path, ASK)
        outdated = manage(database, tmp_path, "reanalyse")
        left = manage(database, tmp_path, "reanalyse", "--now")
        after = look(database, tmp_path, ASK)

    for said in (before, after):
        for answer, beginning in zip(said, ANSWERS, strict=True):
            assert answer.startswith(beginning)
    assert not outdated.startswith("0 ")
    assert left == "0 texts are to be analysed again.\n"
