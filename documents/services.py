"""What happens to documents: each upload leads to a searchable text or to a stated failure."""

import hashlib
from functools import partial
from pathlib import PurePosixPath
from typing import Any, TypedDict, Unpack
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.db.models.functions import Length
from django.utils import timezone

from documents.files import delete_original, save_original
from documents.formats import clean_filename, detect_type
from documents.indexing import index_again
from documents.jobs import index_document_again, process_document
from documents.models import Document, DocumentText
from documents.note_texts import let_note_wait
from learningaier.accounts.models import User
from learningaier.core.errors import Conflict, NotFound, QuotaReached, ServiceError, TooLarge
from learningaier.core.ownership import EXTERNAL_ID_ONCE
from learningaier.jobs.queues import enqueue_after_commit
from learningaier.knowledge.index.writer import remove_text
from learningaier.sync import trash
from learningaier.sync.models import TrashEntry
from notes.models import Note, NoteVersion

TRASH_KIND = "document"
MEGABYTE = 1024 * 1024
INDEXED_AT_ONCE = 50_000  # characters; above, a worker indexes: here it takes 0.1 s


class DocumentFields(TypedDict, total=False):
    """What a learner may change of a document."""

    title: str
    note: Note | None


def create_document(
    *,
    owner: User,
    upload: File[Any],
    title: str = "",
    note: Note | None = None,
    external_id: str = "",
    pk: UUID | None = None,
) -> tuple[Document, bool]:
    """Take in a file and have it processed.

    `note`: the owner's note to attach it to. `pk`: an id that no document has; None: a new one.
    Returns: the document, and whether it is new; the same bytes again are the existing one.
    Raises: TooLarge (413), UnsupportedType (415), NotAvailable (503), ServiceError (400, `empty`).
    """
    digest = hash_upload(upload)
    existing = Document.objects.filter(owner=owner, sha256=digest).first()
    if existing is not None:
        if note is not None and existing.note_id != note.pk:
            existing = update_document(document=existing, note=note)
        return existing, False
    _check_quota(owner, upload.size or 0)
    filename = clean_filename(upload.name or "")
    document = Document(
        pk=pk or uuid4(),
        owner=owner,
        title=title.strip() or PurePosixPath(filename).stem,
        filename=filename,
        content_type=detect_type(upload, filename),
        size=upload.size,
        sha256=digest,
        note=note,
        external_id=external_id,
    )
    save_original(document, upload)
    return _insert(document)


def _check_quota(owner: User, size: int) -> None:
    """Raises: QuotaReached (409), TooLarge (413), each with what is used."""
    count = Document.objects.filter(owner=owner).count()
    used = count_bytes(owner) + size
    if count >= settings.USER_DOCUMENTS:
        raise QuotaReached(
            f"You have {count} documents, which is the most.",
            used=count,
            limit=settings.USER_DOCUMENTS,
        )
    if used > settings.USER_STORAGE_MB * MEGABYTE:
        facts = {"used_mb": (used - size) // MEGABYTE, "limit_mb": settings.USER_STORAGE_MB}
        raise TooLarge(
            "Your files would take more room than there is.", code="storage_full", facts=facts
        )


def count_bytes(owner: User) -> int:
    """The room that a learner takes: files, in the trash too, and the versions of notes."""
    files = Document.everything.filter(owner=owner).aggregate(size=Sum("size"))["size"] or 0
    versions = NoteVersion.objects.filter(owner=owner).aggregate(size=Sum("size"))["size"] or 0
    return files + versions


def hash_upload(upload: File[Any]) -> str:
    """The SHA-256 of an upload. Raises: ServiceError (400, `empty`), TooLarge (413)."""
    limit = settings.MAX_UPLOAD_MB * 1024 * 1024
    if not upload.size:
        raise ServiceError("The file is empty.", code="empty")
    if upload.size > limit:
        raise TooLarge(f"A file may have {settings.MAX_UPLOAD_MB} MB.")
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    return digest.hexdigest()


def _insert(document: Document) -> tuple[Document, bool]:
    """Write the row; where it can't be written, the stored file goes again."""
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError as error:
        delete_original(str(document.file.name))
        if EXTERNAL_ID_ONCE in str(error):
            raise
        return Document.objects.get(owner=document.owner_id, sha256=document.sha256), False
    except BaseException:
        delete_original(str(document.file.name))
        raise
    enqueue_after_commit(process_document, str(document.pk))
    return document, True


def update_document(*, document: Document, **fields: Unpack[DocumentFields]) -> Document:
    """Change a document's title or note; a ready one is indexed again.

    Raises: NotFound (404) if it was deleted meanwhile.
    """
    now = timezone.now()
    changed = Document.objects.filter(pk=document.pk).update(
        **fields, is_index_due=True, updated_at=now, enqueued_at=now
    )
    if not changed:
        raise NotFound
    document.refresh_from_db()
    if document.status == Document.Status.READY:
        if _length(document) <= INDEXED_AT_ONCE:
            index_again(document=document)
        else:
            enqueue_after_commit(index_document_again, str(document.pk))
    return document


def _length(document: Document) -> int:
    texts = DocumentText.objects.filter(document_id=document.pk)
    return texts.values_list(Length("text"), flat=True).first() or 0


def retry_document(*, document: Document) -> Document:
    """Process a failed or cancelled document again. Raises: Conflict (409)."""
    ended = [Document.Status.FAILED, Document.Status.CANCELLED]
    if not Document.objects.filter(pk=document.pk, status__in=ended).requeue(
        attempts=0, processed_at=None
    ):
        raise Conflict("Only a failed or cancelled document can be tried again.")
    let_note_wait(document_id=document.pk, is_waiting=True)
    enqueue_after_commit(process_document, str(document.pk))
    document.refresh_from_db()
    return document


def cancel_document(*, document: Document) -> Document:
    """Stop the processing of a document; its worker notices within seconds.

    Raises: Conflict (409) when it has ended otherwise.
    """
    is_cancelled = bool(Document.objects.filter(pk=document.pk).cancel())
    document.refresh_from_db()
    if not is_cancelled and document.status != Document.Status.CANCELLED:
        raise Conflict("The processing of this document has already ended.")
    let_note_wait(document_id=document.pk, is_waiting=False)
    return document


def delete_document(*, document: Document) -> None:
    """Put a document into the trash; search and answers know nothing of it, a worker lets it go."""
    with transaction.atomic():
        remove_text(material_id=document.pk)
        row = Document.objects.select_for_update().filter(pk=document.pk).first()
        if row is not None:
            row.deleted_at = timezone.now()
            row.save(update_fields=["deleted_at", "updated_at"])
            trash.add_entry(row=row, kind=TRASH_KIND, title=row.title, payload=trash.detach(row))


def restore_document(entry: TrashEntry) -> None:
    """Take a document out of the trash; it is searched again, or processed where it was not yet.

    Raises: Conflict (409) where the same file was uploaded again meanwhile.
    """
    row = Document.everything.get(pk=entry.pk)
    if Document.objects.filter(owner_id=row.owner_id, sha256=row.sha256).exists():
        raise Conflict("You have uploaded this file again since.", code="uploaded_again")
    if row.note is not None and row.note.deleted_at is not None:
        row.note = None
    row.deleted_at = None
    is_ready = row.status == Document.Status.READY
    row.is_index_due, row.enqueued_at = is_ready or row.is_index_due, timezone.now()
    row.save()
    trash.reattach(entry, row)
    if is_ready:
        enqueue_after_commit(index_document_again, str(row.pk))
    elif not row.is_over:
        Document.objects.filter(pk=row.pk).requeue()
        enqueue_after_commit(process_document, str(row.pk))


def purge_document(document_id: UUID) -> None:
    """Delete a document for good, with its file."""
    for row in Document.everything.filter(pk=document_id):
        name = str(row.file.name)
        row.delete()
        transaction.on_commit(partial(delete_original, name))
