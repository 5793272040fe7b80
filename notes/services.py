"""What happens to notes: each save leaves the note indexed."""

from typing import Any

from django.db import transaction

from learningaier.accounts.models import User
from learningaier.ai.embedders import EmbedderError
from learningaier.jobs.queues import enqueue, enqueue_after_commit
from learningaier.knowledge.chunking import count_words
from learningaier.knowledge.indexing import Indexed, Text, index_text, register_text, remove_text
from learningaier.knowledge.models import Material
from notes.models import Note

INDEXED_AT_ONCE = 50_000  # characters; above, a worker indexes: here it takes 0.1 s


def create_note(*, owner: User, **fields: Any) -> Note:
    """A new note, indexed before this returns unless it is long or the embedder is down."""
    return _save(Note(owner=owner), fields)


def update_note(*, note: Note, **fields: Any) -> Note:
    """Change a note's fields and index it again."""
    return _save(note, fields)


def _save(note: Note, fields: dict[str, Any]) -> Note:
    for name, value in fields.items():
        setattr(note, name, value)
    note.word_count = count_words(note.content)
    note.index_status = Note.IndexStatus.PENDING
    note.save()
    if len(note.content) > INDEXED_AT_ONCE:
        _index_later(note)
        return note
    try:
        index_note(note=note)
    except EmbedderError:
        _index_later(note)
    return note


def _index_later(note: Note) -> None:
    """Leave the indexing to a worker; until then the note is there, and says nothing."""
    from notes.jobs import index_note_job  # noqa: PLC0415  jobs call services

    register_text(_text_of(note))
    enqueue_after_commit(index_note_job, str(note.pk))


def _text_of(note: Note) -> Text:
    return Text(
        id=note.pk,
        owner_id=note.owner_id,
        kind=Material.Kind.NOTE,
        title=note.title,
        text=note.content,
        note_id=note.pk,
        folder=note.folder,
        tags=note.tags,
    )


def index_note(*, note: Note, is_forced: bool = False) -> Indexed:
    """Bring the index up to the note as it is stored now.

    A note that is changed meanwhile stays pending, as its newer text is not indexed by this.
    """
    indexed = index_text(_text_of(note), is_forced=is_forced)
    seen = Note.objects.filter(pk=note.pk, updated_at=note.updated_at)
    seen.update(index_status=Note.IndexStatus.INDEXED)
    note.refresh_from_db(fields=["index_status"])
    return indexed


def delete_note(*, note: Note) -> None:
    """Delete a note and what the index knows of it."""
    with transaction.atomic():
        remove_text(material_id=note.pk)
        note.delete()


def enqueue_pending_notes() -> int:
    """Give notes whose job got lost to the queue again. Returns: how many."""
    from notes.jobs import index_note_job  # noqa: PLC0415

    lost = list(Note.objects.left_pending().values_list("pk", flat=True)[:1000])
    return sum(enqueue(index_note_job, str(pk)) for pk in lost)
