"""What happens to notes: each save leaves the note indexed."""

from typing import TypedDict, Unpack

from django.conf import settings
from django.db import DataError, transaction

from learningaier.accounts.models import User
from learningaier.ai.embedders import EmbedderError
from learningaier.core.errors import QuotaReached
from learningaier.core.fields import set_fields
from learningaier.jobs.queues import enqueue_after_commit
from learningaier.knowledge.index.writer import IndexingTimeout, register_text, remove_text
from learningaier.knowledge.text.chunking import count_words
from notes.indexing import describe_text, index_note
from notes.jobs import index_note_job
from notes.models import Note

INDEXED_AT_ONCE = 50_000  # characters; above, a worker indexes: here it takes 0.1 s


class NoteFields(TypedDict, total=False):
    """What a learner may write of a note."""

    title: str
    content: str
    folder: str
    tags: list[str]


def create_note(*, owner: User, **fields: Unpack[NoteFields]) -> Note:
    """A new note, indexed before this returns unless it is long or the embedder is down.

    Raises: QuotaReached (409).
    """
    used = Note.objects.filter(owner=owner).count()
    if used >= settings.USER_NOTES:
        raise QuotaReached(
            f"You have {used} notes, which is the most.", used=used, limit=settings.USER_NOTES
        )
    return _save(Note(owner=owner), fields)


def update_note(*, note: Note, **fields: Unpack[NoteFields]) -> Note:
    """Change a note's fields and index it again."""
    return _save(note, fields)


def _save(note: Note, fields: NoteFields) -> Note:
    set_fields(note, fields)
    note.word_count = count_words(note.content)
    note.index_status = Note.IndexStatus.PENDING
    note.index_attempts, note.index_error_code, note.index_claimed_at = 0, "", None
    note.save()
    if len(note.content) > INDEXED_AT_ONCE:
        _index_later(note)
        return note
    try:
        index_note(note=note)
    except (EmbedderError, IndexingTimeout, DataError):
        _index_later(note)
    return note


def _index_later(note: Note) -> None:
    """Leave the indexing to a worker; until then the note is there, and says nothing."""
    register_text(describe_text(note))
    enqueue_after_commit(index_note_job, str(note.pk), queue="notes")


def delete_note(*, note: Note) -> None:
    """Delete a note and what the index knows of it."""
    with transaction.atomic():
        remove_text(material_id=note.pk)
        note.delete()
