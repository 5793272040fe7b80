"""How many cards are due on a day, for the balance of loads."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Count

from flashcards.models import Flashcard
from learningaier.accounts.models import User


class Loads:
    """The owner's other cards by the day on which they are due; asked only where it counts."""

    def __init__(self, owner: User, card: Flashcard) -> None:
        self.owner, self.card, self.were_asked = owner, card, False

    def __call__(self, first: date, last: date) -> Mapping[date, int]:
        """How many are due on each day from one to another; days without any are left out."""
        self.were_asked = True
        others = Flashcard.objects.owned_by(self.owner).exclude(pk=self.card.pk)
        rows = others.filter(due_day__range=(first, last), is_suspended=False).order_by()
        counted = rows.values("due_day").annotate(count=Count("*"))
        return {row["due_day"]: row["count"] for row in counted if row["due_day"]}
