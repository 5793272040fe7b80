"""What happens to notes: each save leaves the note indexed."""

from typing import TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.db import DataError, transaction
from django.utils import timezone

from learningaier.accounts.models import User
from learningaier.ai.embedders import EmbedderError
from learningaier.ai.providers import get_embedder
from learningaier.core.errors import QuotaReached
from learningaier.core.fields import set_fields
from learningaier.jobs.models import JobAttempt
from learningaier.jobs.queues import enqueue_after_commit
from learningaier.knowledge.index.writer import IndexingTimeout, register_text, remove_text
from learningaier.knowledge.models import Material
from learningaier.knowledge.text.chunking import count_words
from learningaier.sync import trash
from learningaier.sync.models import TrashEntry
from notes.indexing import describe_text, index_note
from notes.jobs import index_note_job
from notes.models import Note

TRASH_KIND = "note"
INDEXED_AT_ONCE = 50_000  # characters; above, a worker indexes: here it takes 0.1 s


class NoteFields(TypedDict, total=False):
    """What a learner may write of a note."""

    title: str
    content: str
    folder: str
    tags: list[str]


def create_note(*, owner: User, **fields: Unpack[NoteFields]) -> Note:
    """A new note, indexed before this returns unless it is long or the embedder slow or down.

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
    _index(note)
    return note


def _index(note: Note) -> None:
    if len(note.content) > INDEXED_AT_ONCE or get_embedder().traits.is_slow:
        _index_later(note)
        return
    try:
        index_note(note=note)
    except (EmbedderError, IndexingTimeout, DataError):
        _index_later(note)


def _index_later(note: Note) -> None:
    """Leave the indexing to a worker; until then the note is there, and says nothing."""
    register_text(describe_text(note))
    enqueue_after_commit(index_note_job, str(note.pk), queue="notes")


def delete_note(*, note: Note) -> None:
    """Put a note into the trash; search and answers know nothing of it from here on."""
    with transaction.atomic():
        remove_text(material_id=note.pk)
        # Saved and not updated in bulk, so that analytics hear of it.
        locked = Note.objects.select_for_update().filter(pk=note.pk).first()
        if locked is not None:
            locked.deleted_at = timezone.now()
            locked.save(update_fields=["deleted_at", "updated_at"])
            detached = trash.detach(locked)
            trash.add_entry(row=locked, kind=TRASH_KIND, title=locked.title, payload=detached)


def restore_note(entry: TrashEntry) -> None:
    """Take a note out of the trash, with the documents and cards that were its own."""
    note = Note.everything.get(pk=entry.pk)
    note.deleted_at, note.index_claimed_at = None, None
    note.index_status, note.index_attempts = Note.IndexStatus.PENDING, 0
    note.save()
    attached = trash.reattach(entry, note)
    Material.objects.filter(pk__in=attached).update(note_id=note.pk)
    transaction.on_commit(lambda: _index(note))


def purge_note(note_id: UUID) -> None:
    """Delete a note for good."""
    Note.everything.filter(pk=note_id).delete()


def reindex_notes(attempt: JobAttempt) -> dict[str, int]:
    """The job that writes every chunk of its owner's notes anew."""
    ids = list(Note.objects.filter(owner_id=attempt.owner_id).values_list("pk", flat=True))
    for done, pk in enumerate(ids):
        attempt.advance(100 * done // len(ids))
        note = Note.objects.filter(pk=pk).first()
        if note is not None:
            index_note(note=note, is_forced=True)
    return {"notes": len(ids)}
