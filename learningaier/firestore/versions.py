"""Versions of notes: the newest that are older than the note's text as it is."""

import heapq
from datetime import datetime

from learningaier.firestore.runs import Run, each
from learningaier.firestore.source import Row
from learningaier.firestore.texts import read_texts
from learningaier.firestore.values import Fields, WrongValue
from notes.models import NoteVersion
from notes.services.versions import MAX_VERSIONS
from notes.services.writing import PastText

KEPT = MAX_VERSIONS - 1  # beside the note's text as it is
TOO_OLD = f"Only the newest {KEPT} versions of a note are kept beside its text."
Reason = NoteVersion.Reason
REASONS = {
    "auto": Reason.AUTO,
    "manual": Reason.MANUAL,
    "restore": Reason.RESTORE,
    "system": Reason.IMPORT,
}

Held = tuple[datetime, str, Row, Fields, PastText]


class Versions:
    """The versions of one note, read where they are needed."""

    def __init__(self, run: Run, note: Row) -> None:
        self._run, self._note = run, note
        self._skipped: list[tuple[Row, str]] = []
        self._kept: list[Held] | None = None

    def read_history(self) -> list[PastText]:
        """The newest of them as the note's history, the oldest first."""
        return [held[-1] for held in self._read()]

    def count(self, *, is_taken: bool | None) -> None:
        """Count them. `is_taken`: whether the note is new; None where it was skipped."""
        for _, _, row, fields, _ in self._read():
            if is_taken is None:
                self._run.report.skip(row, "Its note was skipped.")
            else:
                self._run.count(row, fields, is_new=is_taken)
        for row, why in self._skipped:
            self._run.report.skip(row, why)

    def _read(self) -> list[Held]:
        if self._kept is None:
            self._kept = []
            for row in each(self._run.source.read_where("note_versions", "note_id", self._note.id)):
                self._run.tally(row).read += 1
                self._keep(row)
            self._kept.sort(key=lambda held: held[:2])
        return self._kept

    def _keep(self, row: Row) -> None:
        assert self._kept is not None
        fields = Fields(row.values)
        try:
            past = _read_past(row, fields, self._note.uid)
        except WrongValue as wrong:
            self._skipped.append((row, str(wrong)))
            return
        heapq.heappush(self._kept, (past.created_at, row.id, row, fields, past))
        if len(self._kept) > KEPT:
            self._run.report.skip(heapq.heappop(self._kept)[2], TOO_OLD)


def _read_past(row: Row, fields: Fields, uid: object) -> PastText:
    if row.uid != uid:
        raise WrongValue("user_id: this is not the account of its note.")
    reason = REASONS.get(fields.choice("snapshot_reason", REASONS), Reason.AUTO)
    return PastText(read_texts(fields), reason, fields.time("created_at"))
