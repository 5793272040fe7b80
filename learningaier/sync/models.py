"""What clients need to stay in step: the order of changes, answers given before, deleted things."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from learningaier.core.ownership import OwnedModel, OwnedQuerySet

TOMBSTONE_AGE = timedelta(days=90)
ANSWER_AGE = timedelta(days=1)
TRASH_AGE = timedelta(days=30)


class ChangeQuerySet(OwnedQuerySet["Change"]):
    """Changes of one learner, of one kind of rows."""

    def of_kind(self, table: str) -> Self:
        """The changes of one table's rows, the oldest change first."""
        return self.filter(kind=table).order_by("sequence")


class Change(models.Model):
    """The latest change of a row: its place in the order of all changes of its owner.

    Written by triggers when a transaction commits (see the migration): the numbers of one owner
    rise in the order in which the changes became visible, so that who has read up to a number has
    missed nothing. `kind`: the table's name. `deleted_at`: set for a row that was deleted or lies
    in the trash.
    """

    pk = models.CompositePrimaryKey("owner", "kind", "row_id")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=63)
    row_id = models.UUIDField()
    sequence = models.BigIntegerField()
    changed_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "kind", "sequence"], name="change_in_order"),
            models.Index(
                fields=["deleted_at"],
                name="change_tombstone",
                condition=models.Q(deleted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"change {self.sequence}"


class KeptAnswer(models.Model):
    """The answer to a request that carried an idempotency key.

    `digest`: of the method, the path and the body. `status`: null while the first request is still
    under way. `body`: JSON; empty where it must not be stored, as it holds a secret.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="answer_key_once")]

    def __str__(self) -> str:
        return f"answer to request {self.pk}"


class TrashEntryQuerySet(OwnedQuerySet["TrashEntry"]):
    """Deleted things of one owner, and those whose time is over."""

    def expired(self) -> Self:
        """What has been in the trash for longer than it is kept."""
        return self.filter(created_at__lt=timezone.now() - TRASH_AGE)


class TrashEntry(OwnedModel):
    """Something deleted that can still be restored; it has the id of what it stands for.

    `payload`: what its kind needs to restore it. `created_at` is when it was deleted.
    """

    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    payload = models.JSONField(default=dict)

    objects = TrashEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="trash_owner_newest"),
            models.Index(fields=["created_at"], name="trash_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
