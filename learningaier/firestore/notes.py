"""Notes with their versions."""

from functools import partial

from learningaier.accounts.models import User
from learningaier.firestore.runs import Run, each, keep_time
from learningaier.firestore.source import Row
from learningaier.firestore.texts import read_texts
from learningaier.firestore.values import Fields
from learningaier.firestore.versions import Versions
from notes.models import Folder, Note, NoteVersion
from notes.services.notes import create_note


def import_notes(run: Run) -> None:
    """Take over each note together with its newest versions, so that both are here or neither."""
    for row in each(run.source.read("notes")):
        versions = Versions(run, row)
        is_here = run.take(row, partial(_import, run, versions))
        versions.count(is_taken=is_here)


def _import(run: Run, versions: Versions, row: Row, owner: User, fields: Fields) -> bool:
    if run.is_known(Note, owner, row.id):
        return False
    told = read_texts(fields)
    told["external_id"] = row.id
    told["sort_order"] = fields.number("sort_order")
    created_at = fields.optional_time("created_at")
    told["in_folder"], _ = run.refer(Folder, owner, fields, "folder_id")
    if run.will_make(Note, owner, row.id):
        return True
    note = create_note(
        owner=owner,
        reason=NoteVersion.Reason.IMPORT,
        history=versions.read_history(),
        **told,
    )
    keep_time(note, created_at)
    return True
