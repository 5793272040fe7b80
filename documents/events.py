"""The state of a document as server-sent events."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from documents.models import Document
from learningaier.api.watching import watch_row


def stream_events(document_id: UUID) -> Iterator[bytes]:
    """A message whenever status, stage or progress change, until the processing has ended."""
    return watch_row(Document.objects.filter(pk=document_id).first, _show_state)


def _show_state(document: Document) -> dict[str, Any]:
    return {
        "id": str(document.pk),
        "status": document.status,
        "stage": document.stage,
        "progress": document.progress,
        "pages": document.pages,
        "chunks": document.chunks,
        "error": document.error,
    }
