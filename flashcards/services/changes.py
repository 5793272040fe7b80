"""Steps: what changed schedules is recorded with the state before, and taken back from it.

A step's `before`, columnar, as a step may hold 100,000 cards:

    fields      names of the columns that the step changed
    rows        [card id, value, …], a row a card, values in the order of `fields`
    untag       ids of the facts that the step tagged as leeches
    retag       ids of the facts from which it took that tag
    options     [deck id or null, {name: value}], …: options that a plan has set, as they were

Locks are taken in one order, owner before card: the steps of one person come one after the other,
so the latest step is always the one whose cards have not moved on since.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import orjson
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.models import (
    ChangeKind,
    Flashcard,
    Reschedule,
    Review,
    StudyChange,
)
from flashcards.models.changes import MAX_UNDO
from flashcards.scheduling import Schedule
from flashcards.services.leeches import tag_facts
from flashcards.services.planned_options import (
    OptionsChange,
    change_options,
    restore_options,
)
from flashcards.services.replays import load_latest_reviews, renew_derived
from learningaier.accounts.models import User
from learningaier.core.errors import Conflict

MOMENT = timedelta(microseconds=1)  # the finest step that PostgreSQL keeps
SCHEDULE_FIELDS = Schedule.names()
STATE_FIELDS = [*SCHEDULE_FIELDS, "baseline", "is_suspended", "is_leech"]
TYPES = {
    "due": "timestamptz",
    "last_review": "timestamptz",
    "due_day": "date",
    "last_day": "date",
    "buried_until": "date",
    "status": "text",
    "stability": "float8",
    "difficulty": "float8",
    "interval": "float8",
    "is_suspended": "boolean",
    "is_leech": "boolean",
}  # every other column is an integer
Row = Sequence[Any]
MEMORY_FIELDS = ("stability", "difficulty")
Memory = tuple[float, float]


def lock_owner(owner: User) -> None:
    """Let nobody else change this person's schedules until the transaction ends."""
    User.objects.select_for_update(no_key=True).values("pk").get(pk=owner.pk)


def read_rows(cards: Iterable[Flashcard], fields: Sequence[str]) -> list[Row]:
    """The columns of cards, as steps keep them."""
    return [[card.pk, *(getattr(card, name) for name in fields)] for card in cards]


def write_rows(owner: User, fields: Sequence[str], rows: Sequence[Row]) -> None:
    """Store the columns of any number of the owner's cards by one statement."""
    columns = ", ".join(
        f'"{name}" = {_read_column(name, place)}' for place, name in enumerate(fields, 1)
    )
    statement = (
        f"UPDATE flashcards_flashcard SET {columns}, updated_at = now() "  # noqa: S608  our names
        "FROM jsonb_array_elements(%s::jsonb) AS given(row) "
        "WHERE id = (given.row ->> 0)::uuid AND owner_id = %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [orjson.dumps(rows).decode(), owner.pk])


def _read_column(name: str, place: int) -> str:
    if name == "baseline":
        return f"NULLIF(given.row -> {place}, 'null'::jsonb)"
    return f"(given.row ->> {place})::{TYPES.get(name, 'integer')}"


def record_change(  # noqa: PLR0913  all that a step consists of
    *,
    owner: User,
    kind: str,
    fields: Sequence[str],
    rows: Sequence[Row],
    untag: Iterable[uuid.UUID] = (),
    retag: Iterable[uuid.UUID] = (),
    options: Sequence[Row] = (),
    change_id: uuid.UUID | None = None,
) -> StudyChange:
    """Keep a step that can be taken back; the owner is locked. Steps beyond 30 cannot any more."""
    before = {
        "fields": fields,
        "rows": rows,
        "untag": list(untag),
        "retag": list(retag),
        "options": options,
    }
    steps = StudyChange.objects.owned_by(owner)
    latest = steps.aggregate(latest=Max("number"))["latest"] or 0
    change = StudyChange.objects.create(
        id=change_id or uuid.uuid4(),
        owner=owner,
        number=latest + 1,
        kind=kind,
        cards=len(rows),
        before=orjson.loads(orjson.dumps(before)),
    )
    too_old = steps.undoable().values("number")[MAX_UNDO : MAX_UNDO + 1]
    steps.filter(before__isnull=False, number__lte=too_old).update(before=None)
    return change


@transaction.atomic
def undo_latest_change(*, owner: User) -> tuple[StudyChange, Flashcard | None]:
    """Take back the owner's latest step: its cards are as before, its events count no more.

    Called again, it takes back the one before. A step whose cards were all deleted stays, and so do
    those before it: else the rating of a card that nobody meant would be taken back.
    Returns: the step, and the first of its cards that is still there.
    Raises: Conflict (409) where there is no step, or the cards of the latest were deleted.
    """
    lock_owner(owner)
    change = StudyChange.objects.owned_by(owner).undoable().first()
    if change is None:
        raise Conflict("There is nothing to take back.", code="nothing_to_undo")
    before: dict[str, Any] = change.before or {}
    ids = [row[0] for row in before["rows"]]
    cards = Flashcard.objects.owned_by(owner).select_for_update().filter(pk__in=ids)
    living = {str(pk) for pk in cards.order_by("pk").values_list("pk", flat=True)}
    if ids and not living and not _read_options(before):
        raise Conflict("What was changed last has been deleted since.", code="card_deleted")
    _undo(owner, change)
    return change, _read_card(owner, next((pk for pk in ids if pk in living), None))


def _read_card(owner: User, card_id: str | None) -> Flashcard | None:
    cards = Flashcard.objects.owned_by(owner).to_be_shown()
    return cards.filter(pk=card_id).first() if card_id else None


def _undo(owner: User, change: StudyChange) -> None:
    before: dict[str, Any] = change.before or {}
    now = timezone.now()
    write_rows(owner, before["fields"], before["rows"])
    cards = set(
        Review.events.filter(change=change, undone_at=None).values_list("flashcard", flat=True)
    )
    for events in (Review.events, Reschedule.objects):
        events.filter(change=change, undone_at=None).update(undone_at=now)
    renew_derived(owner, cards)
    tag_facts(owner, before.get("untag", []), is_leech=False)
    tag_facts(owner, before.get("retag", []), is_leech=True)
    restore_options(owner=owner, before=_read_options(before))
    change.undone_at, change.before = now, None
    change.save(update_fields=["undone_at", "before"])


def _read_options(before: Mapping[str, Any]) -> list[Any]:
    """The options as they were; steps of before plans set others know one only."""
    if before.get("held") is not None:
        deck_id, until = before["held"]
        return [[deck_id, {"new_held_until": until}]]
    return list(before.get("options") or [])


@transaction.atomic
def apply_moves(
    *,
    owner: User,
    kind: str,
    due_days: Mapping[uuid.UUID, date],
    memories: Mapping[uuid.UUID, Memory] | None = None,
    options: Iterable[OptionsChange] = (),
) -> StudyChange:
    """Give cards another study day and perhaps another memory, as one step.

    `memories`: stability and difficulty of cards, by other parameters; `options`: those of decks
    that are set with it.
    """
    lock_owner(owner)
    moved = {*due_days, *(memories or {})}
    cards = list(Flashcard.objects.owned_by(owner).select_for_update().filter(pk__in=moved))
    rows = read_rows(cards, SCHEDULE_FIELDS)
    was = change_options(owner=owner, changes=options)
    change = record_change(owner=owner, kind=kind, fields=SCHEDULE_FIELDS, rows=rows, options=was)
    event_kind = "set_due" if kind == ChangeKind.SET_DUE else "plan"
    reschedule_cards(
        owner=owner,
        cards=cards,
        change=change,
        kind=event_kind,
        due_days=due_days,
        memories=memories or {},
    )
    return change


def reschedule_cards(
    *,
    owner: User,
    cards: Sequence[Flashcard],
    change: StudyChange,
    kind: str,
    due_days: Mapping[uuid.UUID, date | None],
    memories: Mapping[uuid.UUID, Memory] = MappingProxyType({}),
) -> None:
    """Move locked cards, and write down the events from which a replay moves them again."""
    calendar, now = calendar_of(owner), timezone.now()
    latest = load_latest_reviews(cards)
    events = [
        Reschedule(
            owner=owner,
            flashcard=card,
            change=change,
            kind=kind,
            at=moment_after(card, now),
            study_day=calendar.day_of(now),
            due_day=due_days.get(card.pk),
            after_review=latest.get(card.pk),
            **dict(zip(MEMORY_FIELDS, memories.get(card.pk, (None, None)), strict=True)),
        )
        for card in cards
    ]
    for card, event in zip(cards, events, strict=True):
        card.take_schedule(event.apply(card.schedule, calendar))
    Reschedule.objects.bulk_create(events, batch_size=2000)
    write_rows(owner, SCHEDULE_FIELDS, read_rows(cards, SCHEDULE_FIELDS))


def moment_after(card: Flashcard, now: datetime) -> datetime:
    """Now, yet after the card's latest review even if a clock went back."""
    return now if card.last_review is None else max(now, card.last_review + MOMENT)
