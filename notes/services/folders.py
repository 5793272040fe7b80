"""What happens to folders: the tree of each learner, changed by one request at a time.

Locks are taken in one order: the owner, then folders, then notes.
"""

from typing import Unpack
from uuid import UUID

from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from learningaier.accounts.models import User
from learningaier.core.errors import Conflict, NotFound, QuotaReached
from learningaier.core.fields import set_fields
from learningaier.knowledge.index.placing import move_materials, place_materials
from notes.models import MAX_DEPTH, Folder, Note
from notes.names import MAX_NAME, fold_name, split_path
from notes.services.fields import FolderFields

MAX_FOLDERS = 5000  # of one learner
TOO_DEEP = f"Folders are at most {MAX_DEPTH} deep."
NAME_TAKEN = "There is a folder of this name in the same place."


def lock_tree(owner_id: UUID) -> None:
    """Let nobody else change this learner's folders until the transaction ends."""
    User.objects.select_for_update(no_key=True).values("pk").get(pk=owner_id)


@transaction.atomic
def create_folder(*, owner: User, external_id: str = "", **fields: Unpack[FolderFields]) -> Folder:
    """A new folder. Raises: ValidationError (400) for its place or name; QuotaReached (409)."""
    lock_tree(owner.pk)
    folder = Folder(owner=owner, external_id=external_id)
    set_fields(folder, fields)
    _check_place(folder, folder.parent)
    _save(folder, is_new=True)
    return folder


@transaction.atomic
def update_folder(*, folder: Folder, **fields: Unpack[FolderFields]) -> Folder:
    """Rename or move a folder, with all that is in it.

    Raises: NotFound if it is gone; ValidationError (400) for a circle, a depth, a name.
    """
    lock_tree(folder.owner_id)
    row = _lock(folder.pk)
    before, parent_id = row.path(), row.parent_id
    set_fields(row, fields)
    if row.parent_id != parent_id:
        _check_place(row, row.parent)
    _save(row)
    _carry_notes(row, before, has_moved=row.parent_id != parent_id)
    return row


@transaction.atomic
def delete_folder(*, folder: Folder, target: Folder | None = None, is_moved: bool = False) -> None:
    """Delete an empty folder, or one whose content goes elsewhere before.

    `is_moved`: its notes and folders go to `target`, None for the top.
    Raises: Conflict (409) while something is in it; ValidationError (400) for a target within it.
    """
    lock_tree(folder.owner_id)
    row = _lock(folder.pk)
    if is_moved:
        _empty_into(row, None if target is None else _lock(target.pk))
    elif not row.is_empty():
        words = "This folder is not empty. Move what is in it: `?move_to=`."
        raise Conflict(words, code="not_empty")
    row.delete()


def make_path(*, owner: User, path: str) -> Folder | None:
    """The folder of a path; what is missing of it is made. None for an empty path.

    Raises: ValidationError (400) where it is too deep or a name too long.
    """
    names = split_path(path)
    _check_names(names)
    folder, missing = _walk(owner, names)
    if not missing:
        return folder
    with transaction.atomic():
        lock_tree(owner.pk)
        folder, missing = _walk(owner, names)  # somebody else may have made it meanwhile
        for name in missing:
            parent, folder = folder, Folder(owner=owner, name=name)
            folder.parent = parent
            _save(folder, is_new=True)
    return folder


def _walk(owner: User, names: list[str]) -> tuple[Folder | None, list[str]]:
    """The deepest folder of a path that is there, and the names below it that are not."""
    folder: Folder | None = None
    for place, name in enumerate(names):
        found = Folder.objects.owned_by(owner).named(name, folder).first()
        if found is None:
            return folder, names[place:]
        folder = found
    return folder, []


def _check_names(names: list[str]) -> None:
    if len(names) > MAX_DEPTH:
        raise ValidationError({"folder": [TOO_DEEP]})
    if any(len(name) > MAX_NAME for name in names):
        raise ValidationError({"folder": [f"A folder's name has at most {MAX_NAME} characters."]})


def _lock(pk: UUID) -> Folder:
    row = Folder.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row


def _check_place(folder: Folder, parent: Folder | None) -> None:
    """Raises: ValidationError (400) where a folder would lie in itself, or too deep."""
    above = [] if parent is None else parent.lineage()
    if parent is not None and not above:
        raise NotFound("There is no such folder.", field="parent_id")
    if folder.pk in {one.pk for one in above}:
        raise ValidationError({"parent_id": ["A folder can't lie within itself."]})
    if len(above) + _height(folder) > MAX_DEPTH:
        raise ValidationError({"parent_id": [TOO_DEEP]})


def _height(folder: Folder) -> int:
    """How many levels a folder and what is below it take."""
    level, height = [folder.pk], 0
    while level and height <= MAX_DEPTH:
        height += 1
        level = list(Folder.objects.filter(parent__in=level).values_list("pk", flat=True))
    return height


def _save(folder: Folder, *, is_new: bool = False) -> None:
    folders = Folder.objects.filter(owner_id=folder.owner_id)
    if is_new and (used := folders.count()) >= MAX_FOLDERS:
        words = f"You have {used} folders, which is the most."
        raise QuotaReached(words, used=used, limit=MAX_FOLDERS)
    folder.name_key = fold_name(folder.name)
    same = folders.filter(parent_id=folder.parent_id, name_key=folder.name_key)
    if same.exclude(pk=folder.pk).exists():
        raise ValidationError({"name": [NAME_TAKEN]})
    folder.save()


def _carry_notes(folder: Folder, before: str, *, has_moved: bool) -> None:
    """Give the notes below a folder their new path, and search their new place."""
    path = folder.path()
    inside = Note.everything.filter(in_folder__in=Folder.objects.within([folder.pk]))
    if path != before:
        # As bytes change with the path, each note is another to clients that keep copies.
        changed = Concat(Value(path), Substr("folder", len(before) + 1))
        inside.update(folder=changed, updated_at=timezone.now())
    if has_moved:
        above = [one.pk for one in folder.lineage()]
        move_materials(folder.owner_id, folder.pk, above, list(inside.values_list("pk", flat=True)))


def _empty_into(folder: Folder, target: Folder | None) -> None:
    if target is not None and folder.pk in {one.pk for one in target.lineage()}:
        raise ValidationError({"move_to": ["The notes can't go into what is deleted."]})
    for child in folder.children.all():
        before = child.path()
        child.parent = target
        _check_place(child, target)
        _save(child)
        _carry_notes(child, before, has_moved=True)
    path = "" if target is None else target.path()
    above = [] if target is None else [one.pk for one in target.lineage()]
    notes = Note.everything.filter(in_folder=folder)
    ids = list(notes.values_list("pk", flat=True))
    notes.update(in_folder=target, folder=path, updated_at=timezone.now())
    place_materials(folder.owner_id, ids, above)
