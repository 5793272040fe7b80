"""What happens to decks and to a learner's study settings."""

import uuid
from typing import Any, Unpack

from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from flashcards.models import Deck, StudySettings
from flashcards.services.fields import DeckFields, SettingsFields
from learningaier.accounts.models import User
from learningaier.core.errors import Conflict, NotFound
from learningaier.core.fields import set_fields
from learningaier.core.ownership import EXTERNAL_ID_ONCE, parse_uuid
from learningaier.sync import trash
from learningaier.sync.models import TrashEntry

TRASH_KIND = "deck"


def create_deck(*, owner: User, **fields: Unpack[DeckFields]) -> Deck:
    """A new deck. Raises: ValidationError (400) if the owner has one of this name."""
    deck = Deck(owner=owner, **fields)
    _save_deck(deck)
    return deck


@transaction.atomic
def update_deck(*, deck_id: uuid.UUID, owner: User, **fields: Unpack[DeckFields]) -> Deck:
    """Change a deck. Raises: NotFound; ValidationError (400) if another one has the name."""
    deck: Deck = Deck.objects.owned_by(owner).lock(deck_id)
    set_fields(deck, fields)
    _save_deck(deck, update_fields=[*fields, "name_key", "updated_at"])
    return deck


def _save_deck(deck: Deck, **options: Any) -> None:
    try:
        with transaction.atomic():
            deck.save(**options)
    except IntegrityError as error:
        if EXTERNAL_ID_ONCE in str(error):
            raise
        raise ValidationError({"name": ["You have a deck of this name already."]}) from None


@transaction.atomic
def delete_deck(*, deck_id: uuid.UUID, owner: User) -> None:
    """Put a deck into the trash; its cards stay, in no deck. Raises: NotFound."""
    deck = Deck.objects.owned_by(owner).lock(deck_id)
    deck.deleted_at = timezone.now()
    deck.save(update_fields=["deleted_at", "updated_at"])
    trash.add_entry(row=deck, kind=TRASH_KIND, title=deck.name, payload=trash.detach(deck))


def restore_deck(entry: TrashEntry) -> None:
    """Take a deck out of the trash, with its cards that are in no other deck by now.

    Raises: Conflict (409) where another deck has its name.
    """
    deck = Deck.everything.get(pk=entry.pk)
    if Deck.objects.filter(owner_id=deck.owner_id).named(deck.name).exists():
        raise Conflict("You have another deck of this name. Rename it first.", code="name_taken")
    deck.deleted_at = None
    deck.save()
    trash.reattach(entry, deck)


def purge_deck(deck_id: uuid.UUID) -> None:
    """Delete a deck for good."""
    Deck.everything.filter(pk=deck_id).delete()


def find_or_create_deck(*, owner: User, name_or_id: str | None) -> Deck | None:
    """The owner's deck of this id or name, made on first use; None for no name.

    It is locked until the transaction ends, lest it be deleted before its new card is stored.
    Raises: NotFound (404) for an id that is no deck of the owner.
    """
    if not name_or_id:
        return None
    decks = Deck.objects.owned_by(owner).select_for_update(no_key=True)
    if deck_id := parse_uuid(name_or_id):
        deck: Deck | None = decks.filter(pk=deck_id).first()
        if deck is None:
            raise NotFound("You have no deck with this id.", field="deck")
        return deck
    called: Deck | None = decks.called(name_or_id).first()
    return called or _create_named(owner, name_or_id)


class Decks:
    """The decks that one call names, each found or made once."""

    def __init__(self, owner: User) -> None:
        self.owner = owner
        self._found: dict[str | None, Deck | None] = {}

    def find(self, name_or_id: str | None) -> Deck | None:
        """The deck that a call names, made where its name is new; None for None.

        Raises: what `find_or_create_deck` raises.
        """
        if name_or_id not in self._found:
            self._found[name_or_id] = find_or_create_deck(owner=self.owner, name_or_id=name_or_id)
        return self._found[name_or_id]


def _create_named(owner: User, name: str) -> Deck:
    try:
        return create_deck(owner=owner, name=name)
    except ValidationError:  # another request was first
        decks = Deck.objects.owned_by(owner).select_for_update(no_key=True)
        deck: Deck = decks.named(name).get()
        return deck


def update_settings(*, owner: User, **fields: Unpack[SettingsFields]) -> StudySettings:
    """Change what a learner wants of all decks."""
    return StudySettings.objects.update_or_create(owner=owner, defaults=fields)[0]
