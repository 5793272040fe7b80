"""ETags: whether a row is still what a client has seen.

An ETag is `"<version>-<content>"`: `If-Match` asks about the version, which changes with every
change by a person; `If-None-Match` about the whole, which also covers what the service itself
changes, as the state of indexing.
"""

import hashlib
from typing import Any

from django.utils import timezone

from learningaier.api.renderers import JSONRenderer


def make_etag(row: Any, data: Any) -> str:
    """The ETag of a row that is shown as `data`."""
    content = hashlib.blake2b(JSONRenderer().render(data), digest_size=8).hexdigest()
    return f'"{row_version(row)}-{content}"'


def row_version(row: Any) -> str:
    """What changes whenever the row is saved: the microsecond of its last change."""
    return format(int(row.updated_at.timestamp() * 1_000_000), "x")


def is_match(header: str, row: Any) -> bool:
    """Whether `If-Match` names the row as it is."""
    version = row_version(row)
    return any(tag == "*" or tag.partition("-")[0] == version for tag in _read_tags(header))


def is_known(header: str, etag: str) -> bool:
    """Whether `If-None-Match` names what would be answered."""
    return any(tag in {"*", etag.strip('"')} for tag in _read_tags(header))


def _read_tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",")]


def claim_version(row: Any) -> bool:
    """Take the right to change the row as it was read; False if somebody has changed it since.

    1. Two clients read version 7. 2. Both ask to change it. 3. One conditional UPDATE moves the
    row on from version 7; the other finds none and is refused.
    """
    rows = type(row)._default_manager.filter(pk=row.pk, updated_at=row.updated_at)
    return bool(rows.update(updated_at=timezone.now()))
