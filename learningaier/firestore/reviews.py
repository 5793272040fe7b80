"""Reviews: events with their times, from which the schedules of their cards follow."""

import uuid
from collections import defaultdict

from flashcards.models import Flashcard, Review
from flashcards.scheduling import Rating
from flashcards.services.recording import Given
from flashcards.services.reviews import hand_in_reviews
from learningaier.accounts.models import User
from learningaier.firestore.runs import REFUSALS, Run, explain
from learningaier.firestore.source import Page, Row
from learningaier.firestore.values import Fields, WrongValue

RATINGS = {rating.name.lower(): rating for rating in Rating}
NAMESPACE = uuid.UUID("6f3c2f0e-8a44-4c0e-9c5d-6f2f0a9b7d31")  # of the ids of imported reviews

New = tuple[Row, Fields, Given]


def import_reviews(run: Run) -> None:
    """Take over each review of a card that is here. Its id here follows from its id there."""
    for page in run.source.read("flashcard_reviews"):
        for owner, reviews in _prepare(run, page).items():
            _hand_in(run, owner, reviews)


def _prepare(run: Run, page: Page) -> dict[User, list[New]]:
    found: dict[User, list[New]] = defaultdict(list)
    for row in page:
        run.tally(row).read += 1
        fields = Fields(row.values)
        try:
            owner = run.find_owner(row.uid)
            found[owner].append((row, fields, _read(run, row, owner, fields)))
        except REFUSALS as refusal:
            run.report.skip(row, explain(refusal))
    return found


def _read(run: Run, row: Row, owner: User, fields: Fields) -> Given:
    word = fields.first_text("rating", "response").strip().lower()
    if word not in RATINGS:
        raise WrongValue(f"rating: this is none of {', '.join(RATINGS)}.")
    reviewed_at = fields.time("reviewed_at")
    card, is_there = run.refer(Flashcard, owner, fields, "flashcard_id")
    if not is_there:
        raise WrongValue("flashcard_id: there is no such card of this account.")
    return Given(
        flashcard_id=card.pk if card else uuid.uuid4(),
        rating=RATINGS[word].value,
        id=uuid.uuid5(NAMESPACE, f"{owner.firebase_uid}/{row.id}"),
        reviewed_at=reviewed_at,
    )


def _hand_in(run: Run, owner: User, reviews: list[New]) -> None:
    ids = [given.id for _, _, given in reviews if given.id]
    known = set(Review.events.filter(owner_id=owner.pk, pk__in=ids).values_list("pk", flat=True))
    fresh = [given for _, _, given in reviews if given.id not in known]
    refused: dict[uuid.UUID | None, str] = {}
    if fresh and not run.is_dry:
        _let_cards_be_older(fresh)
        handed_in = hand_in_reviews(owner=owner, reviews=fresh)
        refused = {one.given.id: one.detail for one in handed_in.refused}
    for row, fields, given in reviews:
        if given.id in refused:
            run.report.skip(row, refused[given.id])
        else:
            run.count(row, fields, is_new=given.id not in known)


def _let_cards_be_older(reviews: list[Given]) -> None:
    """A card is at least as old as its first review, whatever the earlier service says."""
    for given in reviews:
        cards = Flashcard.objects.filter(pk=given.flashcard_id, created_at__gt=given.reviewed_at)
        cards.update(created_at=given.reviewed_at)
