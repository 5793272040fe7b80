"""Documents: the uploaded files, and what processing makes of them."""

from datetime import timedelta
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone

from documents.failures import Failure
from learningaier.core.fields import StoredFileField
from learningaier.core.ownership import ImportableModel, OwnedQuerySet, external_id_once

HEARTBEAT_PATIENCE = timedelta(seconds=30)  # a worker silent for longer is dead
JOB_PATIENCE = timedelta(seconds=60)  # a job that waits for longer may be lost
MAX_ATTEMPTS = 3  # claims until a document that workers die over, or fail at, is given up


def _is_lost() -> Q:
    silent_since = timezone.now() - HEARTBEAT_PATIENCE
    return Q(status=Document.Status.PROCESSING, heartbeat_at__lt=silent_since)


class DocumentQuerySet(OwnedQuerySet["Document"]):
    """Documents of one owner, and those in a certain state of processing."""

    def held(self, pk: UUID, claim_number: int) -> Self:
        """The document while this claim holds it: none once it is cancelled, deleted or lost."""
        return self.filter(pk=pk, claim_number=claim_number, status=Document.Status.PROCESSING)

    def lost(self) -> Self:
        """Documents whose worker gives no more sign of life."""
        return self.filter(_is_lost())

    def claimable(self) -> Self:
        """Documents that wait for a worker, or have lost theirs."""
        waits = Q(status=Document.Status.QUEUED)
        return self.filter(waits | _is_lost(), attempts__lt=MAX_ATTEMPTS)

    def waiting_since(self, patience: timedelta) -> Self:
        """Documents whose job was given to the queue longer ago than that, and is not done."""
        return self.filter(
            Q(status=Document.Status.QUEUED) | Q(status=Document.Status.READY, is_index_due=True),
            enqueued_at__lt=timezone.now() - patience,
        )

    def claim(self) -> int:
        """Take the documents for a worker. Returns: how many were there to take."""
        now = timezone.now()
        return self.claimable().update(
            status=Document.Status.PROCESSING,
            stage=Document.Stage.EXTRACTING,
            progress=0,
            claim_number=F("claim_number") + 1,
            attempts=F("attempts") + 1,
            claimed_at=now,
            heartbeat_at=now,
        )

    def requeue(self, **changes: Any) -> int:
        """Let processing start over. Returns: how many documents."""
        return self.update(
            status=Document.Status.QUEUED,
            stage="",
            progress=0,
            error_code="",
            error_message="",
            warnings=[],
            enqueued_at=timezone.now(),
            heartbeat_at=None,
            **changes,
        )

    def fail(self, failure: Failure, message: str) -> int:
        """End processing with an error. Returns: how many documents."""
        return self.update(
            status=Document.Status.FAILED,
            stage="",
            error_code=failure,
            error_message=message,
            heartbeat_at=None,
            processed_at=timezone.now(),
        )

    def cancel(self) -> int:
        """End processing that is under way or waits. Returns: how many documents.

        The heartbeat stays until the worker has let go, or is found dead.
        """
        unfinished = self.filter(status__in=[Document.Status.QUEUED, Document.Status.PROCESSING])
        return unfinished.update(
            status=Document.Status.CANCELLED, stage="", processed_at=timezone.now()
        )

    def abandoned(self) -> Self:
        """Cancelled documents whose worker died before it could clear the index."""
        return self.filter(
            status=Document.Status.CANCELLED,
            heartbeat_at__lt=timezone.now() - HEARTBEAT_PATIENCE,
        )


class NotInTrash(models.Manager.from_queryset(DocumentQuerySet)):  # type: ignore[misc]
    """The documents that are not in the trash: what is listed, searched, counted and processed."""

    def get_queryset(self) -> DocumentQuerySet:
        """Leave out what is deleted."""
        rows: DocumentQuerySet = super().get_queryset().filter(deleted_at=None)
        return rows


def storage_name(document: "Document", _filename: str) -> str:
    """Where the file is kept: nothing of the user's own naming reaches the storage."""
    return f"documents/{document.owner_id}/{document.pk}"


class Document(ImportableModel):
    """An uploaded file and the state of its processing.

    `claim_number` counts all claims, and tells the one that holds the document from those before;
    `attempts` counts the claims since a person last asked. `is_index_due`: title or note have
    changed since the index was written. `size` is in bytes, `progress` in per cent.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        PROCESSING = "processing"
        READY = "ready"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Stage(models.TextChoices):
        EXTRACTING = "extracting"
        CHUNKING = "chunking"
        EMBEDDING = "embedding"
        INDEXING = "indexing"

    title = models.CharField(max_length=300)
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = StoredFileField(upload_to=storage_name, max_length=255)
    note = models.ForeignKey(
        "notes.Note", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    stage = models.CharField(max_length=10, choices=Stage.choices, blank=True)
    progress = models.PositiveSmallIntegerField(default=0)
    pages = models.PositiveIntegerField(null=True)
    chunks = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=32, blank=True)
    error_message = models.CharField(max_length=300, blank=True)
    warnings = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    is_index_due = models.BooleanField(default=False)
    claim_number = models.PositiveIntegerField(default=0, db_column="attempts")
    attempts = models.PositiveIntegerField(default=0, db_column="tries")
    enqueued_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    processed_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True, editable=False)

    objects = NotInTrash()
    everything = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "sha256"],
                condition=Q(deleted_at=None),
                name="document_sha256_once",
            ),
            external_id_once("document"),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="document_owner_newest"),
            models.Index(fields=["status"], name="document_status"),
            models.Index(
                fields=["enqueued_at"], name="document_queued", condition=Q(status="queued")
            ),
            models.Index(
                fields=["heartbeat_at"],
                name="document_heartbeat",
                condition=Q(heartbeat_at__isnull=False),
            ),
            models.Index(
                fields=["enqueued_at"], name="document_index_due", condition=Q(is_index_due=True)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Whether processing has come to an end, good or bad."""
        return self.status not in {self.Status.QUEUED, self.Status.PROCESSING}

    @property
    def error(self) -> dict[str, str] | None:
        """What went wrong, as the API shows it."""
        if not self.error_code:
            return None
        return {"code": self.error_code, "message": self.error_message}


class DocumentText(models.Model):
    """What was extracted: apart from the document, so that lists don't load it.

    `pages`: [[number or null, start, end], …], character spans of `text`.
    """

    document = models.OneToOneField(
        Document, on_delete=models.CASCADE, primary_key=True, related_name="extracted"
    )
    text = models.TextField()
    pages = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"text of {self.document_id}"

    def as_pages(self) -> list[dict[str, Any]]:
        """The text by page, with the span of each."""
        return [
            {"page": number, "start": start, "end": end, "text": self.text[start:end]}
            for number, start, end in self.pages
        ]
