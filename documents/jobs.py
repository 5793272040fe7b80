"""Work on documents that a request does not wait for."""

import logging

from django.db import OperationalError

from documents import processing
from documents.indexing import index_again
from documents.models import Document
from learningaier.ai.embedders import EmbedderError

logger = logging.getLogger(__name__)


def process_document(document_id: str) -> None:
    """Process an upload: the one whose owner has waited longest, not always this one."""
    attempt = processing.claim_document()
    if attempt is None:
        return
    document_id = str(attempt.document_id)
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
    if document is None:
        return
    try:
        index_again(document=document)
    except (EmbedderError, OperationalError):
        raise
    except Exception:
        # The text is indexed under the title that it had: no reason to try for ever.
        logger.exception("indexing_again_failed", extra={"document": document_id})
        due.filter(pk=document_id).update(is_index_due=False)
