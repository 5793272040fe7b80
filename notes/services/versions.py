"""The versions of a note: one at each save that changes its text, the newest 50.

A version is kept as its difference from the next (`NoteVersion`), so whoever writes or removes one
holds the note's row, and writes the one before it anew.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from django.db import transaction
from django.utils import timezone

from learningaier.core.errors import NotFound
from notes.models import Note, NoteVersion

MAX_VERSIONS = 50  # of a note; and as many older ones that answers have quoted
AUTOSAVE_PAUSE = timedelta(minutes=1)  # between two versions of autosave
PIECE = 4096  # characters that are compared at once

Reason = NoteVersion.Reason


def snapshot(note: Note) -> str:
    """All that a version holds of a note, as one text: it changes when the note's text does."""
    held = [note.title, note.content, note.primary_language, note.translations]
    return orjson.dumps(held, option=orjson.OPT_SORT_KEYS).decode()


def read_snapshot(text: str) -> dict[str, Any]:
    """The fields of a note that a version holds."""
    names = ["title", "content", "primary_language", "translations"]
    return dict(zip(names, orjson.loads(text), strict=True))


def record_version(note: Note, *, before: str | None, reason: str) -> None:
    """Keep the text of a locked note, and note its number in `note.version`, without saving it.

    `before`: the snapshot until now; None for a new note. A note from before there were versions
    has it kept as its first.
    """
    now, text = timezone.now(), snapshot(note)
    newest = note.versions.first()
    if newest is None and before is not None:
        title = read_snapshot(before)["title"]
        newest = _add(note, 1, title, before, Reason.MANUAL, note.updated_at)
    number = 1 if newest is None else newest.number + 1
    started = _end_autosave(note, now) if reason == Reason.AUTO else now
    _add(note, number, note.title, text, reason, started)
    note.version = number
    _prune(note)


def put_before(note: Note, past: Sequence[tuple[str, str, str, datetime]]) -> None:
    """Put versions before the only one of a locked note, the oldest first.

    Each as title, snapshot, reason, time. `note.version` is stored as it is then.
    """
    newest = note.versions.get()
    newest.delete()
    held = [*past, (newest.title, newest.middle, newest.reason, newest.created_at)]
    for number, (title, text, reason, at) in enumerate(held, start=1):
        _add(note, number, title, text, reason, at)
    note.version = len(held)
    note.save(update_fields=["version"])


def _end_autosave(note: Note, now: datetime) -> datetime:
    """Remove autosave's version of the last minute, unless it was quoted.

    Returns: when the minute began.
    """
    recent = note.versions.filter(
        reason=Reason.AUTO, created_at__gt=now - AUTOSAVE_PAUSE, is_cited=False
    )
    replaced = recent.first()
    if replaced is None:
        return now
    _remove(note, [replaced.number])
    return replaced.created_at


def _add(note: Note, number: int, title: str, text: str, reason: str, at: datetime) -> NoteVersion:
    last = note.versions.first()
    if last is not None:
        _rebase(last, last.middle, text)
    return NoteVersion.objects.create(
        owner_id=note.owner_id,
        note=note,
        number=number,
        title=title,
        reason=reason,
        created_at=at,
        middle=text,
        size=len(text.encode()),
    )


def _rebase(version: NoteVersion, text: str, following: str) -> None:
    """Keep a version's text as its difference from another text that follows."""
    prefix, suffix = compare(text, following)
    version.prefix, version.suffix = prefix, suffix
    version.middle = text[prefix : len(text) - suffix]
    version.size = len(version.middle.encode())
    version.save(update_fields=["prefix", "suffix", "middle", "size"])


def compare(text: str, other: str) -> tuple[int, int]:
    """How many characters two texts have in common at the beginning, and at the end after those."""
    most = min(len(text), len(other))
    prefix = _count_equal(lambda a, b: text[a:b] == other[a:b], most)
    n, m = len(text), len(other)
    suffix = _count_equal(lambda a, b: text[n - b : n - a] == other[m - b : m - a], most - prefix)
    return prefix, suffix


def _count_equal(is_equal: Any, most: int) -> int:
    """How far two texts are equal: piece by piece, then by halves within the first that differs."""
    at, step = 0, PIECE
    while step:
        while at + step <= most and is_equal(at, at + step):
            at += step
        step //= 2
    return at


def read_texts(versions: Sequence[NoteVersion]) -> list[str]:
    """The texts of versions that follow each other from the newest on, in that order."""
    texts: list[str] = []
    for version in versions:
        following = texts[-1] if texts else ""
        tail = following[len(following) - version.suffix :] if version.suffix else ""
        texts.append(following[: version.prefix] + version.middle + tail)
    return texts


@dataclass(frozen=True)
class Version:
    """What a note said, when and why it was saved so."""

    number: int
    title: str
    content: str
    primary_language: str
    translations: Mapping[str, str]
    reason: str
    created_at: datetime


def list_versions(note: Note) -> list[Version]:
    """All versions of a note, the newest first."""
    versions = list(NoteVersion.objects.filter(note=note))
    return [_show(one, text) for one, text in zip(versions, read_texts(versions), strict=True)]


def read_version(note: Note, number: int) -> Version:
    """One version of a note. Raises: NotFound."""
    newer = list(NoteVersion.objects.filter(note=note, number__gte=number))
    if not newer or newer[-1].number != number:
        raise NotFound("There is no such version.")
    return _show(newer[-1], read_texts(newer)[-1])


def _show(version: NoteVersion, text: str) -> Version:
    return Version(
        number=version.number,
        reason=version.reason,
        created_at=version.created_at,
        **read_snapshot(text),
    )


def _remove(note: Note, numbers: Iterable[int]) -> None:
    """Remove versions; what stood on their texts stands on the next ones that stay."""
    gone, kept = set(numbers), NoteVersion.objects.filter(note=note)
    older = kept.filter(number__lt=max(gone)).exclude(number__in=gone)
    lowest = older.filter(number__lt=min(gone)).first() or older.last()
    if lowest is not None:
        _rebase_over(list(kept.filter(number__gte=lowest.number)), gone)
    kept.filter(number__in=gone).delete()


def _rebase_over(versions: Sequence[NoteVersion], gone: Set[int]) -> None:
    """Let versions, from the newest on, do without those that go."""
    texts, following = read_texts(versions), -1
    for place, version in enumerate(versions):
        if version.number in gone:
            continue
        if place > following + 1:
            _rebase(version, texts[place], texts[following] if following >= 0 else "")
        following = place


def _prune(note: Note) -> None:
    """Keep the newest, and older ones only where answers have quoted them."""
    kept = list(note.versions.values_list("number", "is_cited"))
    older = kept[MAX_VERSIONS:]
    cited = [number for number, is_cited in older if is_cited][:MAX_VERSIONS]
    if gone := [number for number, _ in older if number not in cited]:
        _remove(note, gone)


@transaction.atomic
def keep_cited(owner_id: UUID, cited: Iterable[tuple[str, int]]) -> None:
    """Keep the versions that an answer quotes, by note and number, for as long as there is room."""
    for note_id, number in set(cited):
        rows = NoteVersion.objects.filter(owner_id=owner_id, note_id=note_id, number=number)
        rows.update(is_cited=True)
