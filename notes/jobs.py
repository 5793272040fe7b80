"""Work on notes that a request does not wait for."""

import logging

from django.db import OperationalError
from django.db.models import F

from learningaier.ai.embedders import EmbedderError
from learningaier.jobs.queues import enqueue
from learningaier.knowledge.index.writer import IndexingTimeout
from notes.indexing import index_note
from notes.models import MAX_INDEX_ATTEMPTS, Note

logger = logging.getLogger(__name__)


def index_note_job(_note_id: str) -> None:
    """Index a long note: the one whose owner has waited longest, not always this one."""
    waiting = Note.objects.claimable()
    while (note := waiting.next_in_turn(served="index_claimed_at", first="updated_at")) is not None:
        if Note.objects.filter(pk=note.pk).claim():
            _index(note)
            return


def _index(note: Note) -> None:
    """The attempt is counted before: a note that workers die over is given up too."""
    row = Note.objects.filter(pk=note.pk)
    if note.index_attempts >= MAX_INDEX_ATTEMPTS:
        row.fail_index(Note.IndexFailure.OUR_FAULT)
        return
    try:
        index_note(note=note)
    except (EmbedderError, OperationalError):
        row.update(index_attempts=F("index_attempts") - 1, index_claimed_at=None)  # not its fault
        raise
    except IndexingTimeout:
        row.fail_index(Note.IndexFailure.TIMEOUT)
    except Exception:
        logger.exception("note_indexing_failed", extra={"note": str(note.pk)})
        row.update(index_claimed_at=None)


def enqueue_pending_notes() -> int:
    """Give notes whose job got lost to the queue again. Returns: how many."""
    lost = list(Note.objects.left_pending().values_list("pk", flat=True)[:1000])
    return sum(enqueue(index_note_job, str(pk), queue="notes") for pk in lost)
