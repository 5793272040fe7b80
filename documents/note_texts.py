"""The note that holds a document's text: empty until the text is there."""

from uuid import UUID

from documents.models import Document
from learningaier.accounts.models import User
from notes.models import Note, NoteVersion
from notes.serializers.fields import MAX_CONTENT
from notes.services.notes import create_note, update_note


def find_or_create_note(*, owner: User, document: Document) -> Note:
    """The note of a document's text; a new one waits for it. Raises: QuotaReached (409)."""
    notes = Note.objects.owned_by(owner)
    existing: Note | None = notes.filter(source_document_id=document.pk).first()
    if existing is not None:
        return existing
    note = create_note(
        owner=owner,
        title=document.title,
        content="",
        reason=NoteVersion.Reason.IMPORT,
        source_document_id=document.pk,
        is_processing=not document.is_over,
    )
    if document.status == Document.Status.READY:
        fill_note(document_id=document.pk, text=document.extracted.text)
    return note


def fill_note(*, document_id: UUID, text: str) -> None:
    """Put a document's text into its note, if it has one that is still empty.

    A learner who has written into it meanwhile keeps what is written. A note holds MAX_CONTENT
    characters; the document keeps them all.
    """
    waiting = Note.objects.filter(source_document_id=document_id)
    for note in waiting.filter(content=""):
        update_note(note=note, content=text[:MAX_CONTENT], reason=NoteVersion.Reason.IMPORT)
    waiting.update(is_processing=False)


def let_note_wait(*, document_id: UUID, is_waiting: bool) -> None:
    """Say whether a document's note is still to get its text."""
    notes = Note.objects.filter(source_document_id=document_id, content="")
    notes.update(is_processing=is_waiting)
