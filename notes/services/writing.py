"""The texts of a note: those that are written now, and those that it had elsewhere before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rest_framework.exceptions import ValidationError

from notes.models import Note
from notes.services.fields import NoteFields
from notes.services.versions import put_before, snapshot
from notes.texts import Change, TextConflict, Texts, apply_change


@dataclass(frozen=True)
class PastText:
    """What a note said once: title, texts and language, why and when it was saved so."""

    fields: NoteFields
    reason: str
    created_at: datetime


def put_history(note: Note, history: Sequence[PastText]) -> None:
    """Give a locked note with one version those from before, the oldest first.

    Raises: ValidationError (400) for texts that contradict.
    """
    if history:
        put_before(note, [(*_show(one), one.reason, one.created_at) for one in history])


def _show(past: PastText) -> tuple[str, str]:
    fields: dict[str, Any] = {**past.fields}
    then = Note(title=fields.get("title", ""))
    write_texts(then, fields)
    return then.title, snapshot(then)


def write_texts(note: Note, fields: dict[str, Any]) -> None:
    """Take over what of the fields is text. Raises: ValidationError (400)."""
    names = ["content", "texts", "translations", "primary_language"]
    sent = {name: fields.pop(name) for name in names if name in fields}
    change = Change(
        title=fields.get("title", note.title),
        content=sent.get("content"),
        language=(sent["primary_language"] or "") if "primary_language" in sent else None,
        texts=sent.get("texts", {}),
        others=sent.get("translations"),
    )
    told = note.is_language_told
    texts = Texts(note.primary_language, note.content, note.translations, told)
    try:
        texts = apply_change(texts, change)
    except TextConflict as conflict:
        raise ValidationError({conflict.field: [conflict.sentence]}) from None
    note.content, note.translations = texts.content, dict(texts.translations)
    note.primary_language, note.is_language_told = texts.language, texts.is_told
