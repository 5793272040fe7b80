"""From an uploaded file to a searchable text: one attempt of one worker.

An attempt holds its document while the row says so: every write asks whether the document is still
processed under this attempt's number. So a cancelled or deleted document, or one that another
worker has taken over, is let go and never overwritten.
"""

import logging
import math
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from documents.extraction import Extracted, extract_text
from documents.failures import OUR_FAULT, TOO_MANY_PASSAGES, ExtractionError, Failure
from documents.files import copy_original
from documents.indexing import index_document
from documents.models import MAX_ATTEMPTS, Document, DocumentQuerySet, DocumentText
from documents.note_texts import fill_note, let_note_wait
from learningaier.jobs.heartbeat import Heartbeat
from learningaier.knowledge.index.writer import IndexingTimeout, remove_text
from learningaier.observability import tracing

logger = logging.getLogger(__name__)

EXTRACTED, EMBEDDED = 40, 90  # per cent
DEFAULT_SECONDS = 10.0  # of an extraction, for a progress that never arrives too early


class ClaimLost(Exception):
    """The document was cancelled, deleted or taken over: this attempt ends without a result."""


@dataclass(frozen=True)
class Attempt:
    """A claim on a document."""

    document_id: UUID
    number: int

    @property
    def held(self) -> DocumentQuerySet:
        """The document, while this attempt holds it."""
        rows: DocumentQuerySet = Document.objects.held(self.document_id, self.number)
        return rows

    def read(self) -> Document:
        """The document as it is now. Raises: ClaimLost."""
        document = self.held.first()
        if document is None:
            raise ClaimLost
        return document

    def advance(self, **changes: Any) -> None:
        """Show how far the work is, and that it lives. Raises: ClaimLost."""
        if not self.held.update(**{"heartbeat_at": timezone.now(), **changes}):
            raise ClaimLost


def claim_document() -> Attempt | None:
    """Take the next document that waits, or whose worker is dead; None if there is none.

    Owners take turns: a job says that there is work, not whose. As each document has a job, each
    has its turn.
    """
    waiting = Document.objects.claimable()
    while (found := waiting.next_in_turn(served="claimed_at", first="enqueued_at")) is not None:
        document = Document.objects.filter(pk=found.pk, claim_number=found.claim_number)
        if document.claim():
            return Attempt(found.pk, found.claim_number + 1)
    return None


def run_attempt(*, attempt: Attempt) -> None:
    """Process the document to its end: ready, failed, or let go.

    Raises: EmbedderError, NotAvailable, DatabaseError; `give_back` is due then.
    """
    try:
        with Heartbeat(attempt.held):
            _process(attempt)
    except ExtractionError as error:
        _fail(attempt, error.failure, error.message)
        logger.info("document_failed", extra=_figures(attempt, code=error.failure))
    except IndexingTimeout:
        _fail(attempt, Failure.TIMEOUT, TOO_MANY_PASSAGES)
    except ClaimLost:
        _clear(attempt)


def give_back(*, attempt: Attempt) -> None:
    """Let the sweeper try again after a fault of ours, up to MAX_ATTEMPTS times in all."""
    if attempt.held.filter(attempts__lt=MAX_ATTEMPTS).requeue():
        return
    _fail(attempt, Failure.TIMEOUT, OUR_FAULT)


def _fail(attempt: Attempt, failure: Failure, message: str) -> None:
    if attempt.held.fail(failure, message):
        let_note_wait(document_id=attempt.document_id, is_waiting=False)


def postpone(*, attempt: Attempt) -> None:
    """Let the sweeper try again, without counting this try: the embedder is down."""
    attempt.held.requeue(attempts=F("attempts") - 1)


def _process(attempt: Attempt) -> None:
    with tracing.span("extract", attributes={"document.id": str(attempt.document_id)}):
        extracted = _extract(attempt)
    attempt.advance(stage=Document.Stage.CHUNKING, progress=EXTRACTED, is_index_due=False)
    DocumentText.objects.update_or_create(
        document_id=attempt.document_id,
        defaults={"text": extracted.text, "pages": extracted.spans},
    )
    with tracing.span("index", attributes={"document.id": str(attempt.document_id)}):
        indexed = index_document(
            document=attempt.read(),
            on_progress=lambda share: attempt.advance(
                stage=Document.Stage.EMBEDDING,
                progress=EXTRACTED + int((EMBEDDED - EXTRACTED) * share),
            ),
        )
    attempt.advance(stage=Document.Stage.INDEXING, progress=99)
    fill_note(document_id=attempt.document_id, text=extracted.text)
    attempt.advance(
        status=Document.Status.READY,
        stage="",
        progress=100,
        pages=extracted.pages,
        chunks=indexed.chunks,
        warnings=extracted.warnings,
        heartbeat_at=None,
        processed_at=timezone.now(),
    )
    logger.info("document_ready", extra=_figures(attempt, chunks=indexed.chunks))


def _extract(attempt: Attempt) -> Extracted:
    document = attempt.read()

    def show_progress(seconds: float) -> None:
        attempt.advance(progress=int(EXTRACTED * (1 - math.exp(-seconds / DEFAULT_SECONDS))))

    with tempfile.TemporaryDirectory(prefix="document-") as folder:
        path = Path(folder) / "original"
        copy_original(document, path)
        return extract_text(
            path,
            document.content_type,
            on_wait=show_progress,
            learner=str(document.owner_id),
        )


def _clear(attempt: Attempt) -> None:
    """Take out of the index what was written after the document was cancelled or deleted."""
    document = Document.objects.filter(pk=attempt.document_id)
    is_wanted = document.exclude(status=Document.Status.CANCELLED).exists()
    if not is_wanted:
        remove_text(material_id=attempt.document_id)
        document.filter(claim_number=attempt.number).update(heartbeat_at=None)
    logger.info("document_let_go", extra=_figures(attempt))


def _figures(attempt: Attempt, **figures: Any) -> dict[str, Any]:
    return {"document": str(attempt.document_id), "attempt": attempt.number, **figures}
