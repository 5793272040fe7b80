"""Healing what a dead worker or a lost queue left behind."""

from datetime import timedelta

from django.utils import timezone
from redis.exceptions import RedisError

from documents.failures import OUR_FAULT, Failure
from documents.jobs import index_document_again, process_document
from documents.models import JOB_PATIENCE, MAX_ATTEMPTS, Document
from learningaier.jobs.queues import enqueue, get_queue
from learningaier.knowledge.index.writer import remove_text
from learningaier.knowledge.models import Material

IDLE_PATIENCE = timedelta(seconds=10)  # a job missing from an empty queue for longer is lost
MAX_WAITING = 1000  # jobs in the queue beyond which no lost one is looked for
BATCH = 1000  # documents a sweep


def sweep_documents() -> None:
    """Free documents of dead workers, and give those to the queue whose job may be lost."""
    _free_lost()
    _clear_abandoned()
    _enqueue_waiting()


def remove_orphans() -> int:
    """Take out of the index what was written while its document was deleted. Returns: how many."""
    known = Document.objects.values("pk")
    orphans = Material.objects.filter(kind=Material.Kind.DOCUMENT).exclude(pk__in=known)
    found = list(orphans.values_list("pk", flat=True)[:BATCH])
    for pk in found:
        remove_text(material_id=pk)
    return len(found)


def _free_lost() -> None:
    """Dead workers' documents wait again; one that has killed several fails."""
    lost = Document.objects.lost()
    lost.filter(attempts__gte=MAX_ATTEMPTS).fail(Failure.TIMEOUT, OUR_FAULT)
    for pk in lost.values_list("pk", flat=True)[:BATCH]:
        if Document.objects.lost().filter(pk=pk).requeue():
            enqueue(process_document, str(pk))


def _clear_abandoned() -> None:
    for pk in Document.objects.abandoned().values_list("pk", flat=True)[:BATCH]:
        remove_text(material_id=pk)
        Document.objects.abandoned().filter(pk=pk).update(heartbeat_at=None)


def _enqueue_waiting() -> None:
    try:
        jobs = get_queue().count
    except RedisError:
        return
    if jobs > MAX_WAITING:
        return
    waiting = Document.objects.waiting_since(JOB_PATIENCE if jobs else IDLE_PATIENCE)
    for pk, status in waiting.values_list("pk", "status")[:BATCH]:
        job = process_document if status == Document.Status.QUEUED else index_document_again
        if enqueue(job, str(pk)):
            Document.objects.filter(pk=pk).update(enqueued_at=timezone.now())
