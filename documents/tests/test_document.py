"""GET, PATCH, DELETE /api/documents and what else one document answers."""

import threading

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from documents.jobs import process_document
from documents.models import Document, DocumentText
from documents.services import purge_document
from documents.tests.files import make_pdf
from learningaier.knowledge.models import Chunk, Material
from notes.models import Note

ROUTES = [
    ("get", ""),
    ("patch", ""),
    ("delete", ""),
    ("get", "/events"),
    ("get", "/file"),
    ("get", "/text"),
    ("post", "/retry"),
    ("post", "/cancel"),
]


def patch(api, pk, **fields):
    return api.patch(f"/api/documents/{pk}", fields, content_type="application/json")


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_a_stranger_finds_nothing(process, pdf, stranger_api, method, tail):
    document = process(pdf)
    kind = {"content_type": "application/json"} if method in {"patch", "post"} else {}
    response = getattr(stranger_api, method)(f"/api/documents/{document.pk}{tail}", **kind)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert Document.objects.get(pk=document.pk).status == "ready"


@pytest.mark.parametrize(("method", "tail"), ROUTES)
def test_a_visitor_is_asked_to_sign_in(send, pdf, visitor_api, method, tail):
    pk = send(pdf).json()["id"]
    response = getattr(visitor_api, method)(f"/api/documents/{pk}{tail}")
    assert response.status_code == 401


def test_the_list_is_the_owners_newest_first(send, api, stranger_api):
    for name in ("one", "two", "three"):
        send(name.encode(), f"{name}.txt")
    send(b"theirs", "theirs.txt", by=stranger_api)
    response = api.get("/api/documents/?limit=2")
    assert [row["title"] for row in response.json()] == ["three", "two"]
    assert response["X-Total-Count"] == "3"
    assert 'rel="next"' in response["Link"]


def test_the_list_takes_as_many_queries_for_many_as_for_one(send, api, owner):
    note = Note.objects.create(owner=owner, title="Biology")
    counts = []
    for number in range(3):
        send(f"text {number}".encode(), "a.txt", note_id=str(note.pk))
        with CaptureQueriesContext(connection) as queries:
            rows = api.get("/api/documents").json()
        counts.append(len(queries))
        assert {row["note_id"] for row in rows} == {str(note.pk)}
    assert counts[1] == counts[2]


def test_a_new_title_is_cited_at_once(process, pdf, api):
    document = process(pdf)
    response = patch(api, document.pk, title="Cytology")
    assert (response.status_code, response.json()["title"]) == (200, "Cytology")
    assert api.get("/api/search?q=chlorophyll").json()[0]["title"] == "Cytology"
    assert Chunk.objects.count() == document.chunks


def test_a_long_document_is_indexed_again_by_a_worker(process, api, run_jobs):
    document = process(make_pdf([["The cell divides again and again."] * 50] * 40))
    patch(api, document.pk, title="Cytology")
    assert run_jobs() == 1
    document.refresh_from_db()
    assert Material.objects.get(pk=document.pk).title == "Cytology"
    assert not document.is_index_due


def test_a_document_moves_from_note_to_note_with_its_answers(process, pdf, api):
    first, second = (
        api.post("/api/notes/", {"title": title, "content": ""}).json()["id"]
        for title in ("First", "Second")
    )
    document = process(pdf, note_id=first)

    def status_of(note_id):
        asked = {"question": "What does the Calvin cycle fix?", "note_id": note_id}
        return api.post("/api/notes/ai-qa", asked).json()["status"]

    assert (status_of(first), status_of(second)) == ("answered", "not_found")
    assert patch(api, document.pk, note_id=second).json()["note_id"] == second
    assert (status_of(first), status_of(second)) == ("not_found", "answered")
    assert patch(api, document.pk, note_id=None).json()["note_id"] is None
    assert status_of(second) == "not_found"


def test_a_document_can_not_be_attached_to_a_strangers_note(process, pdf, api, stranger):
    note = Note.objects.create(owner=stranger, title="Mine")
    document = process(pdf)
    assert patch(api, document.pk, note_id=str(note.pk)).status_code == 404
    assert patch(api, document.pk, note_id="seven").status_code == 400
    assert Document.objects.get(pk=document.pk).note_id is None


def test_a_title_may_not_be_blank(process, pdf, api):
    assert patch(api, process(pdf).pk, title=" ").status_code == 400


def test_what_processing_decides_can_not_be_changed(process, pdf, api):
    document = process(pdf)
    body = patch(api, document.pk, status="queued", sha256="0", error=None).json()
    assert (body["status"], body["sha256"]) == ("ready", document.sha256)


def test_a_document_outlives_its_note(process, pdf, api):
    note = api.post("/api/notes/", {"title": "Biology", "content": ""}).json()
    document = process(pdf, note_id=note["id"])
    assert api.delete(f"/api/notes/{note['id']}").status_code == 200
    assert api.get(f"/api/documents/{document.pk}").json()["note_id"] is None
    assert api.get("/api/search?q=chlorophyll").json()


def test_a_deleted_document_leaves_no_passage_and_from_the_trash_no_row_or_file(process, pdf, api):
    document = process(pdf)
    assert api.delete(f"/api/documents/{document.pk}").status_code == 200
    assert api.get(f"/api/documents/{document.pk}").status_code == 404
    assert not Material.objects.exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        purge_document(document.pk)
    assert not default_storage.exists(document.file.name)
    assert not DocumentText.objects.exists()
    assert api.get("/api/search?q=chlorophyll").json() == []


def test_deleted_bytes_can_be_uploaded_again(send, pdf, api):
    api.delete(f"/api/documents/{send(pdf).json()['id']}")
    assert send(pdf).status_code == 202


def test_the_text_comes_by_page_with_exact_spans(process, pdf, api):
    document = process(pdf)
    pages = api.get(f"/api/documents/{document.pk}/text").json()["pages"]
    whole = document.extracted.text
    assert [page["page"] for page in pages] == [1, 2]
    assert [whole[page["start"] : page["end"]] for page in pages] == [p["text"] for p in pages]
    assert "power plant" in pages[0]["text"]


def test_before_processing_there_is_no_text(send, pdf, api):
    pk = send(pdf).json()["id"]
    assert api.get(f"/api/documents/{pk}/text").json() == {"pages": []}


@pytest.mark.parametrize("name", ["cells.pdf", "Zellen – Übung.pdf", '세포 "1".pdf'])
def test_the_original_comes_back_as_an_attachment(send, pdf, api, name):
    pk = send(pdf, name).json()["id"]
    response = api.get(f"/api/documents/{pk}/file", headers={"Accept": "application/pdf"})
    assert b"".join(response.streaming_content) == pdf
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/pdf"
    assert int(response["Content-Length"]) == len(pdf)
    if not name.isascii():
        assert "filename*=utf-8''" in response["Content-Disposition"]


def test_an_original_that_can_not_be_fetched_is_a_503(send, pdf, api):
    document = Document.objects.get(pk=send(pdf).json()["id"])
    default_storage.delete(document.file.name)
    assert api.get(f"/api/documents/{document.pk}/file").status_code == 503


def test_a_failed_document_can_be_tried_again(process, api, run_jobs, settings):
    settings.EXTRACTION_TIMEOUT_SECONDS = 0
    document = process(b"<p>Cells divide.", "cells.html")
    settings.EXTRACTION_TIMEOUT_SECONDS = 60
    body = api.post(f"/api/documents/{document.pk}/retry").json()
    assert (body["status"], body["progress"], body["error"]) == ("queued", 0, None)
    assert body["processed_at"] is None
    run_jobs()
    assert api.get(f"/api/documents/{document.pk}").json()["status"] == "ready"


def test_only_what_failed_or_was_cancelled_can_be_tried_again(send, pdf, api, run_jobs):
    address = f"/api/documents/{send(pdf).json()['id']}/retry"
    queued = api.post(address)
    assert (queued.status_code, queued.json()["code"]) == (409, "conflict")
    run_jobs()
    assert api.post(address).status_code == 409


def test_a_cancelled_document_is_not_processed_until_it_is_tried_again(send, pdf, api, run_jobs):
    pk = send(pdf).json()["id"]
    cancelled = api.post(f"/api/documents/{pk}/cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert api.post(f"/api/documents/{pk}/cancel").status_code == 200
    run_jobs()
    assert api.get(f"/api/documents/{pk}").json()["status"] == "cancelled"
    assert not Material.objects.exists()
    assert api.post(f"/api/documents/{pk}/retry").json()["status"] == "queued"
    run_jobs()
    assert api.get(f"/api/documents/{pk}").json()["status"] == "ready"


def test_what_has_ended_can_not_be_cancelled(process, pdf, api):
    assert api.post(f"/api/documents/{process(pdf).pk}/cancel").status_code == 409


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_on_one_document_one_works(send, pdf, run_jobs):
    pk = send(pdf).json()["id"]

    def work():
        try:
            process_document(pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    document = Document.objects.get(pk=pk)
    assert (document.status, document.claim_number) == ("ready", 1)
    assert Chunk.objects.count() == document.chunks
