"""Notes."""

from datetime import timedelta
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from learningaier.core.ownership import ImportableModel, OwnedQuerySet, external_id_once
from notes.models.folders import Folder
from notes.models.links import NoteLink
from notes.names import fold_name

MAX_INDEX_ATTEMPTS = 3  # of a worker, until a note is shown as failed
CLAIM_PATIENCE = timedelta(minutes=2)  # a worker silent for longer may be dead
PATIENCE = timedelta(seconds=60)  # a pending note older than this has lost its job


class NoteQuerySet(OwnedQuerySet["Note"]):
    """Notes of one owner, and those whose indexing got lost."""

    def to_be_shown(self) -> Self:
        """Notes with the links from and to them, in three queries."""
        links = NoteLink.objects.select_related("source").only(
            "target_id", "source__title", "source__deleted_at"
        )
        to_here = models.Prefetch("backlinks", links.order_by("source__title", "source_id"))
        return self.prefetch_related("links", to_here)

    def left_pending(self) -> Self:
        """Notes that wait to be indexed for longer than a job takes."""
        return self.filter(
            index_status=Note.IndexStatus.PENDING, updated_at__lt=timezone.now() - PATIENCE
        )

    def claimable(self) -> Self:
        """Notes that wait for a worker, or whose worker has been at it for too long to live."""
        free = models.Q(index_claimed_at__isnull=True)
        lost = models.Q(index_claimed_at__lt=timezone.now() - CLAIM_PATIENCE)
        return self.filter(free | lost, index_status=Note.IndexStatus.PENDING)

    def claim(self) -> int:
        """Take notes for a worker, and count the attempt. Returns: how many were there to take."""
        return self.claimable().update(
            index_attempts=models.F("index_attempts") + 1, index_claimed_at=timezone.now()
        )

    def fail_index(self, error: "Note.IndexFailure") -> int:
        """Give up the indexing of the pending among these. Returns: how many."""
        pending = self.filter(index_status=Note.IndexStatus.PENDING)
        return pending.update(index_status=Note.IndexStatus.FAILED, index_error_code=error)


class NotInTrash(models.Manager.from_queryset(NoteQuerySet)):  # type: ignore[misc]
    """The notes that are not in the trash: what every list, search and count means by notes."""

    def get_queryset(self) -> NoteQuerySet:
        """Leave out what is deleted."""
        rows: NoteQuerySet = super().get_queryset().filter(deleted_at=None)
        return rows


class Note(ImportableModel):
    """A text in Markdown, of its owner's own writing.

    `content` is the text in `primary_language`, a tag like `en` or `zh`; `is_language_told`: a
    person has said which, else it is told by the text. `translations` are the texts in others, by
    language. `folder` repeats the path of `in_folder`. `title_key`: the title, folded.
    `version`: the number of the NoteVersion that holds the text as it is; 0: none does.
    `source_document_id`: the document whose text this is; `is_processing`: it is still to come.
    """

    class IndexStatus(models.TextChoices):
        PENDING = "pending"
        INDEXED = "indexed"
        FAILED = "failed"

    class IndexFailure(models.TextChoices):
        TIMEOUT = "timeout", "This note is too long to be searched. Split it into parts."
        OUR_FAULT = "index_failed", "This note can't be searched, for reasons on our side."

    title = models.CharField(max_length=300)
    title_key = models.CharField(max_length=900, blank=True, db_default="", editable=False)
    content = models.TextField(blank=True)
    primary_language = models.CharField(max_length=16, default="en", db_default="en")
    is_language_told = models.BooleanField(default=False, db_default=False, editable=False)
    translations = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), blank=True
    )
    version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    folder = models.TextField(blank=True, editable=False)
    in_folder = models.ForeignKey(
        Folder,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="notes",
        db_index=False,
    )
    sort_order = models.FloatField(default=0.0, db_default=0.0)
    source_document_id = models.UUIDField(null=True, blank=True, editable=False)
    is_processing = models.BooleanField(default=False, db_default=False, editable=False)
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    deleted_at = models.DateTimeField(null=True, editable=False)
    word_count = models.PositiveIntegerField(default=0, editable=False)
    reading_time_seconds = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    index_status = models.CharField(
        max_length=8, choices=IndexStatus.choices, default=IndexStatus.PENDING, editable=False
    )

    index_attempts = models.PositiveSmallIntegerField(default=0, db_default=0, editable=False)
    index_claimed_at = models.DateTimeField(null=True, editable=False)
    index_error_code = models.CharField(
        max_length=16, choices=IndexFailure.choices, blank=True, db_default="", editable=False
    )

    objects = NotInTrash()
    everything = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [external_id_once("note")]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="note_owner_newest"),
            models.Index(fields=["owner", "title_key"], name="note_owner_title"),
            models.Index(fields=["in_folder"], name="note_in_folder"),
            models.Index(
                fields=["updated_at"],
                name="note_pending",
                condition=models.Q(index_status="pending"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        """Save, with the key by which links find the title."""
        self.title_key = fold_name(self.title)
        super().save(**kwargs)

    @property
    def index_error(self) -> dict[str, str] | None:
        """Why the note can't be searched, as the API shows it."""
        if not self.index_error_code:
            return None
        message = self.get_index_error_code_display()
        return {"code": self.index_error_code, "message": message}
