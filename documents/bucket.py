"""Objects that clients have put into the Firebase bucket themselves, below `documents/{uid}/`."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage

from documents.files import storage_errors
from learningaier.accounts.models import User
from learningaier.core.errors import NotAvailable, NotFound, ServiceError, TooLarge

logger = logging.getLogger(__name__)

MAX_PATH = 1024  # bytes of an object's name
SECONDS = 15.0  # for each answer of the bucket
IN_MEMORY = 1024 * 1024  # bytes; what is larger waits on disk


class BucketRequired(ServiceError):
    """This installation has no bucket that clients could put files into."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "bucket_required"


def is_own_path(user: User, path: str) -> bool:
    """Whether an object's name is one below the user's own folder, and nothing but a name."""
    uid = user.firebase_uid or str(user.pk)
    folder = f"documents/{uid}/"
    steps = path.removeprefix(folder).split("/")
    is_plain = all(step not in {"", ".", ".."} for step in steps) and path.isprintable()
    return path.startswith(folder) and is_plain and len(path.encode()) <= MAX_PATH


@contextmanager
def open_object(user: User, path: str) -> Iterator[File[Any]]:
    """An object of the user's, as an upload.

    Raises: NotFound (404) for another's path or no object; TooLarge (413); BucketRequired,
    NotAvailable (503).
    """
    if not is_own_path(user, path):
        raise NotFound("There is no such file of yours in the bucket.", field="file_path")
    if not settings.FIREBASE_STORAGE_BUCKET:
        raise BucketRequired("There is no bucket here: FIREBASE_STORAGE_BUCKET is not set.")
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        size = _download(path, copy)
        upload: File[Any] = File(copy, name=path.rsplit("/", 1)[-1])
        upload.size = size
        yield upload


def _download(path: str, target: Any) -> int:
    """Write an object to a file. Returns: its size in bytes."""
    bucket: Any = default_storage.bucket  # type: ignore[attr-defined]  # of the GCS storage
    limit = settings.MAX_UPLOAD_MB * 1024 * 1024
    try:
        blob = bucket.get_blob(path, timeout=SECONDS, retry=None)
        if blob is None:
            raise NotFound("There is no such file of yours in the bucket.", field="file_path")
        if blob.size > limit:
            raise TooLarge(f"A file may have {settings.MAX_UPLOAD_MB} MB.")
        if blob.size:
            blob.download_to_file(target, timeout=SECONDS, retry=None)
    except storage_errors() as error:
        logger.warning("storage_down", extra={"error": type(error).__name__})
        raise NotAvailable("The file can't be fetched right now. Try again in a moment.") from error
    return int(target.tell())
