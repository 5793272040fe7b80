"""Folders: a tree of names in which notes lie."""

from collections.abc import Sequence
from typing import Any, Self
from uuid import UUID

from django.db import models
from django.db.models import Count, Q
from django.db.models.expressions import RawSQL

from learningaier.core.ownership import (
    ImportableModel,
    OwnedQuerySet,
    external_id_once,
    parse_uuid,
)
from notes.names import MAX_KEY, MAX_NAME, clean_name, fold_name, join_path, split_path

MAX_DEPTH = 20
MAX_NAMESAKES = 100  # folders of one name that are looked at

# From each folder up to its root; the depth ends a circle that no code of ours makes.
UPWARDS = """
WITH RECURSIVE up AS (
  SELECT id, parent_id, 0 AS distance FROM notes_folder WHERE id = %s
  UNION ALL
  SELECT f.id, f.parent_id, up.distance + 1 FROM notes_folder f JOIN up ON f.id = up.parent_id
  WHERE up.distance < 40
) SELECT id FROM up
"""
DOWNWARDS = """
WITH RECURSIVE down AS (
  SELECT id, 0 AS distance FROM notes_folder WHERE id = ANY(%s)
  UNION ALL
  SELECT f.id, down.distance + 1 FROM notes_folder f JOIN down ON f.parent_id = down.id
  WHERE down.distance < 40
) SELECT id FROM down
"""


def _ids(sql: str, argument: Any) -> RawSQL:
    return RawSQL(sql, [argument])  # noqa: S611  one of the two texts above


class FolderQuerySet(OwnedQuerySet["Folder"]):
    """Folders of one owner, up and down their tree."""

    def with_counts(self) -> Self:
        """Each folder with its `note_count`: of the notes in itself, not of those further down."""
        return self.annotate(note_count=Count("notes", filter=Q(notes__deleted_at=None)))

    def named(self, name: str, parent: "Folder | None") -> Self:
        """The folder of this name below a parent, in whatever case."""
        return self.filter(name_key=fold_name(name), parent=parent)

    def find(self, name: str) -> list[UUID] | None:
        """The ids of what one of the folders is called: its id, its path, or its name at any depth.

        Names are meant to the letter, case included, as tags are.
        Returns: none of a name that is not there; None for an id that is not there.
        """
        wanted = [clean_name(part) for part in split_path(name)]
        if key := parse_uuid(name):
            return list(self.filter(pk=key).values_list("pk", flat=True)) or None
        if not wanted:
            return []
        if imported := list(self.filter(external_id=name).values_list("pk", flat=True)):
            return imported
        same = self.filter(name_key=fold_name(wanted[-1]))[:MAX_NAMESAKES]
        called = [one for one in same if clean_name(one.name) == wanted[-1]]
        if len(wanted) == 1:
            return [one.pk for one in called if not one.parent_id] or [one.pk for one in called]
        paths = {one.pk: [clean_name(above.name) for above in one.lineage()] for one in called}
        exact = [pk for pk, path in paths.items() if path == wanted]
        return exact or [pk for pk, path in paths.items() if path[-len(wanted) :] == wanted]

    def within(self, folder_ids: Sequence[UUID]) -> Self:
        """These folders and all that is below them."""
        return self.filter(pk__in=_ids(DOWNWARDS, list(folder_ids)))


class Folder(ImportableModel):
    """A name in the tree of its owner; without a parent it stands at the top."""

    name = models.CharField(max_length=MAX_NAME)
    name_key = models.CharField(max_length=MAX_KEY, editable=False)
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    sort_order = models.FloatField(default=0.0, db_default=0.0)

    objects = FolderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "parent", "name_key"],
                name="folder_name_once_a_parent",
                nulls_distinct=False,
            ),
            external_id_once("folder"),
        ]
        indexes = [models.Index(fields=["owner", "-created_at", "-id"], name="folder_owner_newest")]

    def __str__(self) -> str:
        return self.name

    def lineage(self) -> list["Folder"]:
        """The folders from the top down to this one, itself included."""
        above = {one.pk: one for one in Folder.objects.filter(pk__in=_ids(UPWARDS, self.pk))}
        found: list[Folder] = []
        at: UUID | None = self.pk
        while at is not None and at in above:
            folder = above.pop(at)
            found.append(folder)
            at = folder.parent_id
        return found[::-1]

    def path(self) -> str:
        """The names from the top down, as `Biology/Plants`."""
        return join_path([folder.name for folder in self.lineage()])

    def is_empty(self) -> bool:
        """Whether nothing lies in it but what is in the trash."""
        has_notes = self.notes.exists()
        return not has_notes and not self.children.exists()
