"""What processing makes of files, good and bad."""

import io

import pypdfium2
import pytest
from django.db import connection
from django_redis import get_redis_connection

from documents.jobs import process_document
from documents.models import Document, DocumentText
from documents.processing import claim_document, run_attempt
from documents.services import cancel_document, delete_document
from documents.tests.files import make_docx, make_pdf, make_pptx
from learningaier.ai.tests.servers import Reply
from learningaier.knowledge.models import Chunk, Material

SENTENCE = "The mitochondrion is the power plant of the cell."
HEAVY = make_pdf([["The cell divides again and again."] * 50] * 2000)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (make_docx(["Cells", SENTENCE]), "cells.docx"),
        (f"<html><body><h1>Cells</h1><p>{SENTENCE}</p></body></html>".encode(), "cells.html"),
        (f"# Cells\n\n{SENTENCE}\n".encode(), "cells.md"),
        (f"Cells\r\n\r\n{SENTENCE}\r\n".encode("utf-16"), "cells.txt"),
        (f"Cells\r\n\r\n{SENTENCE}\r\n".encode("utf-16-be"), "cells.txt"),
        (f"part,role\nmitochondrion,{SENTENCE}\n".encode(), "cells.csv"),
        (rb"{\rtf1\ansi " + SENTENCE.encode() + rb"\par}", "cells.rtf"),
    ],
)
def test_a_sentence_of_each_format_is_found_and_quoted(process, api, content, name):
    document = process(content, name)
    assert (document.status, document.pages) == ("ready", None)
    source = api.get("/api/search?q=power+plant+of+the+cell").json()[0]
    assert SENTENCE in source["quote"]
    assert source["page"] is None
    page = api.get(f"/api/documents/{document.pk}/text").json()["pages"][0]
    assert page["page"] is None
    assert page["text"][source["start"] : source["end"]] == source["quote"]


def test_a_sentence_of_a_presentation_is_cited_by_its_slide(process, api):
    document = process(make_pptx(["Cells divide.", SENTENCE, "Plants breathe."]), "cells.pptx")
    assert (document.status, document.pages) == ("ready", 3)
    source = api.get("/api/search?q=power+plant+of+the+cell").json()[0]
    assert (source["page"], source["quote"]) == (2, SENTENCE)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (make_pdf([["Secret"]], is_encrypted=True), "locked.pdf", "password_protected"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"),
         "locked.docx", "password_protected"),
        (b"%PDF-1.7\n" + b"no objects here " * 40, "broken.pdf", "unreadable"),
        (b"PK\x03\x04" + b"garbage " * 40, "broken.docx", "unreadable"),
        (make_docx([" "]), "blank.docx", "empty"),
        (b" \n\t \n", "blank.txt", "empty"),
    ],
)  # fmt: skip
def test_a_file_without_readable_text_fails_with_its_reason(process, api, content, name, code):
    document = process(content, name)
    body = api.get(f"/api/documents/{document.pk}").json()
    assert (body["status"], body["stage"], body["error"]["code"]) == ("failed", "", code)
    assert body["error"]["message"].endswith(".")
    assert "/" not in body["error"]["message"]
    assert body["processed_at"]
    assert not Material.objects.exists()


def test_a_picture_is_read(process):
    page = pypdfium2.PdfDocument(make_pdf([[SENTENCE.upper()]]))[0]
    picture = io.BytesIO()
    page.render(scale=200 / 72).to_pil().save(picture, "PNG")
    document = process(picture.getvalue(), "scan.png")
    assert (document.status, document.warnings) == ("ready", [])
    assert "POWER PLANT" in DocumentText.objects.get(document=document).text


def test_a_picture_without_words_is_empty(process):
    document = process(PNG, "scan.png")
    assert (document.status, document.error_code) == ("failed", "empty")


def test_an_extraction_that_takes_too_long_fails(process, settings):
    settings.EXTRACTION_TIMEOUT_SECONDS = 0.01
    document = process(HEAVY)
    assert (document.status, document.error_code) == ("failed", "timeout")


def test_an_extraction_that_takes_too_much_memory_fails(process, settings):
    settings.EXTRACTION_MEMORY_MB = 12
    document = process(HEAVY)
    assert (document.status, document.error_code) == ("failed", "out_of_memory")


def test_a_title_or_note_changed_before_processing_is_what_is_indexed(send, pdf, run_jobs, api):
    pk = send(pdf).json()["id"]
    api.patch(f"/api/documents/{pk}", {"title": "Cytology"}, content_type="application/json")
    run_jobs()
    assert Material.objects.get(pk=pk).title == "Cytology"
    assert not Document.objects.get(pk=pk).is_index_due


def test_a_document_is_claimed_once(send, pdf):
    send(pdf)
    first = claim_document()
    assert first is not None
    assert claim_document() is None


def test_a_document_cancelled_after_its_claim_is_not_indexed(send, pdf):
    document = Document.objects.get(pk=send(pdf).json()["id"])
    attempt = claim_document()
    cancel_document(document=document)
    run_attempt(attempt=attempt)
    document.refresh_from_db()
    assert (document.status, document.heartbeat_at) == ("cancelled", None)
    assert not Material.objects.exists()


def test_a_document_deleted_after_its_claim_leaves_nothing(send, pdf):
    document = Document.objects.get(pk=send(pdf).json()["id"])
    attempt = claim_document()
    delete_document(document=Document.objects.get(pk=document.pk))
    run_attempt(attempt=attempt)
    assert not Document.objects.exists()
    assert not DocumentText.objects.exists()
    assert not Material.objects.exists()


def test_a_worker_that_was_taken_over_changes_nothing(send, pdf):
    document = Document.objects.get(pk=send(pdf).json()["id"])
    slow = claim_document()
    Document.objects.update(heartbeat_at="2020-01-01T00:00:00Z")
    fast = claim_document()
    run_attempt(attempt=slow)
    document.refresh_from_db()
    assert (document.status, document.claim_number) == ("processing", fast.number)
    run_attempt(attempt=fast)
    document.refresh_from_db()
    assert document.status == "ready"
    assert Chunk.objects.count() == document.chunks


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_is_tried_three_times_and_then_stated(process, pdf, run_jobs):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE knowledge_material RENAME TO away")
    try:
        document = process(pdf)
        assert (document.status, document.attempts) == ("queued", 1)
        process_document(str(document.pk))
        process_document(str(document.pk))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO knowledge_material")
    document.refresh_from_db()
    assert (document.status, document.error_code) == ("failed", "timeout")
    assert "our side" in document.error_message


def test_while_the_embedder_is_down_a_document_waits_and_no_try_is_counted(
    send, pdf, run_jobs, api, openai_embedder
):
    openai_embedder.script = [Reply(status=401)]
    pk = send(pdf).json()["id"]
    for _ in range(4):
        run_jobs()
        process_document(pk)
    document = Document.objects.get(pk=pk)
    assert (document.status, document.attempts) == ("queued", 0)

    openai_embedder.script = [Reply()]
    get_redis_connection("default").flushdb()  # as if the breaker's time had passed
    process_document(pk)

    assert api.get(f"/api/documents/{pk}").json()["status"] == "ready"
