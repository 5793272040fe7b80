"""The trash: what is deleted can be restored for 30 days, and then goes for good.

Each app registers the kinds that it deletes this way (`register_kind` in its `AppConfig.ready`).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import models, transaction

from learningaier.core.errors import NotFound
from learningaier.core.ownership import OwnedModel
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


def add_entry(*, row: OwnedModel, kind: str, title: str, payload: dict[str, Any]) -> None:
    """Note that a row lies in the trash; within the transaction that puts it there."""
    fields = {"kind": kind, "title": title[:MAX_TITLE], "payload": payload}
    TrashEntry.objects.get_or_create(pk=row.pk, owner_id=row.owner_id, defaults=fields)


def detach(row: OwnedModel) -> dict[str, Any]:
    """Let go of what would lose its link to the row if it were deleted.

    Returns: ids by `app.Model.field`, for `reattach`.
    """
    payload: dict[str, Any] = {}
    for relation in _links_to(type(row)):
        rows = relation.related_model._default_manager.filter(**{relation.field.name: row})
        ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
        if ids:
            rows.update(**{relation.field.name: None})
            payload[_label(relation)] = ids
    return payload


def reattach(entry: TrashEntry, row: OwnedModel) -> list[str]:
    """Link to the row again what is still linked to nothing. Returns: the ids of what it was."""
    found: list[str] = []
    for relation in _links_to(type(row)):
        ids = entry.payload.get(_label(relation), [])
        name = relation.field.name
        rows = relation.related_model._default_manager.filter(pk__in=ids, **{name: None})
        rows.update(**{name: row})
        found += ids
    return found


def _links_to(model: type[OwnedModel]) -> list[Any]:
    fields: list[Any] = model._meta.get_fields(include_hidden=True)
    links = [field for field in fields if field.auto_created and not field.concrete]
    return [link for link in links if getattr(link, "on_delete", None) is models.SET_NULL]


def _label(relation: Any) -> str:
    return f"{relation.related_model._meta.label}.{relation.field.name}"


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
