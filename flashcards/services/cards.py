"""What happens to facts and their cards, apart from their schedules."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Unpack

from django.db import transaction
from django.db.models import Count
from rest_framework.exceptions import ValidationError

from flashcards.cloze import ClozeError
from flashcards.faces import list_ordinals
from flashcards.models import Deck, Fact, Flashcard, Kind
from flashcards.models.facts import MAX_TERM
from flashcards.services.decks import Decks, find_or_create_deck
from flashcards.services.fields import CardFields
from flashcards.services.renewal import renew_figures
from learningaier.accounts.models import User
from learningaier.core.fields import set_fields

FACT_FIELDS = {"term", "definition", "context", "tags", "kind", "category", "note", "language"}


Prepared = tuple[Fact, list[Flashcard]]


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
    decks = Decks(owner)
    return store_facts(owner, [prepare_fact(owner, item, decks) for item in items])


def prepare_fact(owner: User, fields: Mapping[str, Any], decks: Decks) -> Prepared:
    """A fact with its cards, not stored. Raises: ValidationError (400); NotFound for a deck."""
    told = dict(fields)
    deck, external_id = decks.find(told.pop("deck_name", None)), told.pop("external_id", "")
    fact = Fact(owner=owner, **told)
    fact.renew_search_text()
    cards = make_cards(fact, deck, find_ordinals(fact))
    cards[0].external_id = external_id
    return fact, cards


def store_facts(owner: User, prepared: Sequence[Prepared]) -> list[Flashcard]:
    """Store what was prepared, by two statements. Returns: the first card of each fact."""
    Fact.objects.bulk_create([fact for fact, _ in prepared])
    Flashcard.objects.bulk_create([card for _, cards in prepared for card in cards])
    renew_figures(owner)
    return [cards[0] for _, cards in prepared]


def find_ordinals(fact: Fact) -> list[int]:
    """Which cards a fact makes. Raises: ValidationError (400) for texts that make none."""
    try:
        ordinals = list_ordinals(fact)
    except ClozeError as error:
        raise ValidationError({"term": [str(error)]}) from None
    if fact.kind == Kind.REVERSED and not fact.term:
        raise ValidationError({"term": ["A reversed card asks for its term too."]})
    if fact.kind != Kind.CLOZE and len(fact.term or "") > MAX_TERM:
        raise ValidationError({"term": [f"At most {MAX_TERM} characters, but for a cloze."]})
    if fact.kind != Kind.CLOZE and not fact.definition:
        raise ValidationError({"definition": ["This field may not be blank."]})
    return ordinals


def make_cards(fact: Fact, deck: Deck | None, ordinals: Sequence[int]) -> list[Flashcard]:
    """New cards of a fact, not stored."""
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
    edit = Edit(Fact.objects.owned_by(owner).lock(card.fact_id))
    edit.apply(fields)
    edit.fact.save(update_fields=[*fields, "updated_at"])
    edit.fact.cards.update(updated_at=edit.fact.updated_at)  # its text is on all of them
    card.fact, card.updated_at = edit.fact, edit.fact.updated_at
    renew_figures(owner)
    return edit.sync_cards(card)


class Edit:
    """A locked fact that changes, and its cards with it."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.was_cloze = fact.kind == Kind.CLOZE
        self.old = self.new = set(list_ordinals(fact))

    def apply(self, fields: Mapping[str, Any]) -> None:
        """Set fields of the fact; they are not stored. Raises: ValidationError (400)."""
        set_fields(self.fact, fields)
        self.new = set(find_ordinals(self.fact))

    def sync_cards(self, card: Flashcard) -> Changed:
        """Delete the cards that the fact makes no more, and make those that it makes now.

        Returns: the card that was edited, or the fact's first where that one has gone.
        """
        if self.old == self.new:
            return Changed(card)
        gone = self.fact.cards.filter(ordinal__in=self.old - self.new).order_by("ordinal")
        warnings = [
            _describe_gone(one, was_cloze=self.was_cloze) for one in gone.select_for_update()
        ]
        gone.delete()
        added = sorted(self.new - self.old)
        Flashcard.objects.bulk_create(make_cards(self.fact, card.deck, added))
        self.old = self.new
        left = self.fact.cards.order_by("ordinal")
        if not left:
            raise ValidationError({"term": ["No card would be left of this fact."]})
        left.update(has_siblings=len(left) > 1, updated_at=self.fact.updated_at)
        kept = next((one for one in left if one.pk == card.pk), left[0])
        kept.fact = self.fact
        return Changed(kept, warnings)


def _describe_gone(card: Flashcard, *, was_cloze: bool) -> dict[str, Any]:
    why = (
        f"Cloze {card.ordinal + 1} is no longer in the text"
        if was_cloze
        else "The fact is not reversed now"
    )
    return {
        "code": "card_deleted",
        "card_id": str(card.pk),
        "ordinal": card.ordinal,
        "message": f"{why}, so its card was deleted.",
    }


@transaction.atomic
def delete_card(*, card_id: uuid.UUID, owner: User) -> None:
    """Delete a card, not its reviews; one that runs meanwhile is awaited. Raises: NotFound."""
    delete_cards(owner, [Flashcard.objects.owned_by(owner).lock(card_id)])


def delete_cards(owner: User, cards: Sequence[Flashcard]) -> None:
    """Delete locked cards, and the facts of which none is left."""
    ids, facts = [card.pk for card in cards], {card.fact_id for card in cards}
    Flashcard.objects.owned_by(owner).filter(pk__in=ids).delete()
    left = Flashcard.objects.filter(fact__in=facts).order_by()
    counts = dict(left.values_list("fact").annotate(count=Count("*")))
    alone = [fact for fact, count in counts.items() if count == 1]
    left.filter(fact__in=alone, has_siblings=True).update(has_siblings=False)
    Fact.objects.owned_by(owner).filter(pk__in=facts - counts.keys()).delete()
    renew_figures(owner)


def read_shown(*, owner: User, card_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Flashcard]:
    """Cards with all that is shown of them, by id."""
    cards = Flashcard.objects.owned_by(owner).to_be_shown()
    return {card.pk: card for card in cards.filter(pk__in=list(card_ids))}
