"""Conversations with their messages."""

from functools import partial

from chat.history import PastMessage, import_conversation
from chat.models import MAX_TITLE, Conversation, Message
from documents.models import Document
from learningaier.accounts.models import User
from learningaier.firestore.runs import Run, each
from learningaier.firestore.source import Row
from learningaier.firestore.values import Fields, WrongValue
from notes.models import Folder, Note

MAX_MESSAGES = 5000  # of a conversation; they are sorted in memory
MAX_CONTENT = 100_000  # characters
MAX_IDS, MAX_NAME = 100, 100
TOO_MANY = f"Only {MAX_MESSAGES} messages of a conversation are kept."
SOURCES = "sources: they are left out, as they cite texts of the earlier service's index."
ScopeType = Conversation.ScopeType
REFERRED = {ScopeType.DOC.value: (Note, Document), ScopeType.FOLDER.value: (Folder,)}


def import_conversations(run: Run) -> None:
    """Take over each conversation together with its messages, so that both are here or neither."""
    for row in each(run.source.read_conversations()):
        messages = _Messages(run, row)
        messages.count(is_new=run.take(row, partial(_import, run, messages)))


def _import(run: Run, messages: "_Messages", row: Row, owner: User, fields: Fields) -> bool:
    if run.is_known(Conversation, owner, row.id):
        return False
    title = fields.optional_text("title", most=MAX_TITLE).strip()
    scope_type, scope_ids = _read_scope(run, owner, fields)
    created_at = fields.optional_time("created_at")
    if run.will_make(Conversation, owner, row.id):
        return True
    import_conversation(
        owner=owner,
        external_id=row.id,
        title=title,
        scope=(scope_type, scope_ids),
        created_at=created_at,
        messages=[message for _, _, message in messages.read()],
    )
    return True


def _read_scope(run: Run, owner: User, fields: Fields) -> tuple[str, list[str]]:
    """The scope, `{type, ids}` or the type alone; all, where nothing of it is here."""
    scope = fields.get("scope")
    told = Fields(scope if isinstance(scope, dict) else {"type": scope})
    kind = told.choice("type", ScopeType.values) or ScopeType.ALL.value
    ids = told.get("ids")
    names = [one for one in ids if isinstance(one, str)][:MAX_IDS] if isinstance(ids, list) else []
    if kind in REFERRED:
        there = [pk for name in names if (pk := _find(run, owner, kind, name))]
        if 0 < len(there) < len(names):
            fields.remarks.append("scope: only a part of it is here.")
        names = there
    names = [name[:MAX_NAME] for name in names if name.strip()]
    fields.remarks += [f"scope.{remark}" for remark in told.remarks]
    if kind != ScopeType.ALL and not names:
        fields.remarks.append("scope: nothing of it is here, so it is all.")
        kind = ScopeType.ALL.value
    return kind, names if kind != ScopeType.ALL else []


def _find(run: Run, owner: User, kind: str, name: str) -> str | None:
    for model in REFERRED[kind]:
        row, is_there = run.refer(model, owner, Fields({"ids": name}), "ids")
        if is_there:
            return str(row.pk) if row else name
    return None


class _Messages:
    """The messages of a conversation, read once, the oldest first."""

    def __init__(self, run: Run, conversation: Row) -> None:
        self._run, self._conversation = run, conversation
        self._kept: list[tuple[Row, Fields, PastMessage]] | None = None
        self._skipped: list[tuple[Row, str]] = []

    def read(self) -> list[tuple[Row, Fields, PastMessage]]:
        """Those that can be taken over."""
        if self._kept is None:
            self._kept = []
            for row in each(self._run.source.read_messages(self._conversation)):
                self._run.tally(row).read += 1
                self._keep(row)
            self._kept.sort(key=lambda held: (held[2].created_at, held[0].id))
        return self._kept

    def count(self, *, is_new: bool | None) -> None:
        """Count them. `is_new`: whether the conversation is; None where it was skipped."""
        for row, fields, _ in self.read():
            if is_new is None:
                self._run.report.skip(row, "Its conversation was skipped.")
            else:
                self._run.count(row, fields, is_new=is_new)
        for row, why in self._skipped:
            self._run.report.skip(row, why)

    def _keep(self, row: Row) -> None:
        assert self._kept is not None
        fields = Fields(row.values)
        try:
            message = _read_message(fields)
        except WrongValue as wrong:
            self._skipped.append((row, str(wrong)))
            return
        if len(self._kept) < MAX_MESSAGES:
            self._kept.append((row, fields, message))
        else:
            self._run.report.skip(row, TOO_MANY)


def _read_message(fields: Fields) -> PastMessage:
    role = fields.text("role")
    if role not in Message.Role.values:
        raise WrongValue(f"role: this is none of {', '.join(Message.Role.values)}.")
    if fields.get("sources"):
        fields.remarks.append(SOURCES)
    return PastMessage(role, fields.text("content", most=MAX_CONTENT), fields.time("created_at"))
