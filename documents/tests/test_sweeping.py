"""What is healed without anybody's asking."""

from datetime import timedelta

import pytest
from django.utils import timezone

from documents.models import Document
from documents.processing import claim_document, run_attempt
from documents.sweeping import remove_orphans, sweep_documents
from learningaier.jobs.queues import get_queue, queue_connection
from learningaier.knowledge.models import Chunk, Material

LONG_AGO = timedelta(seconds=61)


@pytest.fixture
def queue_down(settings):
    """The queue's Redis does not answer."""
    address = settings.QUEUE_REDIS_URL
    settings.QUEUE_REDIS_URL = "redis://127.0.0.1:1/0"
    queue_connection.cache_clear()

    def recover():
        settings.QUEUE_REDIS_URL = address
        queue_connection.cache_clear()

    yield recover
    recover()


def _age(document_id, **times):
    Document.objects.filter(pk=document_id).update(
        **{name: timezone.now() - age for name, age in times.items()}
    )


def test_without_the_queue_an_upload_waits_and_is_processed_when_it_is_back(
    queue_down, send, pdf, run_jobs
):
    response = send(pdf)
    assert (response.status_code, response.json()["status"]) == (202, "queued")
    pk = response.json()["id"]
    _age(pk, enqueued_at=LONG_AGO)
    sweep_documents()
    assert Document.objects.get(pk=pk).status == "queued"
    queue_down()
    sweep_documents()
    assert run_jobs() == 1
    assert Document.objects.get(pk=pk).status == "ready"


def test_the_document_of_a_killed_worker_is_processed_again_without_duplicates(send, pdf, run_jobs):
    pk = send(pdf).json()["id"]
    get_queue().empty()
    killed = claim_document()
    run_attempt(attempt=killed)
    chunks = set(Chunk.objects.values_list("digest", flat=True))
    Document.objects.update(status="processing", stage="indexing")
    _age(pk, heartbeat_at=timedelta(seconds=31))
    sweep_documents()
    assert Document.objects.get(pk=pk).status == "queued"
    assert run_jobs() == 1
    document = Document.objects.get(pk=pk)
    assert (document.status, document.claim_number) == ("ready", 2)
    again = list(Chunk.objects.values_list("digest", flat=True))
    assert len(again) == document.chunks == len(chunks)


def test_a_worker_that_lives_is_left_in_peace(send, pdf):
    pk = send(pdf).json()["id"]
    get_queue().empty()
    claim_document()
    _age(pk, heartbeat_at=timedelta(seconds=20))
    sweep_documents()
    assert Document.objects.get(pk=pk).status == "processing"
    assert get_queue().count == 0


def test_a_document_that_kills_its_workers_is_given_up(send, pdf):
    pk = send(pdf).json()["id"]
    for _ in range(3):
        assert claim_document()
        _age(pk, heartbeat_at=LONG_AGO)
    assert claim_document() is None
    sweep_documents()
    document = Document.objects.get(pk=pk)
    assert (document.status, document.error_code) == ("failed", "timeout")


def test_waiting_documents_do_not_flood_the_queue(send, pdf):
    pk = send(pdf).json()["id"]
    for _ in range(3):
        sweep_documents()
    assert get_queue().count == 1
    for _ in range(10):  # no worker takes anything
        _age(pk, enqueued_at=LONG_AGO)
        sweep_documents()
    assert get_queue().count == 1


def test_a_job_missing_from_an_empty_queue_is_put_there_soon(send, pdf):
    pk = send(pdf).json()["id"]
    get_queue().empty()
    sweep_documents()
    assert get_queue().count == 0
    _age(pk, enqueued_at=timedelta(seconds=11))
    sweep_documents()
    assert get_queue().count == 1


def test_the_index_is_cleared_after_a_cancelled_documents_worker_died(send, pdf, run_jobs):
    pk = send(pdf).json()["id"]
    run_jobs()
    Document.objects.update(status="cancelled")
    _age(pk, heartbeat_at=LONG_AGO)
    sweep_documents()
    assert not Material.objects.exists()
    assert Document.objects.get(pk=pk).heartbeat_at is None


def test_a_changed_title_whose_job_got_lost_is_indexed_in_the_end(send, pdf, run_jobs):
    pk = send(pdf).json()["id"]
    run_jobs()
    Document.objects.update(title="Cytology", is_index_due=True)
    _age(pk, enqueued_at=LONG_AGO)
    sweep_documents()
    assert run_jobs() == 1
    assert Material.objects.get(pk=pk).title == "Cytology"
    assert not Document.objects.get(pk=pk).is_index_due


def test_what_the_index_holds_of_no_document_is_removed(process, pdf, owner):
    document = process(pdf)
    kept = Material.objects.create(pk=owner.pk, owner=owner, kind="note", title="A note")
    assert remove_orphans() == 0
    Document.objects.filter(pk=document.pk).delete()
    assert remove_orphans() == 1
    assert list(Material.objects.all()) == [kept]
