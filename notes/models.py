"""Notes."""

from datetime import timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from learningaier.core.ownership import OwnedModel, OwnedQuerySet

PATIENCE = timedelta(seconds=60)  # a pending note older than this has lost its job


class NoteQuerySet(OwnedQuerySet["Note"]):
    """Notes of one owner, and those whose indexing got lost."""

    def left_pending(self) -> Self:
        """Notes that wait to be indexed for longer than a job takes."""
        return self.filter(
            index_status=Note.IndexStatus.PENDING, updated_at__lt=timezone.now() - PATIENCE
        )


class Note(OwnedModel):
    """A text in Markdown, of its owner's own writing."""

    class IndexStatus(models.TextChoices):
        PENDING = "pending"
        INDEXED = "indexed"

    title = models.CharField(max_length=300)
    content = models.TextField(blank=True)
    folder = models.CharField(max_length=100, blank=True)
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    word_count = models.PositiveIntegerField(default=0, editable=False)
    index_status = models.CharField(
        max_length=8, choices=IndexStatus.choices, default=IndexStatus.PENDING, editable=False
    )

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="note_owner_newest"),
            models.Index(fields=["owner", "folder"], name="note_owner_folder"),
            models.Index(
                fields=["updated_at"],
                name="note_pending",
                condition=models.Q(index_status="pending"),
            ),
        ]

    def __str__(self) -> str:
        return self.title
