"""Work on documents that a request does not wait for."""

import logging
from uuid import UUID

from documents import processing
from documents.indexing import index_again
from documents.models import Document
from learningaier.ai.embedders import EmbedderError

logger = logging.getLogger(__name__)


def process_document(document_id: str) -> None:
    """Process an upload; one that is gone, done or in other hands needs nothing."""
    attempt = processing.claim_document(document_id=UUID(document_id))
    if attempt is None:
        return
    try:
        processing.run_attempt(attempt=attempt)
    except EmbedderError as error:
        logger.warning("embedder_down", extra={"document": document_id, "error": str(error)})
        processing.postpone(attempt=attempt)
    except Exception:
        logger.exception("processing_failed", extra={"document": document_id})
        processing.give_back(attempt=attempt)


def index_document_again(document_id: str) -> None:
    """Index a long document whose title or note has changed."""
    due = Document.objects.filter(status=Document.Status.READY, is_index_due=True)
    document = due.filter(pk=document_id).first()
    if document is not None:
        index_again(document=document)
