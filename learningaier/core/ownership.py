"""Rows that belong to a person, and the one filter through which they are reached."""

import uuid
from typing import Any, Self, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Max

Row = TypeVar("Row", bound=models.Model)

MAX_EXTERNAL_ID = 128  # characters
EXTERNAL_ID_ONCE = "external_id_once"


class OwnedQuerySet(models.QuerySet[Row]):
    """A queryset that can be narrowed to one owner's rows."""

    def owned_by(self, user: Any) -> Self:
        """The rows of this user; none for a visitor, so a forgotten permission shows nothing."""
        if user is None or isinstance(user, AnonymousUser) or not user.is_authenticated:
            return self.none()
        return self.filter(owner=user)

    def next_in_turn(self, *, served: str, first: str) -> Row | None:
        """The row whose owner was served longest ago, so that nobody's many keep another's few.

        `served`: the field with the time at which a row was served; `first`: an owner's own order.
        """
        owners = {*self.order_by().values_list("owner_id", flat=True).distinct()}
        if not owners:
            return None
        of_all = self.model._default_manager.filter(owner__in=owners).order_by()
        last = dict(of_all.values_list("owner_id").annotate(Max(served)))
        longest = min(owners, key=lambda owner: (last[owner] is not None, last[owner], owner))
        return self.filter(owner=longest).order_by(first).first()


class OwnedModel(models.Model):
    """A row of a person: a UUID, an owner, and the times of its making and last change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


def external_id_once(kind: str) -> models.UniqueConstraint:
    """The constraint of an ImportableModel: one row of an owner by an id of another program."""
    return models.UniqueConstraint(
        fields=["owner", "external_id"],
        condition=~models.Q(external_id=""),
        name=f"{kind}_{EXTERNAL_ID_ONCE}",
    )


class ImportableModel(OwnedModel):
    """A row that another program may know by an id of its own, where it came from there."""

    external_id = models.CharField(
        max_length=MAX_EXTERNAL_ID, blank=True, default="", db_default="", editable=False
    )

    class Meta:
        abstract = True


def parse_uuid(text: str) -> uuid.UUID | None:
    """The UUID that a text writes, or None."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
