"""The originals in Django's storage: the local disk or the Firebase bucket."""

import logging
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage

from documents.models import Document
from learningaier.core.errors import NotAvailable

logger = logging.getLogger(__name__)

COPY_BYTES = 1024 * 1024


def storage_errors() -> tuple[type[Exception], ...]:
    """What the chosen storage raises when it can't be reached."""
    if not settings.FIREBASE_STORAGE_BUCKET:
        return (OSError,)
    from google.api_core.exceptions import GoogleAPIError  # noqa: PLC0415  loads only when chosen
    from google.auth.exceptions import GoogleAuthError  # noqa: PLC0415

    return (OSError, GoogleAPIError, GoogleAuthError)


def save_original(document: Document, upload: File[Any]) -> None:
    """Store an upload and name it in the document's `file`. Raises: NotAvailable (503)."""
    upload.seek(0)
    try:
        document.file.save(document.filename, upload, save=False)
    except storage_errors() as error:
        logger.warning("storage_down", extra={"error": type(error).__name__})
        raise NotAvailable("The file can't be stored right now. Try again in a moment.") from error


def open_original(document: Document) -> IO[bytes]:
    """The stored file, to be read and closed. Raises: NotAvailable (503)."""
    try:
        return document.file.storage.open(str(document.file.name), "rb")
    except storage_errors() as error:
        logger.warning("storage_down", extra={"error": type(error).__name__})
        raise NotAvailable("The file can't be fetched right now. Try again in a moment.") from error


def copy_original(document: Document, target: Path) -> None:
    """Write the stored file to a path. Raises: NotAvailable."""
    with open_original(document) as source, target.open("wb") as copy:
        while piece := source.read(COPY_BYTES):
            copy.write(piece)


def delete_original(name: str) -> None:
    """Remove a stored file; one that can't be removed now is logged, as its row is gone."""
    try:
        default_storage.delete(name)
    except storage_errors() as error:
        logger.warning("orphaned_file", extra={"file": name, "error": type(error).__name__})
