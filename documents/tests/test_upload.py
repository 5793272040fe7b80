"""POST /api/documents/upload."""

import hashlib
import threading

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from documents.models import Document
from documents.services import create_document
from documents.tests.files import make_docx, make_pdf, make_zip
from learningaier.accounts.models import User
from notes.models import Note


def test_an_upload_is_accepted_and_described(send, pdf):
    response = send(pdf, "Cells.pdf")
    body = response.json()
    assert response.status_code == 202
    assert body["title"] == "Cells"
    assert body["filename"] == "Cells.pdf"
    assert body["content_type"] == "application/pdf"
    assert body["size"] == len(pdf)
    assert body["sha256"] == hashlib.sha256(pdf).hexdigest()
    assert (body["status"], body["stage"], body["progress"]) == ("queued", "", 0)
    assert (body["pages"], body["chunks"], body["error"]) == (None, 0, None)
    assert (body["note_id"], body["processed_at"]) == (None, None)


def test_the_first_sentence_of_an_upload_can_be_cited_by_page_and_span(process, pdf, api):
    document = process(pdf)
    assert (document.status, document.pages, document.progress) == ("ready", 2, 100)
    assert document.chunks > 0
    source = api.get("/api/search?q=chlorophyll+light").json()[0]
    assert source["document_id"] == source["doc_id"] == str(document.pk)
    assert source["page"] == 2
    assert "Chlorophyll absorbs red and blue light" in source["quote"]
    pages = api.get(f"/api/documents/{document.pk}/text").json()["pages"]
    page = pages[1]
    assert page["start"] <= source["start"] < source["end"] <= page["end"]
    inside = page["text"][source["start"] - page["start"] : source["end"] - page["start"]]
    assert inside == source["quote"]


def test_a_question_is_answered_from_an_upload(process, pdf, api):
    document = process(pdf)
    answer = api.post("/api/notes/ai-qa", {"question": "What does the Calvin cycle fix?"}).json()
    assert answer["status"] == "answered"
    assert "carbon dioxide" in answer["answer"]
    assert answer["sources"][0]["document_id"] == str(document.pk)
    assert answer["sources"][0]["page"] == 2


def test_an_upload_attached_to_a_note_answers_questions_to_the_note(process, pdf, api, owner):
    note = api.post("/api/notes/", {"title": "Biology", "content": ""}).json()
    document = process(pdf, note_id=note["id"])
    assert str(document.note_id) == note["id"]
    asked = {"question": "What does the Calvin cycle fix?", "note_id": note["id"]}
    assert api.post("/api/notes/ai-qa", asked).json()["status"] == "answered"


def test_a_strangers_note_is_not_found(send, pdf, stranger):
    note = Note.objects.create(owner=stranger, title="Mine")
    assert send(pdf, note_id=str(note.pk)).status_code == 404
    assert not Document.objects.exists()


def test_a_note_id_that_is_none_is_refused(send, pdf):
    assert send(pdf, note_id="seven").status_code == 400


def test_an_empty_note_id_means_no_note(send, pdf):
    assert send(pdf, note_id="", title="").json()["note_id"] is None


def test_a_title_may_be_given(send, pdf):
    assert send(pdf, title="Die Zelle").json()["title"] == "Die Zelle"


def test_the_same_bytes_again_are_the_existing_document(send, pdf):
    first, again = send(pdf, "a.pdf"), send(pdf, "b.pdf", title="Other")
    assert (first.status_code, again.status_code) == (202, 200)
    assert again.json() == first.json() | {"existing": True}
    assert Document.objects.count() == 1


def test_the_same_bytes_again_are_attached_to_the_note_that_is_named(send, pdf, api):
    send(pdf)
    note = api.post("/api/notes", {"title": "Cells"}).json()["id"]

    again = send(pdf, note_id=note).json()

    assert (again["existing"], again["note_id"]) == (True, note)


def test_two_parts_of_one_name_are_refused(api):
    files = [SimpleUploadedFile(name, b"Some text.") for name in ("a.txt", "b.txt")]

    response = api.upload("/api/documents/upload", file=files)

    assert response.status_code == 400
    assert "file" in response.json()["errors"]


def test_two_people_may_upload_the_same_bytes(send, pdf, stranger_api):
    mine, theirs = send(pdf), send(pdf, by=stranger_api)
    assert (mine.status_code, theirs.status_code) == (202, 202)
    assert mine.json()["id"] != theirs.json()["id"]


@pytest.mark.django_db(transaction=True)
def test_of_uploads_that_race_one_wins_and_leaves_one_file(pdf):
    person = User.objects.create_user("racer", password="a long password")
    barrier = threading.Barrier(6)
    results = []

    def upload():
        file = SimpleUploadedFile("cells.pdf", pdf)
        barrier.wait()
        try:
            results.append(create_document(owner=person, upload=file))
        finally:
            connection.close()

    threads = [threading.Thread(target=upload) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({document.pk for document, _ in results}) == 1
    assert sorted(is_new for _, is_new in results) == [False] * 5 + [True]
    assert len(default_storage.listdir(f"documents/{person.pk}")[1]) == 1


def test_the_stored_name_holds_nothing_of_the_users(send, pdf, owner):
    document = Document.objects.get(pk=send(pdf, "secret plans.pdf").json()["id"])
    assert document.file.name == f"documents/{owner.pk}/{document.pk}"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\windows\\system.pdf", "system.pdf"),
        ("/abs/olute.pdf", "olute.pdf"),
        ("Übungen zur Zelle ⚗️.pdf", "Übungen zur Zelle ⚗️.pdf"),
        ("세포.pdf", "세포.pdf"),
        ("a" * 400 + ".pdf", None),
        ("fdp.\u202efdp.pdf", "fdp.fdp.pdf"),
    ],
)
def test_names_are_cleaned_and_keep_their_script(send, pdf, given, shown):
    name = send(pdf, given).json()["filename"]
    assert len(name) <= 255
    assert name.endswith(".pdf")
    assert shown is None or name == shown


def test_a_file_over_the_limit_is_refused(send, settings):
    settings.MAX_UPLOAD_MB = 1
    response = send(b"x" * (1024 * 1024 + 1), "long.txt")
    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    far_over = send(b"x" * (2 * 1024 * 1024), "long.txt")
    assert (far_over.status_code, far_over.json()["code"]) == (413, "too_large")
    assert not Document.objects.exists()


def test_an_empty_file_is_refused(send):
    response = send(b"", "empty.txt")
    assert (response.status_code, response.json()["code"]) == (400, "empty")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00\x03\x00\x00\x00" + b"\0" * 64, "setup.exe"),
        (b"\x7fELF\x02\x01\x01\0" + b"\0" * 64, "program"),
        (make_zip({"a.txt": "hello"}), "archive.zip"),
        (b"\0\1\2\3" * 50, "data.txt"),
        (b"print(1)", "script.py"),
    ],
)
def test_other_kinds_of_file_are_refused(send, content, name):
    response = send(content, name)
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_type")
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (make_pdf([["Hello"]]), "no-suffix", "application/pdf"),
        (make_docx(["Hello"]), "letter.bin", "wordprocessingml"),
        (b"# Title", "a.md", "text/markdown"),
        (b"a,b\n1,2", "a.CSV", "text/csv"),
        (b"<!doctype html><p>Hello", "page.html", "text/html"),
        (b"just words", "README", "text/plain"),
    ],
)
def test_content_tells_the_type_before_the_name_does(send, content, name, kind):
    assert kind in send(content, name, kind="image/gif").json()["content_type"]


def test_an_upload_too_large_for_memory_goes_by_the_disk(process, send, settings):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    content = make_docx(["The mitochondrion is the power plant of the cell."])
    assert process(content, "cells.docx").status == "ready"
    assert send(content, "again.docx").status_code == 200


def test_without_a_file_nothing_is_taken_in(api):
    response = api.upload("/api/documents/upload", title="Nothing")
    assert response.status_code == 400
    assert "file" in response.json()["errors"]


def test_json_is_no_upload(api):
    assert api.post("/api/documents/upload", {"file": "x"}).status_code == 415


def test_a_visitor_may_not_upload(send, pdf, visitor_api):
    assert send(pdf, by=visitor_api).status_code == 401


def test_uploads_are_limited_a_minute(send, settings):
    settings.RATE_LIMIT_DOCUMENT_UPLOAD = 2
    codes = [send(f"text {number}".encode(), "a.txt").status_code for number in range(3)]
    assert codes == [202, 202, 429]


def test_when_the_storage_is_down_the_upload_is_refused_and_no_row_is_left(send, pdf, settings):
    blocked = settings.MEDIA_ROOT
    blocked.write_text("a file where the folder should be")
    response = send(pdf)
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert response["Retry-After"]
    assert not Document.objects.exists()
