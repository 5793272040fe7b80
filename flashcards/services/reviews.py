"""Reviews: made now, or handed in by a device that was offline."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from flashcards.models import ChangeKind, Flashcard, Review
from flashcards.services.changes import lock_owner
from flashcards.services.recording import Given, Recording
from learningaier.accounts.models import User
from learningaier.core.errors import Conflict, NotFound, ServiceError

CLOCK_SKEW = timedelta(seconds=30)  # a phone's clock may be so much ahead of ours


@dataclass(frozen=True)
class Refused:
    """A review that was not taken, and why."""

    given: Given
    code: str
    detail: str


@dataclass(frozen=True)
class HandedIn:
    """What came of many reviews: counts, and those that were refused."""

    accepted: int
    known: int
    refused: Sequence[Refused]


@transaction.atomic
def review_card(*, owner: User, given: Given) -> tuple[Flashcard, uuid.UUID]:
    """Rate a card and schedule it anew. The same id again changes nothing.

    Returns: the card as it stands, and the review's id. Raises: NotFound; Conflict (409) for an id
    of another card's review; ValidationError (400) for a time that can not be.
    """
    lock_owner(owner)
    card = Flashcard.objects.owned_by(owner).lock(given.flashcard_id, field="flashcard_id")
    if given.id and _is_known(owner, given):
        return card, given.id
    fault = _find_fault(card, given)
    if fault:
        raise ValidationError({"reviewed_at": [fault]})
    stored = Recording(owner, [card]).record([given], kind=ChangeKind.REVIEW)
    return card, stored[0].pk


def _is_known(owner: User, given: Given) -> bool:
    assert given.id is not None
    known = Review.events.filter(pk=given.id).values_list("owner_id", "flashcard_id").first()
    if known is None:
        return False
    if known != (owner.pk, given.flashcard_id):
        raise Conflict("This id is another review's.", code="review_id_taken")
    return True


def _find_fault(card: Flashcard, given: Given) -> str:
    """Why a review's time can not be; "" where it can."""
    if given.reviewed_at is None:
        return ""
    if given.reviewed_at > timezone.now() + CLOCK_SKEW:
        return "A review can't be made in the future."
    if given.reviewed_at < card.created_at:
        return "A review can't be made before its card."
    return ""


@transaction.atomic
def hand_in_reviews(*, owner: User, reviews: Sequence[Given]) -> HandedIn:
    """Take the reviews of a device that was offline, in whatever order, as one step.

    Those that can not be are refused one by one; the others count.
    """
    lock_owner(owner)
    ids = [given.id for given in reviews if given.id]
    rows = Review.events.filter(pk__in=ids).values_list("pk", "owner_id", "flashcard_id")
    known = {pk: (owner_id, card_id) for pk, owner_id, card_id in rows}
    wanted = {given.flashcard_id for given in reviews}
    cards = _lock_cards(owner, wanted)
    taken, refused, repeated = [], [], 0
    for given in reviews:
        if given.id in known and known[given.id] == (owner.pk, given.flashcard_id):
            repeated += 1
        elif refusal := _refuse(given, known, cards.get(given.flashcard_id)):
            refused.append(refusal)
        else:
            assert given.id is not None
            known[given.id] = (owner.pk, given.flashcard_id)
            taken.append(given)
    if taken:
        affected = {given.flashcard_id for given in taken}
        recording = Recording(owner, [cards[pk] for pk in cards if pk in affected])
        recording.record(taken, kind=ChangeKind.REVIEWS)
    return HandedIn(len(taken), repeated, refused)


def _lock_cards(owner: User, ids: set[uuid.UUID]) -> dict[uuid.UUID, Flashcard]:
    rows = Flashcard.objects.owned_by(owner).to_be_scheduled().select_for_update(of=("self",))
    return {card.pk: card for card in rows.filter(pk__in=ids).order_by("pk")}


def _refuse(
    given: Given, known: Mapping[uuid.UUID, object], card: Flashcard | None
) -> Refused | None:
    error: ServiceError | None = None
    if given.id in known:
        error = Conflict("This id is another review's.", code="review_id_taken")
    elif card is None:
        error = NotFound("There is no such card; it may have been deleted.")
    elif fault := _find_fault(card, given):
        return Refused(given, "invalid", fault)
    return None if error is None else Refused(given, error.code, error.detail)
