"""The trash: what is deleted can be restored for 30 days, and then goes for good.

Each app registers the kinds that it deletes this way (`register_kind` in its `AppConfig.ready`).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from learningaier.core.errors import NotFound
from learningaier.sync.models import TrashEntry

logger = logging.getLogger(__name__)

BATCH = 1000  # entries a sweep
MAX_TITLE = 300  # characters


@dataclass(frozen=True)
class Kind:
    """How a kind of deleted things comes back, and how it goes for good."""

    restore: Callable[[TrashEntry], None]
    purge: Callable[[UUID], None]


_kinds: dict[str, Kind] = {}


def register_kind(
    name: str, *, restore: Callable[[TrashEntry], None], purge: Callable[[UUID], None]
) -> None:
    """Have a kind of rows in the trash.

    `restore`: gets the entry, whose `payload` is its own; raises a ServiceError where the row can't
    come back now. `purge`: gets the row's id; a row that is gone needs nothing.
    """
    _kinds[name] = Kind(restore, purge)


def add_entry(
    *, row_id: UUID, owner_id: UUID, kind: str, title: str, payload: dict[str, Any] | None = None
) -> None:
    """Note that a row lies in the trash; within the transaction that puts it there."""
    fields = {"kind": kind, "title": title[:MAX_TITLE], "payload": payload or {}}
    TrashEntry.objects.get_or_create(pk=row_id, owner_id=owner_id, defaults=fields)


def restore(*, entry: TrashEntry) -> None:
    """Bring a deleted thing back. Raises: NotFound if somebody else did; Conflict of its kind."""
    with transaction.atomic():
        deleted, _ = TrashEntry.objects.filter(pk=entry.pk).delete()
        if not deleted:
            raise NotFound
        _kinds[entry.kind].restore(entry)


def purge_expired() -> int:
    """Let go for good what has been in the trash for 30 days. Returns: how many."""
    expired = list(TrashEntry.objects.expired()[:BATCH])
    for entry in expired:
        _kinds[entry.kind].purge(entry.pk)
        TrashEntry.objects.filter(pk=entry.pk).delete()
    return len(expired)
