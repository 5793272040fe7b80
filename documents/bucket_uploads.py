"""Documents from files that clients have put into the bucket themselves."""

from typing import NamedTuple

from django.db import transaction

from documents.bucket import is_own_path, open_object
from documents.models import Document, DocumentText
from documents.note_texts import find_or_create_note
from documents.services import create_document
from learningaier.accounts.models import User
from learningaier.core.errors import Conflict, NotFound
from learningaier.core.ownership import parse_uuid
from notes.models import Note

PREVIEW = 200  # characters


class TakenIn(NamedTuple):
    """A document, the note of its text, and whether they are new."""

    document: Document
    note: Note
    is_new: bool

    @property
    def preview(self) -> str:
        """The beginning of the text, as far as it is known."""
        texts = DocumentText.objects.filter(document_id=self.document.pk)
        text: str = texts.values_list("text", flat=True).first() or ""
        return " ".join(text[: 2 * PREVIEW].split())[:PREVIEW]


def take_from_bucket(*, owner: User, document_id: str, path: str) -> TakenIn:
    """Make a document of an object, and a note that gets its text; once for a document id.

    `document_id`: the client's, a UUID or an id of another program.
    Raises: NotFound (404) for a path that is not the owner's, or no object; TooLarge (413);
    UnsupportedType (415); NotAvailable (503); ServiceError (400, `empty`); QuotaReached (409).
    """
    if not is_own_path(owner, path):
        raise NotFound("There is no such file of yours in the bucket.", field="file_path")
    document = _find(owner, document_id)
    is_new = document is None
    if document is None:
        document, is_new = _create(owner, document_id, path)
    with transaction.atomic():
        row = Document.objects.select_for_update().get(pk=document.pk)  # one call makes the note
        note = find_or_create_note(owner=owner, document=row)
    return TakenIn(row, note, is_new)


def _create(owner: User, document_id: str, path: str) -> tuple[Document, bool]:
    pk = parse_uuid(document_id)
    external_id = document_id if pk is None else ""
    if pk is not None and Document.everything.filter(pk=pk).exists():
        pk = None  # another learner's, or in the trash; nobody is told
    with open_object(owner, path) as upload:
        try:
            return create_document(owner=owner, upload=upload, external_id=external_id, pk=pk)
        except Conflict as error:
            document = _find(owner, document_id)
            if document is None:
                raise error from None
            return document, False


def _find(owner: User, document_id: str) -> Document | None:
    pk = parse_uuid(document_id)
    rows = Document.objects.owned_by(owner)
    found = rows.filter(external_id=document_id) if pk is None else rows.filter(pk=pk)
    document: Document | None = found.first()
    return document
