"""What happens to facts and their cards, apart from their schedules."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Unpack

from django.db import transaction
from rest_framework.exceptions import ValidationError

from flashcards.cloze import ClozeError
from flashcards.faces import list_ordinals
from flashcards.models import Deck, Fact, Flashcard, Kind
from flashcards.models.facts import MAX_TERM
from flashcards.services.decks import find_or_create_deck
from flashcards.services.fields import CardFields
from flashcards.services.renewal import renew_figures
from learningaier.accounts.models import User
from learningaier.core.errors import NotFound
from learningaier.core.fields import set_fields

FACT_FIELDS = {"term", "definition", "context", "tags", "kind", "category", "note", "language"}


@dataclass
class Changed:
    """What a change of a fact came to. `warnings`: cards that went with their clozes."""

    card: Flashcard
    warnings: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def create_card(*, owner: User, **fields: Unpack[CardFields]) -> Flashcard:
    """A new fact with its cards, due at once. `deck_name`: a deck's name or id.

    Returns: the first card. Raises: ValidationError (400) for a cloze without gaps.
    """
    return create_cards(owner=owner, items=[fields])[0]


def create_cards(*, owner: User, items: Sequence[Mapping[str, Any]]) -> list[Flashcard]:
    """Many new facts with their cards, within the caller's transaction. Returns: the first cards.

    The fields of each are those of `create_card`; `source` and `guid` may be among them.
    """
    decks: dict[str | None, Deck | None] = {}
    facts, cards, first = [], [], []
    for item in items:
        told = dict(item)
        name = told.pop("deck_name", None)
        if name not in decks:
            decks[name] = find_or_create_deck(owner=owner, name_or_id=name)
        fact = Fact(owner=owner, **told)
        made = _make_cards(fact, decks[name], _find_ordinals(fact))
        fact.renew_search_text()
        facts.append(fact)
        cards += made
        first.append(made[0])
    Fact.objects.bulk_create(facts)
    Flashcard.objects.bulk_create(cards)
    renew_figures(owner)
    return first


def _find_ordinals(fact: Fact) -> list[int]:
    try:
        ordinals = list_ordinals(fact)
    except ClozeError as error:
        raise ValidationError({"term": [str(error)]}) from None
    if fact.kind != Kind.CLOZE and len(fact.term or "") > MAX_TERM:
        raise ValidationError({"term": [f"At most {MAX_TERM} characters, but for a cloze."]})
    if fact.kind != Kind.CLOZE and not fact.definition:
        raise ValidationError({"definition": ["This field may not be blank."]})
    return ordinals


def _make_cards(fact: Fact, deck: Deck | None, ordinals: Sequence[int]) -> list[Flashcard]:
    return [
        Flashcard(
            owner=fact.owner,
            fact=fact,
            deck=deck,
            ordinal=ordinal,
            has_siblings=len(ordinals) > 1,
        )
        for ordinal in ordinals
    ]


@transaction.atomic
def update_card(*, card_id: uuid.UUID, owner: User, **fields: Unpack[CardFields]) -> Changed:
    """Change a card's fact or its deck, never its schedule. Raises: NotFound.

    `deck_name`: a deck's name or id, None for no deck; the fact's other cards stay in theirs.
    A cloze that is taken away takes its card with it, one that is added makes a card.
    """
    update: dict[str, Any] = {}
    if "deck_name" in fields:
        update["deck"] = find_or_create_deck(owner=owner, name_or_id=fields.pop("deck_name"))
    card = Flashcard.objects.owned_by(owner).lock(card_id)
    set_fields(card, update)
    if update or not fields:
        card.save(update_fields=[*update, "updated_at"])
    return _change_fact(owner, card, fields) if fields else Changed(card)


def _change_fact(owner: User, card: Flashcard, fields: Mapping[str, Any]) -> Changed:
    fact = Fact.objects.owned_by(owner).lock(card.fact_id)
    old = set(list_ordinals(fact))
    set_fields(fact, fields)
    new = _find_ordinals(fact)
    fact.save(update_fields=[*fields, "updated_at"])
    card.fact = fact
    if old == set(new):
        fact.cards.update(updated_at=fact.updated_at)  # its text is on all of them
        card.updated_at = fact.updated_at
        renew_figures(owner)
        return Changed(card)
    return _sync_cards(owner, card, old, new)


def _sync_cards(owner: User, card: Flashcard, old: set[int], new: Sequence[int]) -> Changed:
    """Delete the cards of ordinals that went, make those of ordinals that came."""
    fact = card.fact
    gone = fact.cards.filter(ordinal__in=old - set(new)).order_by("ordinal")
    warnings = [_describe_gone(one) for one in gone.select_for_update()]
    gone.delete()
    Flashcard.objects.bulk_create(_make_cards(fact, card.deck, sorted(set(new) - old)))
    left = fact.cards.order_by("ordinal")
    if not left:
        raise ValidationError({"term": ["No card would be left of this fact."]})
    left.update(has_siblings=len(left) > 1, updated_at=fact.updated_at)
    renew_figures(owner)
    kept = left.filter(pk=card.pk).first() or left.first()
    assert kept is not None
    kept.fact = fact
    return Changed(kept, warnings)


def _describe_gone(card: Flashcard) -> dict[str, Any]:
    return {
        "code": "card_deleted",
        "card_id": str(card.pk),
        "ordinal": card.ordinal,
        "message": f"Cloze {card.ordinal + 1} is no longer in the text, so its card was deleted.",
    }


@transaction.atomic
def delete_card(*, card_id: uuid.UUID, owner: User) -> None:
    """Delete a card, not its reviews; one that runs meanwhile is awaited. Raises: NotFound."""
    card = Flashcard.objects.owned_by(owner).lock(card_id)
    _delete_cards(owner, [card])


def _delete_cards(owner: User, cards: Sequence[Flashcard]) -> None:
    """Delete locked cards, and the facts of which none is left."""
    facts = {card.fact_id for card in cards if card.has_siblings}
    alone = [card.fact_id for card in cards if not card.has_siblings]
    for card in cards:
        card.delete()
    for fact in Fact.objects.filter(pk__in=facts):
        left = fact.cards.count()
        if left == 1:
            fact.cards.update(has_siblings=False)
        elif not left:
            alone.append(fact.pk)
    Fact.objects.owned_by(owner).filter(pk__in=alone).delete()
    renew_figures(owner)


@dataclass(frozen=True)
class Operation:
    """One entry of a batch. `op`: create, update or delete."""

    op: str
    card_id: uuid.UUID | None
    fields: Mapping[str, Any]


@transaction.atomic
def apply_batch(*, owner: User, operations: Sequence[Operation]) -> list[Changed | None]:
    """All of them or none. Returns: what each came to, None for a deletion. Raises: NotFound."""
    _require_own(owner, [one.card_id for one in operations if one.card_id])
    creations = [one.fields for one in operations if one.op == "create"]
    created = iter(create_cards(owner=owner, items=creations) if creations else [])
    results: list[Changed | None] = []
    for one in operations:
        if one.op == "create":
            results.append(Changed(next(created)))
        elif one.op == "update" and one.card_id:
            results.append(update_card(card_id=one.card_id, owner=owner, **one.fields))
        elif one.card_id:
            delete_card(card_id=one.card_id, owner=owner)
            results.append(None)
    return results


def _require_own(owner: User, card_ids: Iterable[uuid.UUID]) -> None:
    ids = set(card_ids)
    if Flashcard.objects.owned_by(owner).filter(pk__in=ids).count() < len(ids):
        raise NotFound("One of these cards does not exist.")


def read_shown(*, owner: User, card_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Flashcard]:
    """Cards with all that is shown of them, by id."""
    cards = Flashcard.objects.owned_by(owner).to_be_shown()
    return {card.pk: card for card in cards.filter(pk__in=list(card_ids))}
