"""Sorting and moving many notes at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from learningaier.accounts.models import User
from learningaier.core.errors import NotFound
from learningaier.knowledge.index.placing import place_materials
from notes.models import Folder, Note
from notes.names import join_path

MAX_PLACES = 1000  # notes of one request
MAX_NAMED = 20  # ids that an error lists


@dataclass(frozen=True)
class Place:
    """A folder with its path and the ids from the top down; none of them: outside all folders."""

    folder: Folder | None = None
    path: str = ""
    ids: Sequence[UUID] = ()


@transaction.atomic
def place_notes(*, owner: User, places: Sequence[Mapping[str, Any]]) -> None:
    """Give notes, by `id`, their `sort_order`, and `folder_id` where it is given; all or none.

    Raises: ValidationError (400) for a note twice; NotFound (404) with the ids.
    """
    by_id = {place["id"]: place for place in places}
    if len(by_id) < len(places):
        raise ValidationError({"id": ["Name each note once."]})
    folders = _lock_folders(owner, {one["folder_id"] for one in places if one.get("folder_id")})
    notes = list(
        Note.objects.owned_by(owner).select_for_update().order_by("pk").filter(pk__in=by_id)
    )
    _require_all("id", "note", by_id, [note.pk for note in notes])
    moved: dict[UUID | None, list[UUID]] = defaultdict(list)
    for note in notes:
        place = by_id[note.pk]
        note.sort_order, note.updated_at = place["sort_order"], timezone.now()
        folder_id = place.get("folder_id", note.in_folder_id)
        if folder_id != note.in_folder_id:
            note.in_folder, note.folder = folders[folder_id].folder, folders[folder_id].path
            moved[folder_id].append(note.pk)
    Note.objects.bulk_update(notes, ["sort_order", "in_folder", "folder", "updated_at"])
    for folder_id, ids in moved.items():
        place_materials(owner.pk, ids, folders[folder_id].ids)


def _lock_folders(owner: User, wanted: Set[UUID]) -> dict[UUID | None, Place]:
    """The folders, which stay until the transaction ends."""
    rows = Folder.objects.owned_by(owner).select_for_update(no_key=True).order_by("pk")
    found: dict[UUID | None, Place] = {None: Place()}
    for row in rows.filter(pk__in=wanted):
        above = row.lineage()
        path = join_path([one.name for one in above])
        found[row.pk] = Place(row, path, [one.pk for one in above])
    _require_all("folder_id", "folder", wanted, found)
    return found


def _require_all(field: str, kind: str, wanted: Iterable[UUID], found: Iterable[Any]) -> None:
    missing = sorted(map(str, set(wanted) - set(found)))
    if missing:
        raise NotFound(f"There is no such {kind}: {', '.join(missing[:MAX_NAMED])}.", field=field)
