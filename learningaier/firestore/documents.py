"""Documents, from the bucket in which the earlier service keeps their files."""

from functools import partial

from documents.bucket import open_object
from documents.formats import clean_filename, detect_type
from documents.models import Document
from documents.note_texts import let_note_wait
from documents.services import create_document, hash_upload
from learningaier.accounts.models import User
from learningaier.firestore.runs import Run, each, keep_time
from learningaier.firestore.source import Row
from learningaier.firestore.values import Fields, WrongValue
from notes.models import Note

MAX_TITLE = 300
SAME_FILE = "This file is here already, as another document."


def import_documents(run: Run) -> None:
    """Take over each file, have it processed, and tie the note of its text to it."""
    for row in each(run.source.read("documents")):
        if run.take(row, partial(_import, run)) is not None and not run.is_dry:
            _tie_note(run, row)


def _import(run: Run, row: Row, owner: User, fields: Fields) -> bool:
    if run.is_known(Document, owner, row.id):
        return False
    path = fields.first_text("storage_path", "file_path")
    if not path:
        raise WrongValue("storage_path: this names no file.")
    title = fields.optional_text("title", most=MAX_TITLE)
    created_at = fields.optional_time("created_at")
    with open_object(owner, path) as upload:
        upload.name = fields.optional_text("file_name") or upload.name
        digest = hash_upload(upload)
        detect_type(upload, clean_filename(upload.name or ""))
        same = Document.objects.filter(owner_id=owner.pk, sha256=digest).exists()
        if same or run.has_seen_file(owner, digest):
            fields.remarks.append(SAME_FILE)
            return False
        if run.will_make(Document, owner, row.id):
            run.note_file(owner, digest)
            return True
        document, is_new = create_document(
            owner=owner, upload=upload, title=title, external_id=row.id
        )
    keep_time(document, created_at)
    return is_new


def _tie_note(run: Run, row: Row) -> None:
    """Tell the note of a document's text where it comes from; an empty one waits for the text."""
    owner = run.find_owner(row.uid)
    document = Document.objects.filter(owner=owner, external_id=row.id).first()
    note_id = Fields(row.values).optional_text("note_id") or _find_note_id(run, row)
    notes = Note.objects.filter(owner=owner, external_id=note_id, source_document_id=None)
    if document is None or not note_id:
        return
    if notes.update(source_document_id=document.pk) and not document.is_over:
        let_note_wait(document_id=document.pk, is_waiting=True)


def _find_note_id(run: Run, row: Row) -> str:
    """The note that names the document, where the document names none."""
    notes = each(run.source.read_where("notes", "source_document_id", row.id))
    return next((note.id for note in notes if note.uid == row.uid), "")
