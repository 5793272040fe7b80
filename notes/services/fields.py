"""What may be written of notes and folders, by name and type."""

from collections.abc import Mapping
from typing import TypedDict
from uuid import UUID

from notes.models import Folder


class NoteFields(TypedDict, total=False):
    """What a learner may write of a note.

    `folder`: a path, whose folders are made; `in_folder`: a folder that is there. `texts`: the text
    by language, None to take it away; `translations`: all those into languages without a field of
    their own. `primary_language`: None to have it told by the text.
    """

    title: str
    content: str
    texts: Mapping[str, str | None]
    translations: Mapping[str, str | None]
    primary_language: str | None
    folder: str
    in_folder: Folder | None
    tags: list[str]
    sort_order: float


class ImportedFields(NoteFields, total=False):
    """What else is written where a note is made: by an import, or of a document."""

    external_id: str
    source_document_id: UUID | None
    is_processing: bool


class FolderFields(TypedDict, total=False):
    """What a learner may write of a folder."""

    name: str
    parent: Folder | None
    sort_order: float
