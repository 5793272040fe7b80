"""Notes in the index."""

from learningaier.knowledge.index.writer import Indexed, SourceText, index_text
from learningaier.knowledge.models import Material
from notes.models import Note


def describe_text(note: Note) -> SourceText:
    """The note as the index wants it."""
    return SourceText(
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
    indexed = index_text(describe_text(note), is_forced=is_forced)
    seen = Note.objects.filter(pk=note.pk, updated_at=note.updated_at)
    seen.update(index_status=Note.IndexStatus.INDEXED, index_error_code="")
    note.refresh_from_db(fields=["index_status", "index_error_code"])
    return indexed
