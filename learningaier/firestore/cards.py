"""Flashcards, a page of them by one statement for each owner."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction

from flashcards.models import Flashcard
from flashcards.services.cards import Prepared, prepare_fact, store_facts
from flashcards.services.decks import Decks
from learningaier.accounts.models import User
from learningaier.firestore.runs import REFUSALS, Run, explain
from learningaier.firestore.source import Page, Row
from learningaier.firestore.values import Fields
from notes.models import Note

MAX_CATEGORY = 100
MAX_TEXT = 100_000  # characters of a definition or a context

New = tuple[Row, Fields, Prepared, datetime | None]


def import_cards(run: Run) -> None:
    """Take over each card, as new: its reviews follow, and its schedule from them."""
    for page in run.source.read("flashcards"):
        for owner, cards in _prepare(run, page).items():
            _store(run, owner, cards)


def _prepare(run: Run, page: Page) -> dict[User, list[New]]:
    """What is new of a page, by owner."""
    found: dict[User, list[New]] = defaultdict(list)
    for row in page:
        run.tally(row).read += 1
        fields = Fields(row.values)
        try:
            owner = run.find_owner(row.uid)
            if run.is_known(Flashcard, owner, row.id):
                run.count(row, fields, is_new=False)
                continue
            told = _read(run, row, owner, fields)
            prepared = prepare_fact(owner, told, Decks(owner))
            created_at = fields.optional_time("created_at")
        except REFUSALS as refusal:
            run.report.skip(row, explain(refusal))
            continue
        found[owner].append((row, fields, prepared, created_at))
    return found


def _read(run: Run, row: Row, owner: User, fields: Fields) -> dict[str, Any]:
    note, _ = run.refer(Note, owner, fields, "note_id")
    context = fields.optional_text("context", most=MAX_TEXT)
    return {
        "term": None if fields.get("term") is None else fields.text("term"),
        "definition": fields.text("definition", most=MAX_TEXT),
        "context": context or None,
        "category": fields.optional_text("category", most=MAX_CATEGORY),
        "note": note,
        "external_id": row.id,
    }


def _store(run: Run, owner: User, cards: list[New]) -> None:
    """Store cards together; one by one where the database refuses a value of one of them."""
    try:
        _insert(run, owner, cards)
    except REFUSALS as refusal:
        if len(cards) == 1:
            run.report.skip(cards[0][0], explain(refusal))
            return
        for card in cards:
            _store(run, owner, [card])
        return
    for row, fields, _, _ in cards:
        run.count(row, fields, is_new=True)


@transaction.atomic
def _insert(run: Run, owner: User, cards: list[New]) -> None:
    if run.is_dry:
        for row, _, _, _ in cards:
            run.will_make(Flashcard, owner, row.id)
        return
    stored = store_facts(owner, [prepared for _, _, prepared, _ in cards])
    aged = []
    for card, (_, _, _, created_at) in zip(stored, cards, strict=True):
        if created_at is not None:
            card.created_at = card.due = created_at
            aged.append(card)
    Flashcard.objects.bulk_update(aged, ["created_at", "due"])
