"""What a learner writes.

Note, Folder        texts in Markdown, in a tree of folders
NoteVersion         what a note said at each save
NoteLink            `[[Title]]` in a note's text, and the note that it means
"""

from notes.models.folders import MAX_DEPTH, Folder
from notes.models.links import NoteLink
from notes.models.notes import MAX_INDEX_ATTEMPTS, Note
from notes.models.versions import NoteVersion

__all__ = ["MAX_DEPTH", "MAX_INDEX_ATTEMPTS", "Folder", "Note", "NoteLink", "NoteVersion"]
