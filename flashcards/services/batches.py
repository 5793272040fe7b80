"""Cards made, changed and deleted in one go, all or nothing."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from flashcards.models import Fact, Flashcard
from flashcards.services.cards import (
    FACT_FIELDS,
    Changed,
    Edit,
    Prepared,
    delete_cards,
    prepare_fact,
    store_facts,
)
from flashcards.services.decks import Decks
from flashcards.services.renewal import renew_figures
from learningaier.accounts.models import User
from learningaier.core.errors import NotFound


@dataclass(frozen=True)
class Operation:
    """One entry of a batch. `op`: create, update or delete."""

    op: str
    card_id: uuid.UUID | None
    fields: Mapping[str, Any]


@transaction.atomic
def apply_batch(*, owner: User, operations: Sequence[Operation]) -> list[Changed | None]:
    """All of them or none; as many statements for a hundred entries as for one.

    Only facts whose clozes come and go take some of their own. Returns: what each entry came to,
    None for a deletion. Raises: ValidationError (400), NotFound (404), both with the entry's place.
    """
    decks = Decks(owner)
    for place, operation in enumerate(operations):
        with at_entry(place):  # decks are locked before cards, as everywhere
            decks.find(operation.fields.get("deck_name"))
    batch = _Batch(owner, operations, decks)
    for place, operation in enumerate(operations):
        with at_entry(place):
            batch.take(place, operation)
    return batch.store()


@contextmanager
def at_entry(place: int) -> Iterator[None]:
    """Name the entry, by its place, in what is wrong with it."""
    try:
        yield
    except ValidationError as error:
        told: Any = error.detail
        raise ValidationError({f"{place}.{name}": why for name, why in told.items()}) from None
    except NotFound as error:
        name = next(iter(error.facts.get("errors", {})), "id")
        raise NotFound(error.detail, field=f"{place}.{name}") from None


class _Batch:
    """The entries so far, checked and not stored, over locked cards and facts."""

    def __init__(self, owner: User, operations: Sequence[Operation], decks: Decks) -> None:
        self.owner, self.decks = owner, decks
        ids = {one.card_id for one in operations if one.card_id}
        rows = Flashcard.objects.owned_by(owner).select_for_update(of=("self",))
        found = rows.select_related("deck").filter(pk__in=ids).order_by("pk")
        self.cards = {card.pk: card for card in found}
        facts = Fact.objects.owned_by(owner).select_for_update(no_key=True)
        self.facts = {
            fact.pk: fact
            for fact in facts.filter(pk__in={card.fact_id for card in found}).order_by("pk")
        }
        self.created: dict[int, Prepared] = {}
        self.updated: dict[int, Flashcard] = {}
        self.deleted: dict[uuid.UUID, Flashcard] = {}
        self.edits: dict[uuid.UUID, Edit] = {}
        self.moved: set[Flashcard] = set()
        self.size = len(operations)

    def take(self, place: int, operation: Operation) -> None:
        """Check an entry. Raises: ValidationError (400); NotFound."""
        if operation.op == "create":
            self.created[place] = prepare_fact(self.owner, operation.fields, self.decks)
            return
        card = self.cards.get(operation.card_id) if operation.card_id else None
        if card is None or card.pk in self.deleted:
            raise NotFound("This card does not exist.", field="id")
        if operation.op == "delete":
            self.deleted[card.pk] = card
        else:
            self._update(card, operation.fields)
            self.updated[place] = card

    def _update(self, card: Flashcard, fields: Mapping[str, Any]) -> None:
        told = dict(fields)
        if "deck_name" in told:
            card.deck = self.decks.find(told.pop("deck_name"))
        self.moved.add(card)
        if told:
            if card.fact_id not in self.edits:
                self.edits[card.fact_id] = Edit(self.facts[card.fact_id])
            self.edits[card.fact_id].apply(told)

    def store(self) -> list[Changed | None]:
        """Store all entries. Returns: what each came to, in their order."""
        results: dict[int, Changed] = {}
        made = store_facts(self.owner, list(self.created.values())) if self.created else []
        for place, card in zip(self.created, made, strict=True):
            results[place] = Changed(card)
        self._store_updates()
        for place, card in self.updated.items():
            edit = self.edits.get(card.fact_id)
            results[place] = edit.sync_cards(card) if edit else Changed(card)
        if self.deleted:
            delete_cards(self.owner, list(self.deleted.values()))
        renew_figures(self.owner)
        return [results.get(place) for place in range(self.size)]

    def _store_updates(self) -> None:
        now = timezone.now()
        facts = [edit.fact for edit in self.edits.values()]
        for fact in facts:
            fact.updated_at = now
            fact.renew_search_text()
        for card in self.moved:
            card.updated_at = now
        fields = [*sorted(FACT_FIELDS), "search_text", "updated_at"]
        Fact.objects.bulk_update(facts, fields, batch_size=500)
        Flashcard.objects.bulk_update(self.moved, ["deck", "updated_at"], batch_size=500)
        Flashcard.objects.filter(fact__in=facts).update(updated_at=now)
