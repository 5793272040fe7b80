"""The state of a document as server-sent events.

Each stream holds a thread of the web process, so only some may be watched to their end at a time;
the others get the present state and are told to ask again, as an EventSource does by itself.
"""

import threading
import time
from collections.abc import Iterator
from uuid import UUID

from documents.models import Document
from learningaier.api.events import HEARTBEAT, event
from learningaier.core.database import release_connection
from learningaier.server.threads import THREADS

POLL_SECONDS = 0.5
HEARTBEAT_SECONDS = 15.0  # below the idle time-outs of proxies
MAX_SECONDS = 600.0
RETRY_MILLISECONDS = 2000
MAX_WATCHED = THREADS // 4  # streams of this process

_room = threading.BoundedSemaphore(MAX_WATCHED)


def stream_events(document_id: UUID) -> Iterator[bytes]:
    """A message whenever status, stage or progress change, until the processing has ended.

    The data: `{"id", "status", "stage", "progress", "pages", "chunks", "error"}`.
    """
    yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
    is_watched = _room.acquire(blocking=False)
    try:
        yield from _watch(document_id, MAX_SECONDS if is_watched else 0.0)
    finally:
        if is_watched:
            _room.release()


def _watch(document_id: UUID, seconds: float) -> Iterator[bytes]:
    ends_at = time.monotonic() + seconds
    last, sent_at = b"", time.monotonic()
    while (document := _read(document_id)) is not None:
        message = _message(document)
        if message != last:
            yield message
            last, sent_at = message, time.monotonic()
        elif time.monotonic() - sent_at >= HEARTBEAT_SECONDS:
            yield HEARTBEAT
            sent_at = time.monotonic()
        if document.is_over or time.monotonic() >= ends_at:
            return
        time.sleep(POLL_SECONDS)


def _read(document_id: UUID) -> Document | None:
    """The document; no connection is kept while nothing is asked."""
    document = Document.objects.filter(pk=document_id).first()
    release_connection()
    return document


def _message(document: Document) -> bytes:
    state = {
        "id": str(document.pk),
        "status": document.status,
        "stage": document.stage,
        "progress": document.progress,
        "pages": document.pages,
        "chunks": document.chunks,
        "error": document.error,
    }
    return event(state)
