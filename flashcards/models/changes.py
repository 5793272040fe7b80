"""What changed schedules, so that it can be undone."""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from learningaier.core.ownership import OwnedQuerySet

MAX_UNDO = 30  # steps


class ChangeKind(models.TextChoices):
    """What a learner did to schedules, as one step of undo."""

    REVIEW = "review"
    REVIEWS = "reviews"
    SUSPEND = "suspend"
    UNSUSPEND = "unsuspend"
    BURY = "bury"
    UNBURY = "unbury"
    FLAG = "flag"
    FORGET = "forget"
    SET_DUE = "set_due"
    EXAM = "exam"
    CATCH_UP = "catch_up"
    BREAK = "break"
    RETENTION = "retention"


class StudyChangeQuerySet(OwnedQuerySet["StudyChange"]):
    """The steps of one owner."""

    def undoable(self) -> Self:
        """The steps that can be taken back, the next one to take back first."""
        return self.filter(before__isnull=False).order_by("-number")


class StudyChange(models.Model):
    """One step: what it was, and the schedules before it of all cards that it changed.

    `number`: counts the owner's steps; `before`: what `services.changes` restores from, null for
    steps that are too old or undone. A step that is undone stays, with the time of its undoing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=ChangeKind)
    cards = models.PositiveIntegerField()
    before = models.JSONField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = StudyChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "number"], name="change_numbered_once")
        ]
        indexes = [
            models.Index(
                fields=["owner", "-number"],
                condition=Q(before__isnull=False),
                name="change_owner_undoable",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.cards} cards"
