"""Folders: each after the one that it lies in."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from rest_framework.exceptions import ValidationError

from learningaier.accounts.models import User
from learningaier.firestore.runs import Run, each, is_imported_id, keep_time
from learningaier.firestore.source import Row
from learningaier.firestore.values import Fields
from notes.models import MAX_DEPTH, Folder
from notes.names import MAX_NAME, SEPARATOR, clean_name
from notes.services.folders import create_folder

MAX_NAMESAKES = 100
UNTITLED = "Untitled"


def import_folders(run: Run) -> None:
    """Take over each folder. One whose parent can't be found or lies in it stands at the top."""
    for row in each(run.source.read("folders")):
        if not run.was_taken(row):
            run.take(row, partial(_import, run, below=()))


def _import(run: Run, row: Row, owner: User, fields: Fields, *, below: tuple[str, ...]) -> bool:
    if run.is_known(Folder, owner, row.id):
        return False
    told = {"name": _read_name(fields), "sort_order": fields.number("sort_order")}
    created_at = fields.optional_time("created_at")
    parent = _find_parent(run, owner, fields, (*below, row.id))
    if run.will_make(Folder, owner, row.id):
        return True
    folder = _create(owner, row.id, {**told, "parent": parent}, fields)
    keep_time(folder, created_at)
    return True


def _read_name(fields: Fields) -> str:
    text = clean_name(fields.text("name").replace(SEPARATOR, " "))
    name = "".join(one for one in text if one.isprintable()).strip()
    if len(name) > MAX_NAME:
        fields.remarks.append(f"name: cut to {MAX_NAME} characters.")
    return name[:MAX_NAME].strip() or UNTITLED


def _find_parent(run: Run, owner: User, fields: Fields, below: tuple[str, ...]) -> Any:
    """The folder above, imported first where it is not here. `below`: what asks for it."""
    key = fields.optional_text("parent_id")
    if not key:
        return None
    if key in below or len(below) >= MAX_DEPTH:
        fields.remarks.append("parent_id: the folder would lie in itself, or too deep.")
        return None
    if not Folder.objects.filter(owner_id=owner.pk, external_id=key).exists():
        _fetch_parent(run, owner, key, below)
    folder, _ = run.refer(Folder, owner, fields, "parent_id")
    return folder


def _fetch_parent(run: Run, owner: User, key: str, below: tuple[str, ...]) -> None:
    row = run.source.find("folders", key) if is_imported_id(key) else None
    if row is not None and row.uid == owner.firebase_uid:
        run.take_early(row, partial(_import, run, below=below))


def _create(owner: User, key: str, told: Mapping[str, Any], fields: Fields) -> Folder:
    """Make the folder; under another name where its place has one of that name."""
    name, options = told["name"], dict(told)
    for number in range(2, MAX_NAMESAKES):
        try:
            return create_folder(owner=owner, external_id=key, **options)
        except ValidationError as error:
            if "parent_id" in error.detail:
                fields.remarks.append("parent_id: the folder would lie in itself, or too deep.")
                options["parent"] = None
                continue
            ending = f" ({number})"
            options["name"] = name[: MAX_NAME - len(ending)] + ending
    fields.remarks.append("name: there are too many folders of this name.")
    return create_folder(owner=owner, external_id=key, **options)
