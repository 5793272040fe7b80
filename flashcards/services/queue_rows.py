"""The queue's choice of rows, in SQL: of each deck as many as its limit, by an index.

Of a fact that has several cards one is chosen: none where another was seen today or is in its
steps, else the first that is due, else the first new one.
"""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from django.db import connection

from flashcards.models import Deck, StudySettings
from flashcards.models.options import NewOrder, ReviewOrder
from flashcards.services.options import study_options
from learningaier.accounts.models import User

Sql = str


class Day(Protocol):
    """The day whose queue it is."""

    @property
    def owner(self) -> User:
        """The learner whose cards these are."""
        ...

    @property
    def today(self) -> date:
        """The learner's study day of now."""
        ...

    @property
    def settings(self) -> StudySettings:
        """What counts for cards in no deck, and for orders over all decks."""
        ...

    @property
    def deck(self) -> Deck | None:
        """The one deck asked for, if it is one."""
        ...

    @property
    def groups(self) -> list[Deck | None]:
        """The decks asked for; None for the cards in no deck."""
        ...


# Each order as an expression of a card's row; ties go by id.
REVIEW_KEYS: dict[str, Sql] = {
    ReviewOrder.DUE: "{0}.due_day - DATE '2000-01-01'",
    ReviewOrder.RETRIEVABILITY: (
        "({0}.last_day - %(today)s) / GREATEST(COALESCE({0}.stability, 1e-3), 1e-3)"
    ),
    ReviewOrder.RANDOM: "uuid_hash_extended({0}.id, %(seed)s)",
    ReviewOrder.DIFFICULTY: "-COALESCE({0}.difficulty, 0)",
}
NEW_KEYS: dict[str, Sql] = {
    NewOrder.ADDED: "EXTRACT(EPOCH FROM {0}.created_at)",
    NewOrder.RANDOM: "uuid_hash_extended({0}.id, %(seed)s)",
}
# The orders as an index has them, so that a limit ends the search.
INDEXED: dict[str, Sql] = {
    ReviewOrder.DUE: "c.due_day, c.id",
    NewOrder.ADDED: "c.created_at, c.ordinal, c.id",
}
SHOWN = "NOT {0}.is_suspended AND ({0}.buried_until IS NULL OR {0}.buried_until <= %(today)s)"
DUE = "{0}.due_day <= %(today)s AND {0}.status <> 'new'"
SIBLING = "FROM flashcards_flashcard s WHERE s.fact_id = c.fact_id AND s.id <> c.id"
SEEN = (
    f"EXISTS (SELECT 1 {SIBLING} AND (s.last_day = %(today)s "
    "OR (s.due_day IS NULL AND s.status <> 'new' AND NOT s.is_suspended)))"
)


def pick_reviews(day: Day, limits: Sequence[int]) -> list[uuid.UUID]:
    """The reviews of today, in order. `limits`: how many of each of the day's groups."""
    order = study_options(day.deck, day.settings).review_order
    key = REVIEW_KEYS[order]
    is_first = f"({key.format('s')}, s.id) < ({key.format('c')}, c.id)"
    earlier = f"EXISTS (SELECT 1 {SIBLING} AND {_of('s', DUE, SHOWN)} AND {is_first})"
    where = f"{_of('c', DUE, SHOWN)} AND NOT (c.has_siblings AND ({SEEN} OR {earlier}))"
    return _pick(day, limits, where=where, key=key, order=order)


def pick_new(day: Day, limits: Sequence[int]) -> list[uuid.UUID]:
    """The new cards of today, in order. `limits`: how many of each of the day's groups."""
    order = study_options(day.deck, day.settings).new_order
    due = f"EXISTS (SELECT 1 {SIBLING} AND {_of('s', DUE, SHOWN)})"
    earlier = (
        f"EXISTS (SELECT 1 {SIBLING} AND s.status = 'new' AND {_of('s', SHOWN)} "
        "AND s.ordinal < c.ordinal)"
    )
    where = (
        f"c.status = 'new' AND {_of('c', SHOWN)} "
        "AND (c.due_day IS NULL OR c.due_day <= %(today)s) "
        f"AND NOT (c.has_siblings AND ({SEEN} OR {due} OR {earlier}))"
    )
    return _pick(day, limits, where=where, key=NEW_KEYS[order], order=order)


def _of(alias: str, *conditions: Sql) -> Sql:
    return " AND ".join(condition.format(alias) for condition in conditions)


def _pick(day: Day, limits: Sequence[int], *, where: Sql, key: Sql, order: str) -> list[uuid.UUID]:
    inner = INDEXED.get(order, f"{key.format('c')}, c.id")
    choose = (
        f"SELECT c.id, ({key.format('c')})::float8 AS key FROM flashcards_flashcard c "  # noqa: S608
        f"WHERE c.owner_id = %(owner)s AND {{deck}} AND {where} ORDER BY {inner} LIMIT {{most}}"
    )
    of_decks = choose.format(deck="c.deck_id = given.deck", most="given.most")
    of_none = choose.format(deck="c.deck_id IS NULL", most="%(none)s")
    statement = (
        "SELECT id FROM ("  # noqa: S608  our own text
        "SELECT one.id, one.key FROM unnest(%(decks)s::uuid[], %(limits)s::int[]) "
        f"AS given(deck, most) CROSS JOIN LATERAL ({of_decks}) one "
        f"UNION ALL (SELECT id, key FROM ({of_none}) other)"
        ") found ORDER BY key, id"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, _arguments(day, limits))
        return [row[0] for row in cursor.fetchall()]


def _arguments(day: Day, limits: Sequence[int]) -> dict[str, Any]:
    by_deck = {
        deck.pk: most for deck, most in zip(day.groups, limits, strict=True) if deck and most
    }
    none = next((most for deck, most in zip(day.groups, limits, strict=True) if deck is None), 0)
    return {
        "owner": day.owner.pk,
        "today": day.today,
        "seed": day.today.toordinal(),
        "decks": list(by_deck),
        "limits": list(by_deck.values()),
        "none": none,
    }


def count_buried(day: Day) -> int:
    """Cards that wait for tomorrow: buried, or with another card of their fact seen today."""
    in_deck = "AND c.deck_id = %(deck)s" if day.deck else ""
    due = f"(({DUE.format('c')}) OR c.status = 'new')"
    statement = (
        "SELECT count(*) FROM ("  # noqa: S608  our own text
        "SELECT c.id FROM flashcards_flashcard c WHERE c.owner_id = %(owner)s "
        f"AND c.buried_until > %(today)s AND NOT c.is_suspended {in_deck} "
        "UNION SELECT c.id FROM flashcards_flashcard seen JOIN flashcards_flashcard c "
        "ON c.fact_id = seen.fact_id AND c.id <> seen.id "
        "WHERE seen.owner_id = %(owner)s AND seen.last_day = %(today)s AND seen.has_siblings "
        f"AND NOT c.is_suspended AND c.last_day IS DISTINCT FROM %(today)s AND {due} {in_deck}"
        ") waiting"
    )
    arguments: dict[str, Any] = {
        "owner": day.owner.pk,
        "today": day.today,
        "deck": day.deck.pk if day.deck else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments)
        return int(cursor.fetchone()[0])
