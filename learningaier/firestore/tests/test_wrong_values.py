"""What the earlier service holds of wrong types, of nobody, of another account, or twice."""

import re
from typing import Any

import pytest

from documents.models import Document
from documents.tests.bucket_server import BucketServer
from flashcards.models import Flashcard, Review
from learningaier.accounts.models import User
from learningaier.firestore.tests.library import TEXT, fill
from learningaier.firestore.tests.server import FirestoreServer
from notes.models import Folder, Note

MINE = {"user_id": "uid-1"}
GOOD = {"note_id": None, "term": "a", "definition": "b"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("notes/bad", {"content_md_en": 7}), "content_md_en: this is a number, not a text."),
        (("notes/bad", {"content_md_zh": ["a"]}), "content_md_zh: this is a list, not a text."),
        (("notes/bad", {"content_md_en": "a", "user_id": 9}), "user_id: this is no account."),
        (("notes/bad", {"content_md_en": "a", "user_id": None}), "user_id: this is no account."),
        (("notes/bad", {"user_id": "a\nb"}), "user_id: this is no account."),
        (("notes/b d", {"content_md_en": "a"}), "This id is none that an imported row can have."),
        (
            ("notes/7c9e6679-7425-40de-944b-e07fc1f90ae7", {}),
            "This id is none that an imported row can have.",
        ),
        (("notes/bad", {"user_id": "a/b"}), "user_id: this is no account."),
        (("folders/bad", {"name": {"a": 1}}), "name: this is a map, not a text."),
        (("flashcards/bad", {"definition": ""}), "definition: This field may not be blank."),
        (
            ("flashcards/bad", {"definition": True}),
            "definition: this is true or false, not a text.",
        ),
        (
            ("flashcards/bad", {"term": "a" * 1001, "definition": "b"}),
            "term: At most 1000 characters, but for a cloze.",
        ),
        (
            ("flashcard_reviews/bad", {"rating": "great", "flashcard_id": "c1"}),
            "rating: this is none of again, hard, good, easy.",
        ),
        (
            ("flashcard_reviews/bad", {"rating": "good", "flashcard_id": "c1"}),
            "reviewed_at: this is missing.",
        ),
        (
            (
                "flashcard_reviews/bad",
                {"rating": "good", "flashcard_id": "c1", "reviewed_at": "yesterday"},
            ),
            "reviewed_at: this is a text, not a time.",
        ),
        (
            (
                "flashcard_reviews/bad",
                {"rating": "good", "flashcard_id": "c1", "reviewed_at": "9999-12-31T23:59:59Z"},
            ),
            "reviewed_at: this lies in the future or before 1980.",
        ),
        (
            (
                "flashcard_reviews/bad",
                {"rating": "good", "flashcard_id": "none", "reviewed_at": "2025-01-01T00:00:00Z"},
            ),
            "flashcard_id: there is no such card of this account.",
        ),
        (("documents/bad", {"title": "No path"}), "storage_path: this names no file."),
        (
            ("documents/bad", {"storage_path": "documents/uid-2/secret.txt"}),
            "There is no such file of yours in the bucket.",
        ),
        (
            ("documents/bad", {"storage_path": "documents/uid-1/../uid-2/secret.txt"}),
            "There is no such file of yours in the bucket.",
        ),
        (("documents/bad", {"file_path": "documents/uid-1/empty"}), "The file is empty."),
        (
            ("documents/bad", {"file_path": "documents/uid-1/none"}),
            "There is no such file of yours in the bucket.",
        ),
    ],
)
def test_a_row_that_cannot_be_is_told_and_skipped_and_the_others_come(
    learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any,
    row: Any, said: str,
) -> None:  # fmt: skip
    path, values = row
    bucket.objects["documents/uid-2/secret.txt"] = b"Secret."
    bucket.objects["documents/uid-1/empty"] = b""
    bucket.objects["documents/uid-1/zz"] = TEXT.encode()
    old.put(path, {**MINE, **values})
    collection = path.split("/", maxsplit=1)[0]
    old.put("notes/zz", {**MINE, "content_md_en": "Good."})
    old.put("folders/zz", {**MINE, "name": "Good"})
    old.put("flashcards/c1", {**MINE, **GOOD})
    old.put("flashcard_reviews/zz", {
        **MINE, "flashcard_id": "c1", "rating": "good", "reviewed_at": "2025-01-01T00:00:00Z",
    })  # fmt: skip
    old.put("documents/zz", {**MINE, "storage_path": "documents/uid-1/zz"})
    dry, report = run_import("--dry-run"), run_import()
    assert f"{path} skipped: {said}" in report
    assert f"{collection}: 2 read, 1 created, 0 known, 1 skipped\n  1 skipped: {said}" in report
    assert dry.replace("Nothing was written.", "Done so far:") == report
    assert Note.objects.filter(external_id="zz", owner=learner).count() == 1
    assert [Folder.objects.count(), Flashcard.objects.count(), Document.objects.count()] == [1] * 3
    assert Review.objects.count() == 1


def test_what_can_be_left_out_is_left_out_with_a_remark(
    api: Any, learner: User, old: FirestoreServer, run_import: Any
) -> None:
    old.put("notes/n1", {
        **MINE, "title": 5, "content_md_en": "Text\x00 here.", "sort_order": float("nan"),
        "folder_id": "none", "created_at": "soon", "primary_language": "klingon",
    })  # fmt: skip
    report = run_import()
    note = api.get("/api/notes/n1").json()
    assert (note["title"], note["content"], note["sort_order"]) == ("Untitled", "Text here.", 0.0)
    assert note["folder_id"] is None
    for remark in [
        "title: this is a number, not a text.",
        "sort_order: this is a number, not a finite number.",
        "folder_id: there is no such row of this account.",
        "created_at: this is a text, not a time.",
    ]:
        assert f"notes/n1: {remark}" in report


def test_nothing_of_another_account_is_reached_by_a_reference(
    learner: User, old: FirestoreServer, run_import: Any
) -> None:
    theirs = {"user_id": "uid-2"}
    old.put("folders/theirs", {**theirs, "name": "Theirs"})
    old.put("folders/mine", {**MINE, "name": "Mine", "parent_id": "theirs"})
    old.put("notes/theirs", {**theirs, "content_md_en": "Theirs."})
    old.put("notes/mine", {**MINE, "content_md_en": "Mine.", "folder_id": "theirs"})
    old.put("note_versions/v", {
        **theirs, "note_id": "mine", "content_md_en": "Forged.", "created_at": "2025-01-01",
    })  # fmt: skip
    old.put("flashcards/theirs", {**theirs, **GOOD})
    old.put("flashcards/mine", {**MINE, **GOOD, "note_id": "theirs"})
    review = {"flashcard_id": "theirs", "rating": "good", "reviewed_at": "2025-01-01T00:00:00Z"}
    old.put("flashcard_reviews/r", {**MINE, **review})
    run_import()
    mine = Note.objects.get(external_id="mine")
    assert (mine.owner, mine.in_folder, mine.versions.count()) == (learner, None, 1)
    assert Folder.objects.get(external_id="mine").parent is None
    assert Flashcard.objects.get(external_id="mine").fact.note is None
    assert not Review.objects.exists()


def test_folders_in_a_circle_too_deep_or_of_one_name_are_all_there(
    learner: User, old: FirestoreServer, run_import: Any
) -> None:
    old.put("folders/c1", {**MINE, "name": "One", "parent_id": "c2"})
    old.put("folders/c2", {**MINE, "name": "Two", "parent_id": "c1"})
    for number, parent in enumerate(["c3", "a/b", "__x__", "..", 5]):
        old.put(f"folders/c{number + 3}", {**MINE, "name": f"P{number}", "parent_id": parent})
    for number in range(30):
        parent = f"d{number - 1:02}" if number else None
        old.put(f"folders/d{number:02}", {**MINE, "name": f"Level {number}", "parent_id": parent})
    for number in range(3):
        old.put(f"folders/e{number}", {**MINE, "name": "Same/name"})
    report = run_import()
    assert "folders: 40 read, 40 created, 0 known, 0 skipped" in report
    assert Folder.objects.count() == 40
    assert max(len(folder.lineage()) for folder in Folder.objects.all()) == 20
    names = Folder.objects.filter(external_id__startswith="e").values_list("name", flat=True)
    assert sorted(names) == ["Same name", "Same name (2)", "Same name (3)"]
    assert "folders: 40 read, 0 created, 40 known, 0 skipped" in run_import()


def test_a_chain_of_folders_read_from_its_end_is_whole(
    learner: User, old: FirestoreServer, run_import: Any
) -> None:
    for number in range(15):
        parent = f"f{number + 1:02}" if number < 14 else None
        old.put(f"folders/f{number:02}", {**MINE, "name": f"F{number}", "parent_id": parent})
    assert "folders: 15 read, 15 created, 0 known, 0 skipped" in run_import()
    assert len(Folder.objects.get(external_id="f00").lineage()) == 15


def test_only_the_newest_versions_are_kept(
    learner: User, old: FirestoreServer, run_import: Any
) -> None:
    old.put("notes/n1", {**MINE, "title": "N", "content_md_en": "Now."})
    for number in range(60):
        old.put(f"note_versions/v{number}", {
            **MINE, "note_id": "n1", "content_md_en": f"Text {number}",
            "created_at": f"2025-01-01T00:{number:02}:00Z",
        })  # fmt: skip
    report = run_import()
    assert "note_versions: 60 read, 49 created, 0 known, 11 skipped" in report
    note = Note.objects.get(external_id="n1")
    assert (note.versions.count(), note.version, note.versions.first().number) == (50, 50, 50)


def test_reviews_before_their_card_make_it_older(
    learner: User, old: FirestoreServer, run_import: Any
) -> None:
    old.put("flashcards/c1", {**MINE, **GOOD, "created_at": "2025-06-01T00:00:00Z"})
    old.put("flashcard_reviews/r", {
        **MINE, "flashcard_id": "c1", "rating": "again", "reviewed_at": "2025-01-01T00:00:00",
    })  # fmt: skip
    run_import()
    assert Review.objects.get().reviewed_at.isoformat() == "2025-01-01T00:00:00+00:00"
    assert Flashcard.objects.get().created_at.isoformat() == "2025-01-01T00:00:00+00:00"


def test_the_same_file_twice_is_one_document(
    learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any
) -> None:
    for name in "ab":
        bucket.objects[f"documents/uid-1/{name}.txt"] = TEXT.encode()
        old.put(f"documents/d{name}", {**MINE, "file_path": f"documents/uid-1/{name}.txt"})
    dry, report = run_import("--dry-run"), run_import()
    assert "documents: 2 read, 1 created, 1 known, 0 skipped" in report
    assert dry.replace("Nothing was written.", "Done so far:") == report
    assert Document.objects.count() == 1


def test_a_bucket_that_is_down_costs_the_documents_alone(
    learner: User, old: FirestoreServer, bucket: BucketServer, run_import: Any
) -> None:
    fill(old, bucket)
    bucket.status = 503
    report = run_import()
    assert "documents: 1 read, 0 created, 0 known, 1 skipped" in report
    assert re.search(r"^messages: 2 read, 2 created", report, re.MULTILINE)
    bucket.status = 200
    assert "documents: 1 read, 1 created, 0 known, 0 skipped" in run_import()
    assert Note.objects.exclude(source_document_id=None).count() == 1


@pytest.mark.parametrize(
    ("scope", "told"),
    [
        (None, ("all", False)),
        ("all", ("all", False)),
        ({"type": "doc", "ids": ["none", 5]}, ("all", True)),
        ({"type": "doc", "ids": "n1"}, ("all", True)),
        ({"type": "tag", "ids": ["标签"]}, ("tag", False)),
        ({"type": 5}, ("all", True)),
        (["doc"], ("all", True)),
        ({"type": "doc", "ids": ["none", "n1"]}, ("doc", True)),
    ],
)
def test_a_scope_of_any_shape_leads_to_a_conversation(
    api: Any, learner: User, old: FirestoreServer, run_import: Any, scope: Any, told: Any,
) -> None:  # fmt: skip
    old.put("notes/n1", {**MINE, "content_md_en": "Text."})
    old.put("users/uid-1/conversations/c1", {"title": None, "scope": scope})
    for number, role in enumerate(["user", "assistant", "robot", None]):
        old.put(f"users/uid-1/conversations/c1/messages/m{number}", {
            "role": role, "content": "Hello", "created_at": "2025-01-01T00:00:00Z",
        })  # fmt: skip
    report = run_import()
    chat = api.get("/api/chat/c1").json()
    assert chat["scope"]["type"] == told[0]
    assert [one["role"] for one in chat["messages"]] == ["user", "assistant"]
    assert "messages: 4 read, 2 created, 0 known, 2 skipped" in report
    assert ("conversations/c1: scope" in report) is told[1]


def test_a_profile_chooses_what_is_offered_here(
    learner: User, old: FirestoreServer, run_import: Any, settings: Any
) -> None:
    settings.LLM_MODELS = ["small"]
    old.put("profiles/uid-1", {"llm_model": "huge", "preferred_language": "zh-Hant"})
    old.put("profiles/uid-3", {"llm_model": "small", "preferred_language": ["en"]})
    report = run_import()
    assert "profiles/uid-1: llm_model: Choose one of the models offered here: small." in report
    assert "profiles/uid-3: preferred_language: this is a list, not a text." in report
    chosen = User.objects.order_by("firebase_uid").exclude(firebase_uid=None)
    told = list(chosen.values_list("llm_model", "preferred_language"))
    assert told == [("", "zh-Hant"), ("small", "en")]


def test_a_closed_account_gets_nothing(
    learner: User, old: FirestoreServer, run_import: Any
) -> None:
    learner.is_active = False
    learner.save()
    old.put("notes/n1", {**MINE, "content_md_en": "Text."})
    dry, report = run_import("--dry-run"), run_import()
    assert "notes/n1 skipped: user_id: the account is closed here." in report
    assert dry.replace("Nothing was written.", "Done so far:") == report
    assert not Note.objects.exists()
