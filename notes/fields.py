"""Notes and folders of the caller, in the body or the query of any endpoint."""

from learningaier.api.ids import OwnRowField
from notes.models import Folder, Note


class OwnNoteField(OwnRowField[Note]):
    """A note of the caller by its id; someone else's is not found, like one that is not there."""

    model = Note


class OwnFolderField(OwnRowField[Folder]):
    """A folder of the caller by its id; someone else's is not found."""

    model = Folder
