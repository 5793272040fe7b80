"""Links between notes: `[[Title]]` in a text."""

import uuid

from django.conf import settings
from django.db import models

from learningaier.core.ownership import OwnedQuerySet


class NoteLinkQuerySet(OwnedQuerySet["NoteLink"]):
    """Links of one owner's notes."""


class NoteLink(models.Model):
    """A title that a note's text links to, and the note that it meant when it was first found.

    `target`: null while there is no such note, or it lies in the trash. A note that takes another
    title stays the target of the links that have found it. `position`: in the order of the text.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    source = models.ForeignKey("notes.Note", on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey(
        "notes.Note", null=True, on_delete=models.SET_NULL, related_name="backlinks"
    )
    title = models.CharField(max_length=300)
    title_key = models.CharField(max_length=900)
    position = models.PositiveSmallIntegerField()

    objects = NoteLinkQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["source", "title_key"], name="link_once_a_note")
        ]
        indexes = [
            models.Index(
                fields=["owner", "title_key"],
                name="link_unresolved",
                condition=models.Q(target__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"link of note {self.source_id}"
