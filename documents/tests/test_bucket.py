"""POST /api/documents/upload-process: files that clients have put into the bucket themselves."""

import uuid
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from documents.models import Document
from documents.tests.bucket_server import BucketServer
from learningaier.conf.stores import storages
from notes.models import Note

TAKE = "/api/documents/upload-process"
TEXT = "Osmosis is the diffusion of water through a membrane."
QUESTION = {"question": "What is osmosis?"}


@pytest.fixture
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketServer]:
    """Google's storage on 127.0.0.1, behind its real SDK."""
    with closing(BucketServer()) as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        settings.FIREBASE_STORAGE_BUCKET = "test-bucket"
        settings.STORAGES = storages("test-bucket")
        yield server


@pytest.fixture
def path(bucket: BucketServer, owner: Any) -> str:
    """An object of the owner's, as the client has put it there."""
    owner.firebase_uid = "uid-1"
    owner.save()
    path = "documents/uid-1/1764000000000-osmosis.txt"
    bucket.objects[path] = TEXT.encode()
    return path


def take(client: Any, path: str, document_id: str = "Ab3dEf6hIj9lMn2pQr5t", **fields: Any) -> Any:
    return client.post(TAKE, {"document_id": document_id, "file_path": path, **fields})


def test_an_object_becomes_a_document_and_a_note_of_its_text(
    api: Any, path: str, run_jobs: Any
) -> None:
    response = take(api, path, chunk_size=500)
    assert response.status_code == 202, response.content
    answer = response.json()
    assert set(answer) == {
        "success", "document_id", "note_id", "chunks_created", "text_preview",
    }  # fmt: skip
    assert (answer["success"], answer["chunks_created"], answer["text_preview"]) == (True, -1, "")
    note = api.get(f"/api/notes/{answer['note_id']}").json()
    assert (note["is_processing"], note["content"]) == (True, "")
    assert note["source_document_id"] == answer["document_id"]

    run_jobs()

    note = api.get(f"/api/notes/{answer['note_id']}").json()
    assert (note["is_processing"], note["content"].strip()) == (False, TEXT)
    document = api.get(f"/api/documents/{answer['document_id']}").json()
    assert (document["status"], document["filename"]) == ("ready", "1764000000000-osmosis.txt")
    assert TEXT in api.post("/api/notes/ai-qa", QUESTION).json()["answer"]
    again = take(api, path)
    assert again.status_code == 200
    assert again.json() == answer | {"text_preview": TEXT}


@pytest.mark.parametrize(
    "document_id", ["Ab3dEf6hIj9lMn2pQr5t", "7c9e6679-7425-40de-944b-e07fc1f90ae7"]
)
def test_a_document_id_is_taken_in_once(
    api: Any, path: str, bucket: BucketServer, document_id: str
) -> None:
    first = take(api, path, document_id)
    bucket.objects[path] = b"Something else."
    again = take(api, path, document_id)
    assert [first.status_code, again.status_code] == [202, 200]
    assert again.json() == first.json()
    assert (Document.objects.count(), Note.objects.count()) == (1, 1)
    if "-" in document_id:
        assert first.json()["document_id"] == document_id


def test_the_same_bytes_under_another_id_are_the_same_document(
    api: Any, path: str, bucket: BucketServer
) -> None:
    other = "documents/uid-1/copy/osmosis.txt"
    bucket.objects[other] = bucket.objects[path]
    first, second = take(api, path, "a"), take(api, other, "b")
    assert (second.status_code, second.json()) == (200, first.json())


@pytest.mark.parametrize(
    "foreign",
    [
        "documents/uid-2/file.txt",
        "documents/uid-1",
        "documents/uid-1/",
        "documents/uid-10/file.txt",
        "documents/uid-1/../uid-2/file.txt",
        "documents/uid-1//file.txt",
        "documents/uid-1/./file.txt",
        "/documents/uid-1/file.txt",
        "uploads/uid-1/file.txt",
        "https://storage.googleapis.com/test-bucket/documents/uid-1/file.txt",
    ],
)
def test_a_path_that_is_not_the_callers_is_404_and_nobody_asks_for_it(
    api: Any, path: str, bucket: BucketServer, foreign: str
) -> None:
    bucket.objects[foreign] = b"Secret."
    response = take(api, foreign)
    assert (response.status_code, list(response.json()["errors"])) == (404, ["file_path"])
    assert bucket.calls == []


def test_a_strangers_document_id_says_nothing_of_it(
    api: Any, stranger_api: Any, stranger: Any, path: str, bucket: BucketServer
) -> None:
    mine = str(uuid.uuid4())
    assert take(api, path, mine).status_code == 202
    stranger.firebase_uid = "uid-2"
    stranger.save()
    bucket.objects["documents/uid-2/a.txt"] = b"Another text."
    theirs = take(stranger_api, "documents/uid-2/a.txt", mine)
    assert theirs.status_code == 202
    assert theirs.json()["document_id"] != mine


def test_an_object_that_is_not_there_is_404(api: Any, path: str) -> None:
    response = take(api, "documents/uid-1/none.txt")
    assert (response.status_code, list(response.json()["errors"])) == (404, ["file_path"])
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", (400, "empty")),
        (b"\x00\x01\x02" * 500, (415, "unsupported_type")),
        (b"a" * (1024 * 1024 + 1), (413, "too_large")),
    ],
    ids=["empty", "binary", "large"],
)
def test_what_is_no_document_is_told_clearly(
    api: Any, path: str, bucket: BucketServer, settings: Any, content: bytes, refusal: Any
) -> None:
    settings.MAX_UPLOAD_MB = 1
    bucket.objects["documents/uid-1/file.bin"] = content
    response = take(api, "documents/uid-1/file.bin")
    assert (response.status_code, response.json()["code"]) == refusal
    assert not Document.objects.exists()
    assert not Note.objects.exists()


@pytest.mark.parametrize("status", [500, 503, 403])
def test_a_bucket_that_is_down_is_503_and_leaves_nothing(
    api: Any, path: str, bucket: BucketServer, status: int
) -> None:
    bucket.status = status
    response = take(api, path)
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0
    assert not Document.objects.exists()
    bucket.status = 200
    assert take(api, path).status_code == 202


def test_without_a_bucket_the_setting_is_named(api: Any, owner: Any) -> None:
    response = take(api, f"documents/{owner.pk}/file.txt")
    assert (response.status_code, response.json()["code"]) == (503, "bucket_required")
    assert "FIREBASE_STORAGE_BUCKET" in response.json()["detail"]


def test_a_document_that_fails_or_is_cancelled_leaves_no_note_that_waits(
    api: Any, path: str, bucket: BucketServer, run_jobs: Any
) -> None:
    bucket.objects["documents/uid-1/broken.pdf"] = b"%PDF-1.7 nothing"
    broken = take(api, "documents/uid-1/broken.pdf", "broken").json()
    cancelled = take(api, path, "cancelled").json()
    assert api.post(f"/api/documents/{cancelled['document_id']}/cancel").status_code == 200
    run_jobs()
    for taken in (broken, cancelled):
        assert api.get(f"/api/notes/{taken['note_id']}").json()["is_processing"] is False
    assert api.post(f"/api/documents/{cancelled['document_id']}/retry").status_code == 200
    assert api.get(f"/api/notes/{cancelled['note_id']}").json()["is_processing"] is True
    run_jobs()
    assert api.get(f"/api/notes/{cancelled['note_id']}").json()["content"].strip() == TEXT


def test_what_a_learner_has_written_meanwhile_stays(api: Any, path: str, run_jobs: Any) -> None:
    note = take(api, path).json()["note_id"]
    api.patch(f"/api/notes/{note}", {"content": "My own words."})
    run_jobs()
    kept = api.get(f"/api/notes/{note}").json()
    assert (kept["content"], kept["is_processing"]) == ("My own words.", False)


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"document_id": ""}, "document_id"),
        ({"document_id": "a b"}, "document_id"),
        ({"file_path": ""}, "file_path"),
        ({"chunk_size": 0}, "chunk_size"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_request_without_sense_is_400(api: Any, fields: Any, named: str) -> None:
    response = api.post(TAKE, {"document_id": "a", "file_path": "documents/x/y", **fields})
    assert (response.status_code, list(response.json()["errors"])) == (400, [named])
