"""manage.py import_firestore: the whole, again, broken off, one account, dry."""

import re
from collections import Counter
from typing import Any

import pytest
from django.core.management.base import CommandError

from chat.models import Conversation, Message
from documents.models import Document
from documents.tests.bucket_server import BucketServer
from flashcards.models import Flashcard, Review
from flashcards.services.rebuilding import find_differences
from learningaier.accounts.models import User
from learningaier.firestore.tests.library import CARD, CHAT, DOCUMENT, EMPTY_NOTE, NOTE, TEXT, fill
from learningaier.firestore.tests.server import FirestoreServer
from notes.models import Folder, Note, NoteVersion

MODELS = [Note, Folder, NoteVersion, Document, Flashcard, Review, Conversation, Message]


def count_rows() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in MODELS}


WHOLE = {
    "Note": 2, "Folder": 2, "NoteVersion": 4, "Document": 1, "Flashcard": 1, "Review": 2,
    "Conversation": 1, "Message": 2,
}  # fmt: skip


def read_counts(report: str) -> dict[str, tuple[int, ...]]:
    """Read, created, known, skipped by collection."""
    pattern = r"^(\w+): (\d+) read, (\d+) created, (\d+) known, (\d+) skipped$"
    found = re.findall(pattern, report, re.MULTILINE)
    return {name: tuple(map(int, counts)) for name, *counts in found}


def test_a_library_is_taken_over_whole(
    api: Any, learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any,
    run_jobs: Any,
) -> None:  # fmt: skip
    fill(old, bucket)
    report = run_import()
    assert count_rows() == WHOLE, report
    assert read_counts(report) == {
        "profiles": (1, 1, 0, 0),
        "folders": (2, 2, 0, 0),
        "notes": (2, 2, 0, 0),
        "note_versions": (2, 2, 0, 0),
        "documents": (1, 1, 0, 0),
        "flashcards": (1, 1, 0, 0),
        "flashcard_reviews": (2, 2, 0, 0),
        "conversations": (1, 1, 0, 0),
        "messages": (2, 2, 0, 0),
    }
    run_jobs()
    note = api.get(f"/api/notes/{NOTE}").json()
    assert (note["title"], note["content"]) == ("光合作用 🌱", "植物把光变成糖。")
    assert note["content_md_en"] == "Plants turn light into sugar."
    assert (note["folder"], note["sort_order"]) == ("Biology/Plants", 2.25)
    assert (note["primary_language"], note["created_at"][:10]) == ("zh", "2025-03-01")
    filled = api.get(f"/api/notes/{EMPTY_NOTE}").json()
    assert (filled["content"].strip(), filled["is_processing"]) == (TEXT, False)
    document = api.get(f"/api/documents/{DOCUMENT}").json()
    assert (document["status"], document["filename"]) == ("ready", "osmosis.txt")
    assert filled["source_document_id"] == document["id"]
    assert api.get("/api/me").json()["preferred_language"] == "zh"


def test_versions_stand_before_the_text_as_it_is(
    api: Any, learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any
) -> None:
    fill(old, bucket)
    run_import()
    versions = api.get(f"/api/notes/{NOTE}/versions").json()
    told = [(one["number"], one["reason"], one["created_at"][:10]) for one in versions]
    assert told[1:] == [(2, "import", "2025-03-02"), (1, "manual", "2025-03-01")]
    texts = [api.get(f"/api/notes/{NOTE}/versions/{n}").json()["content"] for n in (1, 2, 3)]
    assert texts == ["植物。", "植物要光。", "植物把光变成糖。"]
    restored = api.post(f"/api/notes/{NOTE}/versions/1/restore")
    assert (restored.status_code, restored.json()["content"]) == (200, "植物。")


def test_schedules_follow_from_the_reviews(
    api: Any, learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any
) -> None:
    fill(old, bucket)
    run_import()
    card = api.get(f"/api/flashcards/{CARD}").json()
    assert (card["term"], card["definition"], card["category"]) == (
        "ATP", "Carries energy", "concept",
    )  # fmt: skip
    assert (card["reps"], card["last_review"][:10]) == (2, "2025-03-12")
    assert all(difference is None for _, _, difference in find_differences(learner))
    times = Review.objects.order_by("reviewed_at").values_list("reviewed_at", "rating")
    assert [(at.isoformat(), rating) for at, rating in times] == [
        ("2025-03-02T08:00:00+00:00", 3),
        ("2025-03-12T08:00:00+00:00", 4),
    ]


def test_a_conversation_keeps_its_order_and_scope(
    api: Any, learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any
) -> None:
    fill(old, bucket)
    run_import()
    chat = api.get(f"/api/chat/{CHAT}").json()
    assert [one["content"] for one in chat["messages"]] == ["What do plants make?", "Sugar."]
    assert chat["scope"] == {"type": "doc", "ids": [str(Note.objects.get(external_id=NOTE).pk)]}
    assert chat["created_at"][:10] == "2025-04-01"


def test_a_second_run_writes_nothing(
    learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any
) -> None:
    fill(old, bucket)
    first = read_counts(run_import())
    again = read_counts(run_import())
    assert count_rows() == WHOLE
    assert again == {name: (read, 0, read, 0) for name, (read, *_) in first.items()}


@pytest.mark.parametrize("calls", range(11))
def test_a_run_that_breaks_off_goes_on_where_it_was(
    learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any, calls: int
) -> None:
    fill(old, bucket)
    old.fails_after = calls
    with pytest.raises(CommandError, match="Start again"):
        run_import()
    old.fails_after = None
    run_import()
    assert count_rows() == WHOLE
    assert Note.objects.exclude(source_document_id=None).count() == 1


def test_a_dry_run_gives_the_same_report_and_writes_nothing(
    old: FirestoreServer, bucket: BucketServer, run_import: Any
) -> None:
    fill(old, bucket)
    dry = run_import("--dry-run")
    assert not any(count_rows().values())
    assert not User.objects.exists()
    assert set(bucket.objects) == {"documents/uid-1/1764000000000-osmosis.txt"}
    wet = run_import()
    assert dry.replace("Nothing was written.", "Done so far:") == wet
    assert User.objects.get().firebase_uid == "uid-1"


def test_a_uid_that_can_be_none_is_refused(run_import: Any) -> None:
    for uid in ["", "a/b", "a" * 129]:
        with pytest.raises(CommandError, match="no uid"):
            run_import("--user", uid)


def test_one_account_alone_is_taken_over(
    learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any
) -> None:
    fill(old, bucket)
    fill(old, bucket, uid="uid-2", mark="x")
    run_import("--user", "uid-1")
    assert count_rows() == WHOLE
    assert {note.owner for note in Note.objects.all()} == {learner}
    run_import()
    assert count_rows() == {name: 2 * count for name, count in WHOLE.items()}
    owners = Counter(Note.objects.values_list("owner__firebase_uid", flat=True))
    assert owners == {"uid-1": 2, "uid-2": 2}


def test_what_is_here_already_stays_as_it_is(
    api: Any, learner: User, stranger_api: Any, old: FirestoreServer, bucket: BucketServer,
    run_import: Any,
) -> None:  # fmt: skip
    fill(old, bucket)
    foreign = stranger_api.post(
        "/api/notes/", {"title": "Mine", "content": "Own", "external_id": NOTE}
    ).json()
    run_import()
    api.patch(f"/api/notes/{NOTE}", {"title": "Changed here"})
    api.delete(f"/api/flashcards/{CARD}")
    api.delete(f"/api/notes/{EMPTY_NOTE}")
    run_import()
    assert api.get(f"/api/notes/{NOTE}").json()["title"] == "Changed here"
    assert api.get(f"/api/notes/{EMPTY_NOTE}").status_code == 404
    kept = stranger_api.get(f"/api/notes/{NOTE}").json()
    assert (kept["id"], kept["title"], kept["content"]) == (foreign["id"], "Mine", "Own")


def test_pages_are_of_one_size_however_many_rows(
    learner: User, old: FirestoreServer, run_import: Any
) -> None:
    for number in range(250):
        row = {"user_id": "uid-1", "definition": f"Definition {number}", "term": None}
        old.put(f"flashcards/card-{number:04}", row)
    assert read_counts(run_import())["flashcards"] == (250, 250, 0, 0)
    assert old.largest_page == 100
    assert Flashcard.objects.values("external_id").distinct().count() == 250
