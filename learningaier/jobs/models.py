"""Work that takes longer than a request may: its state, for whoever waits for it."""

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from learningaier.core.ownership import OwnedModel, OwnedQuerySet

HEARTBEAT_TIMEOUT = timedelta(seconds=30)  # a worker silent for longer is dead
ENQUEUE_TIMEOUT = timedelta(seconds=60)  # a job that waits for longer may be lost in the queue
MAX_ATTEMPTS = 3  # claims until a job over which workers die is given up
KEPT_FOR = timedelta(days=7)


def _is_lost() -> Q:
    silent_since = timezone.now() - HEARTBEAT_TIMEOUT
    return Q(status=Job.Status.RUNNING, heartbeat_at__lt=silent_since)


class JobQuerySet(OwnedQuerySet["Job"]):
    """Jobs of one owner, and those in a certain state."""

    def held(self, attempt: "JobAttempt") -> Self:
        """The job while this attempt holds it: none once it is cancelled, deleted or lost."""
        return self.filter(pk=attempt.job_id, attempts=attempt.number, status=Job.Status.RUNNING)

    def claimable(self) -> Self:
        """Jobs that wait for a worker, or have lost theirs."""
        return self.filter(Q(status=Job.Status.QUEUED) | _is_lost(), attempts__lt=MAX_ATTEMPTS)

    def given_up(self) -> Self:
        """Jobs over which workers have died too often."""
        return self.filter(_is_lost(), attempts__gte=MAX_ATTEMPTS)

    def claim(self) -> int:
        """Take the jobs for a worker. Returns: how many were there to take."""
        now = timezone.now()
        return self.claimable().update(
            status=Job.Status.RUNNING,
            progress=0,
            attempts=F("attempts") + 1,
            heartbeat_at=now,
            updated_at=now,
        )

    def finish(self, **changes: Any) -> int:
        """End the jobs. Returns: how many."""
        now = timezone.now()
        return self.update(heartbeat_at=None, finished_at=now, updated_at=now, **changes)

    def cancel(self) -> int:
        """End what waits or runs. Returns: how many; a worker notices at its next progress."""
        unfinished = self.filter(status__in=[Job.Status.QUEUED, Job.Status.RUNNING])
        return unfinished.finish(status=Job.Status.CANCELLED)

    def waiting(self) -> Self:
        """Jobs that no worker has taken for longer than the queue takes, or has lost."""
        overdue = Q(status=Job.Status.QUEUED, updated_at__lt=timezone.now() - ENQUEUE_TIMEOUT)
        return self.filter(overdue | _is_lost(), attempts__lt=MAX_ATTEMPTS)

    def forgettable(self) -> Self:
        """Jobs that ended so long ago that nobody asks for them any more."""
        return self.filter(finished_at__lt=timezone.now() - KEPT_FOR)


class JobAttempt:
    """A claim on a job: what the work reports to.

    `number` counts the claims, so that of two workers only the later one may write.
    """

    def __init__(self, job: "Job") -> None:
        self.job_id = job.pk
        self.owner_id = job.owner_id
        self.number = job.attempts

    @property
    def held(self) -> JobQuerySet:
        """The job, while this attempt holds it."""
        return Job.objects.held(self)

    def advance(self, progress: int) -> None:
        """Show how far the work is, 0 to 100. Raises: JobEnded once it is cancelled or lost."""
        now = timezone.now()
        if not self.held.update(progress=progress, heartbeat_at=now, updated_at=now):
            raise JobEnded


class JobEnded(Exception):
    """The job was cancelled, deleted or taken over: the work ends without a result."""


class Job(OwnedModel):
    """Work for a learner, by a worker.

    `work`: the dotted path of the function that does it; `arguments`: its keyword arguments, as
    JSON. `progress`: per cent. `result`: what the function returned. `error`: `{code, message}`.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    work = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.QUEUED)
    progress = models.PositiveSmallIntegerField(default=0)
    result = models.JSONField(null=True)
    error = models.JSONField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="job_owner_newest"),
            models.Index(
                fields=["updated_at"],
                name="job_unfinished",
                condition=Q(status__in=["queued", "running"]),
            ),
            models.Index(fields=["finished_at"], name="job_finished"),
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether it has come to an end, good or bad."""
        return self.status not in {self.Status.QUEUED, self.Status.RUNNING}
