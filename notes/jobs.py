"""Work on notes that a request does not wait for."""

from notes.models import Note
from notes.services import index_note


def index_note_job(note_id: str) -> None:
    """Index a long note; one that is gone or indexed by now needs nothing."""
    note = Note.objects.filter(pk=note_id, index_status=Note.IndexStatus.PENDING).first()
    if note is not None:
        index_note(note=note)
