"""Versions: what a note said at each save."""

from django.conf import settings
from django.db import models

from learningaier.core.ownership import OwnedQuerySet


class NoteVersionQuerySet(OwnedQuerySet["NoteVersion"]):
    """Versions of one owner's notes."""


class NoteVersion(models.Model):
    """A note's text as it was saved, kept as its difference from the version after it.

    The text is the first `prefix` characters of the next version's, `middle`, and the last `suffix`
    characters of the next version's; the newest has all of it in `middle`. So a note that is
    changed word by word costs a few words a version. `services/versions.py` reads and writes them.
    `size`: of `middle`, in bytes. `is_cited`: an answer that is kept has quoted it.
    """

    class Reason(models.TextChoices):
        MANUAL = "manual"
        AUTO = "auto"
        RESTORE = "restore"
        IMPORT = "import"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    note = models.ForeignKey(
        "notes.Note", on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    reason = models.CharField(max_length=7, choices=Reason)
    created_at = models.DateTimeField()
    prefix = models.PositiveIntegerField(default=0)
    suffix = models.PositiveIntegerField(default=0)
    middle = models.TextField()
    size = models.PositiveIntegerField()
    is_cited = models.BooleanField(default=False)

    objects = NoteVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["note", "number"], name="version_once_a_note")
        ]

    def __str__(self) -> str:
        return f"version {self.number} of note {self.note_id}"
