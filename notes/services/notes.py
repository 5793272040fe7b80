"""What happens to notes: each save leaves the note indexed, its version kept, its links found."""

from collections.abc import Sequence
from typing import Any, Unpack
from uuid import UUID

from django.conf import settings
from django.db import DataError, transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from learningaier.accounts.models import User
from learningaier.ai.embedders import EmbedderError
from learningaier.ai.providers import get_embedder
from learningaier.core.errors import NotFound, QuotaReached
from learningaier.core.fields import set_fields
from learningaier.jobs.models import JobAttempt
from learningaier.jobs.queues import enqueue_after_commit
from learningaier.knowledge.index.writer import IndexingTimeout, register_text, remove_text
from learningaier.knowledge.models import Material
from learningaier.knowledge.text.chunking import count_words
from learningaier.sync import trash
from learningaier.sync.models import TrashEntry
from notes.indexing import describe_texts, index_note
from notes.jobs import index_note_job
from notes.models import Folder, Note, NoteVersion
from notes.names import fold_name, split_path
from notes.reading import estimate_reading_seconds
from notes.services.fields import ImportedFields, NoteFields
from notes.services.folders import make_path
from notes.services.links import adopt_links, renew_links
from notes.services.versions import read_version, record_version, snapshot
from notes.services.writing import PastText, put_history, write_texts

TRASH_KIND = "note"
INDEXED_AT_ONCE = 50_000  # characters; above, a worker indexes: here it takes 0.1 s

Reason = NoteVersion.Reason


def create_note(
    *,
    owner: User,
    reason: str = Reason.MANUAL,
    history: Sequence[PastText] = (),
    **fields: Unpack[ImportedFields],
) -> Note:
    """A new note, indexed before this returns unless it is long or the embedder slow or down.

    `history`: what it said elsewhere before, the oldest first; its versions then.
    Raises: QuotaReached (409); IntegrityError (409) for an external id that is taken.
    """
    used = Note.objects.filter(owner=owner).count()
    if used >= settings.USER_NOTES:
        raise QuotaReached(
            f"You have {used} notes, which is the most.", used=used, limit=settings.USER_NOTES
        )
    return _save(Note(owner=owner), dict(fields), reason, is_new=True, history=history)


def update_note(*, note: Note, reason: str = Reason.MANUAL, **fields: Unpack[NoteFields]) -> Note:
    """Change a note's fields and index it again. Returns: the note as it is then.

    Raises: NotFound if it was deleted meanwhile; ValidationError (400) for texts that contradict.
    """
    return _save(note, dict(fields), reason)


def restore_version(*, note: Note, number: int) -> Note:
    """Make a note say what it said in a version. Raises: NotFound."""
    with transaction.atomic():
        row = _lock(note)
        before, kept = snapshot(row), read_version(row, number)
        row.title, row.content = kept.title, kept.content
        row.primary_language, row.is_language_told = kept.primary_language, True
        row.translations = dict(kept.translations)
        _store(row, before, Reason.RESTORE)
    _index(row)
    return row


def _save(
    note: Note,
    fields: dict[str, Any],
    reason: str,
    *,
    is_new: bool = False,
    history: Sequence[PastText] = (),
) -> Note:
    with transaction.atomic():
        place = _find_place(note, fields)
        row = note if is_new else _lock(note)
        before = None if is_new else snapshot(row)
        if place is not None:
            row.in_folder, row.folder = place
        write_texts(row, fields)
        set_fields(row, fields)
        _store(row, before, reason)
        put_history(row, history)
    _index(row)
    return row


def _lock(note: Note) -> Note:
    row: Note | None = Note.objects.select_for_update().filter(pk=note.pk).first()
    if row is None:
        raise NotFound
    return row


def _find_place(note: Note, fields: dict[str, Any]) -> tuple[Folder | None, str] | None:
    """The folder that is asked for, locked, and its path; None where the note stays.

    Clients send back both names of it: the one that differs from the note's is meant.
    """
    owner, unsent = note.owner, object()
    path, target = fields.pop("folder", None), fields.pop("in_folder", unsent)
    has_target = target is not unsent and getattr(target, "pk", None) != note.in_folder_id
    if path is not None and _fold_path(path) != _fold_path(note.folder):
        if has_target and _fold_path(path) != _fold_path(target.path() if target else ""):
            raise ValidationError({"folder": ["This and `folder_id` are two folders."]})
        target = target if has_target else make_path(owner=owner, path=path)
    elif not has_target:
        return None
    if target is None:
        return None, ""
    folder = Folder.objects.owned_by(owner).select_for_update(no_key=True).filter(pk=target.pk)
    if (locked := folder.first()) is None:
        raise NotFound("There is no such folder.", field="folder_id")
    return locked, locked.path()


def _fold_path(path: str) -> list[str]:
    return [fold_name(name) for name in split_path(path)]


def _store(note: Note, before: str | None, reason: str) -> None:
    """Write a note that is new or locked, with its version and its links."""
    title_key, note.title_key = note.title_key, fold_name(note.title)
    note.word_count = count_words(note.content)
    note.reading_time_seconds = estimate_reading_seconds(note.content)
    note.index_status = Note.IndexStatus.PENDING
    note.index_attempts, note.index_error_code, note.index_claimed_at = 0, "", None
    is_new, is_changed = before is None, snapshot(note) != before
    note.version = 1 if is_new else note.version
    if is_new:
        note.save(force_insert=True)
    if is_changed:
        record_version(note, before=before, reason=reason)
        renew_links(note)
    if not is_new:
        note.save()
    if title_key != note.title_key:
        adopt_links(note)


def _index(note: Note) -> None:
    length = sum(len(text.text) for text in describe_texts(note))
    if length > INDEXED_AT_ONCE or get_embedder().traits.is_slow:
        _index_later(note)
        return
    try:
        index_note(note=note)
    except (EmbedderError, IndexingTimeout, DataError):
        _index_later(note)


def _index_later(note: Note) -> None:
    """Leave the indexing to a worker; until then the note is there, and says nothing."""
    register_text(describe_texts(note)[0])
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
            payload = trash.detach(locked) | {"folder": locked.folder}
            trash.add_entry(row=locked, kind=TRASH_KIND, title=locked.title, payload=payload)


def restore_note(entry: TrashEntry) -> None:
    """Take a note out of the trash, with what was its own: documents, cards, links, its folder."""
    path = entry.payload.get("folder", "")
    note = Note.everything.get(pk=entry.pk)
    if note.in_folder_id is None and path:
        note.in_folder = make_path(owner=note.owner, path=path)
    note.folder = note.in_folder.path() if note.in_folder else ""
    note.deleted_at, note.index_claimed_at = None, None
    note.index_status, note.index_attempts = Note.IndexStatus.PENDING, 0
    note.save()
    attached = trash.reattach(entry, note)
    Material.objects.filter(pk__in=attached).update(note_id=note.pk)
    adopt_links(note)
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
