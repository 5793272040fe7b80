"""One run of the import: whose rows they are, which are here, what a dry run would have made."""

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import DataError, IntegrityError, models
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from learningaier.accounts.identity import Identity, IdentityError
from learningaier.accounts.models import User
from learningaier.accounts.services import find_or_create_firebase_user
from learningaier.api.ids import PATTERN
from learningaier.core.errors import ServiceError
from learningaier.core.ownership import parse_uuid
from learningaier.firestore.report import Report, Tally
from learningaier.firestore.source import Firestore, Page, Row
from learningaier.firestore.values import Fields, WrongValue

MAX_UID = 128  # characters
MAX_OWNERS = 1000  # accounts that are held in memory
REFUSALS = (WrongValue, ServiceError, ValidationError, DataError, IntegrityError)

Handle = Callable[[Row, User, Fields], bool]


class Run:
    """What the collections' imports share."""

    def __init__(self, source: Firestore, report: Report, *, is_dry: bool) -> None:
        self.source, self.report, self.is_dry = source, report, is_dry
        self._owners: dict[str, User] = {}
        self._seen = _Seen()

    def take(self, row: Row, handle: Handle) -> bool | None:
        """Take over one row. `handle`: returns whether it is new. What it refuses is reported.

        Returns: whether the row is new; None where it was skipped.
        """
        tally, fields = self.tally(row), Fields(row.values)
        tally.read += 1
        try:
            is_new = handle(row, self.find_owner(row.uid), fields)
        except REFUSALS as refusal:
            self.report.skip(row, explain(refusal))
            return None
        self.count(row, fields, is_new=is_new)
        return is_new

    def take_early(self, row: Row, handle: Handle) -> None:
        """Take over a row before its turn, because another needs it; `was_taken` tells so then."""
        if not self.was_taken(row):
            self._seen.add("early", row.collection, row.id)
            self.take(row, handle)

    def was_taken(self, row: Row) -> bool:
        """Whether a row was taken over before its turn."""
        return self._seen.has("early", row.collection, row.id)

    def count(self, row: Row, fields: Fields, *, is_new: bool) -> None:
        """Count a row that is here now."""
        if is_new:
            self.tally(row).created += 1
        else:
            self.tally(row).known += 1
        for remark in fields.remarks:
            self.report.remark(row, remark)

    def tally(self, row: Row) -> Tally:
        """The counts of a row's collection."""
        return self.report.tallies[row.collection]

    def find_owner(self, uid: Any) -> User:
        """The account of a Firebase uid, made where there is none; a dry run makes none.

        Raises: WrongValue for what is no uid, another account's row or a closed account.
        """
        if not (isinstance(uid, str) and is_uid(uid)):
            raise WrongValue("user_id: this is no account.")
        if self.source.uid not in (None, uid):
            raise WrongValue("user_id: this is another account than the one asked for.")
        if uid not in self._owners:
            if len(self._owners) >= MAX_OWNERS:
                self._owners.clear()
            self._owners[uid] = self._find_account(uid)
        return self._owners[uid]

    def _find_account(self, uid: str) -> User:
        if self.is_dry:
            found = User.objects.filter(firebase_uid=uid).first() or User(firebase_uid=uid)
            if not found.is_active:
                raise WrongValue("user_id: the account is closed here.")
            return found
        now = int(timezone.now().timestamp()) + 1  # later than any sign-out
        try:
            return find_or_create_firebase_user(
                identity=Identity(uid, issued_at=now, signed_in_at=now)
            )
        except IdentityError as error:
            raise WrongValue("user_id: the account is closed here.") from error

    def is_known(self, model: type[models.Model], owner: User, key: str) -> bool:
        """Whether a row is here, in the trash too, or would be after a dry run.

        Raises: WrongValue for an id that can be none here.
        """
        if not is_imported_id(key):
            raise WrongValue("This id is none that an imported row can have.")
        everything: Any = getattr(model, "everything", model._default_manager)
        is_here: bool = everything.filter(owner_id=owner.pk, external_id=key).exists()
        return is_here or self._seen.has(model.__name__, owner.firebase_uid, key)

    def refer(
        self, model: type[models.Model], owner: User, fields: Fields, name: str
    ) -> tuple[Any, bool]:
        """The row that a field names, and whether there is one: of a dry run's there is no row."""
        key = fields.optional_text(name)
        if not key:
            return None, False
        rows: Any = model._default_manager
        row = rows.filter(owner_id=owner.pk, external_id=key).first()
        is_there = row is not None or self._seen.has(model.__name__, owner.firebase_uid, key)
        if not is_there:
            fields.remarks.append(f"{name}: there is no such row of this account.")
        return row, is_there

    def will_make(self, model: type[models.Model], owner: User, key: str) -> bool:
        """Note what a dry run would have made. Returns: whether this is a dry run."""
        if self.is_dry:
            self._seen.add(model.__name__, owner.firebase_uid, key)
        return self.is_dry

    def note_file(self, owner: User, digest: str) -> None:
        """Note the file of a document that a dry run would have made."""
        self._seen.add("file", owner.firebase_uid, digest)

    def has_seen_file(self, owner: User, digest: str) -> bool:
        """Whether a dry run would have made a document of these bytes."""
        return self._seen.has("file", owner.firebase_uid, digest)


class _Seen:
    """Rows by kind, account and id. On disk where they are many: memory is to stay the same."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("")
        self._database.execute("CREATE TABLE seen (kind, uid, id, PRIMARY KEY (kind, uid, id))")

    def add(self, kind: str, uid: str | None, key: str) -> None:
        self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (kind, uid, key))

    def has(self, kind: str, uid: str | None, key: str) -> bool:
        asked = "SELECT 1 FROM seen WHERE kind = ? AND uid = ? AND id = ?"
        return bool(self._database.execute(asked, (kind, uid, key)).fetchone())


def is_uid(text: str) -> bool:
    """Whether a text can be the uid of a Firebase account."""
    return 0 < len(text) <= MAX_UID and text.isprintable() and "/" not in text


def is_imported_id(key: str) -> bool:
    """Whether a text can be an id in both services. Firestore keeps `.`, `..` and `__…__`."""
    is_reserved = not key.strip(".") or key.startswith("__")
    return bool(re.fullmatch(PATTERN, key)) and not is_reserved and parse_uuid(key) is None


def explain(refusal: Exception) -> str:
    """Why a row was refused, as a sentence for the report."""
    if isinstance(refusal, ServiceError):
        return refusal.detail
    if isinstance(refusal, ValidationError):
        return _flatten(refusal.detail)
    if isinstance(refusal, DataError | IntegrityError):
        return "The database refuses one of its values."
    return str(refusal)


def _flatten(detail: Any) -> str:
    if isinstance(detail, Mapping):
        return " ".join(f"{name}: {_flatten(why)}" for name, why in detail.items())
    if isinstance(detail, list):
        return " ".join(_flatten(one) for one in detail)
    return str(detail)


def keep_time(row: models.Model, created_at: datetime | None) -> None:
    """Let a row that was just made be as old as it was in the earlier service."""
    if created_at is not None:
        type(row)._default_manager.filter(pk=row.pk).update(created_at=created_at)


def each(pages: Iterable[Page]) -> Iterable[Row]:
    """The rows of all pages, one after the other."""
    return (row for page in pages for row in page)
