"""Delta sync of every list: `?updated_since=` and `?include_deleted=true`.

With either, a list is in the order of its owner's changes, the oldest first, and each page says
where the next begins. A row that is changed while a client reads moves to the end, so no change is
missed between two pages.
"""

import functools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError
from rest_framework.fields import DateTimeField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from learningaier.api.pagination import NOT_A_CURSOR, LinkPagination
from learningaier.core.ownership import ImportableModel
from learningaier.sync.models import Change

AS_TIME = DateTimeField()  # the form of all times in answers
MAX_SEQUENCE_DIGITS = 18
TOMBSTONE = {
    "type": "object",
    "description": "What was deleted.",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "deleted_at": {"type": "string", "format": "date-time"},
    },
    "required": ["id", "deleted_at"],
    "additionalProperties": False,
}
EXTERNAL_ID = "external_id"
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Delta:
    """What a client asked for: changes since a time, after a place in their order."""

    since: datetime | None
    has_deleted: bool
    after: int


class SyncPagination(LinkPagination):
    """Pages of a list; of its changes where `updated_since` or `include_deleted` is given."""

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """One page of the rows, without those that are deleted."""
        if issubclass(queryset.model, ImportableModel) and EXTERNAL_ID in request.query_params:
            queryset = queryset.filter(external_id=request.query_params[EXTERNAL_ID])
        self.changes: list[Change] | None = None
        delta = read_delta(request)
        if delta is None:
            return super().paginate_queryset(queryset, request, view)
        if not is_recorded(queryset.model._meta.db_table):
            names = request.query_params.keys() & {"updated_since", "include_deleted"}
            raise ValidationError({name: ["This list has no order of changes."] for name in names})
        self.request = request
        self.after = delta.after
        changes = self._find_changes(queryset, delta)
        self.total = changes.count()
        limit = self.get_page_size(request)
        found = list(changes.filter(sequence__gt=delta.after)[: limit + 1])
        self.has_more = len(found) > limit
        self.changes = found[:limit]
        ids = [change.row_id for change in self.changes if change.deleted_at is None]
        rows = {row.pk: row for row in queryset.filter(pk__in=ids)}
        self.shown: list[UUID] = [pk for pk in ids if pk in rows]
        return [rows[pk] for pk in self.shown]

    def _find_changes(self, queryset: Any, delta: Delta) -> Any:
        if connection.in_atomic_block:
            # Within a transaction its own changes count too, whose triggers wait for its commit.
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        changes = Change.objects.owned_by(self.request.user).of_kind(queryset.model._meta.db_table)
        if delta.since is not None:
            changes = changes.filter(changed_at__gte=delta.since)
        return changes if delta.has_deleted else changes.filter(deleted_at=None)

    def get_paginated_response(self, data: Any) -> Response:
        """The array; of changes with tombstones, and with the link to go on by."""
        if self.changes is None:
            return super().get_paginated_response(data)
        rows = dict(zip(self.shown, data, strict=True))
        items = [
            {"id": change.row_id, "deleted_at": AS_TIME.to_representation(change.deleted_at)}
            if change.deleted_at
            else rows.get(change.row_id)
            for change in self.changes
        ]
        place = self.changes[-1].sequence if self.changes else self.after
        url = replace_query_param(self.request.build_absolute_uri(), "cursor", str(place))
        relation = "next" if self.has_more else "delta"
        headers = {"X-Total-Count": str(self.total), "Link": f'<{url}>; rel="{relation}"'}
        return Response([item for item in items if item is not None], headers=headers)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The array; with `include_deleted`, tombstones are among the rows."""
        return schema | {"items": {"anyOf": [schema["items"], TOMBSTONE]}}

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """How the parameters stand in the OpenAPI document."""
        since = "Only what has changed at or after this time, the oldest change first."
        deleted = (
            "Also what was deleted, as `{id, deleted_at}`, for 90 days; the order is that of the "
            'changes. The last page links to the changes after it by rel="delta".'
        )
        own = [
            ("updated_since", {"type": "string", "format": "date-time"}, since),
            ("include_deleted", {"type": "boolean"}, deleted),
        ]
        if getattr(view, "queryset", None) is not None and issubclass(
            view.queryset.model, ImportableModel
        ):
            own.append((EXTERNAL_ID, {"type": "string"}, "The one with this external id."))
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        return parameters + [
            {"name": name, "required": False, "in": "query", "description": text, "schema": schema}
            for name, schema, text in own
        ]


@functools.cache
def is_recorded(table: str) -> bool:
    """Whether a table's changes are recorded; asked once a process, as migrations decide it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_trigger WHERE tgname = 'record_change' AND tgrelid = %s::regclass",
            [table],
        )
        return cursor.fetchone() is not None


def read_delta(request: Request) -> Delta | None:
    """What of the changes is asked for; None for a plain list.

    Raises: ValidationError (400) for what is no time, no boolean, or no place in the changes.
    """
    given = request.query_params
    if not given.keys() & {"updated_since", "include_deleted"}:
        return None
    has_deleted = BOOLEANS.get(given.get("include_deleted", "false").lower())
    if has_deleted is None:
        raise ValidationError({"include_deleted": ["Give true or false."]})
    since = _read_time(given["updated_since"]) if "updated_since" in given else None
    if since is None and not has_deleted:
        return None
    return Delta(since, has_deleted, _read_place(given.get("cursor") or "0"))


def _read_time(text: str) -> datetime:
    try:
        moment = parse_datetime(text.strip().replace(" ", "+"))  # a bare + arrives as a space
        if moment is not None:  # PostgreSQL knows no offset of 16 hours or more
            moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise ValidationError({"updated_since": ["Give a time like 2026-01-31T12:00:00Z."]})
    return moment


def _read_place(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= MAX_SEQUENCE_DIGITS):
        raise NOT_A_CURSOR
    return int(text)
