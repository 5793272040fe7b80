"""Work on notes that a request does not wait for."""

from learningaier.jobs.queues import enqueue
from notes.indexing import index_note
from notes.models import Note


def index_note_job(note_id: str) -> None:
    """Index a long note; one that is gone or indexed by now needs nothing."""
    note = Note.objects.filter(pk=note_id, index_status=Note.IndexStatus.PENDING).first()
    if note is not None:
        index_note(note=note)


def enqueue_pending_notes() -> int:
    """Give notes whose job got lost to the queue again. Returns: how many."""
    lost = list(Note.objects.left_pending().values_list("pk", flat=True)[:1000])
    return sum(enqueue(index_note_job, str(pk)) for pk in lost)
