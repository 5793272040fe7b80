"""Cards for tests, stored without a request."""

from typing import Any

from flashcards.models import Fact, Flashcard

FACT_FIELDS = {"term", "definition", "context", "tags", "note", "kind", "source", "note_id"}


def make_card(owner: Any, **fields: Any) -> Flashcard:
    """A card of a fact of its own; each field goes to the one of the two that has it."""
    told = {"term": "t", "definition": "d"} | fields
    fact = Fact.objects.create(owner=owner, **{k: v for k, v in told.items() if k in FACT_FIELDS})
    rest = {k: v for k, v in told.items() if k not in FACT_FIELDS}
    return Flashcard.objects.create(owner=owner, fact=fact, **rest)
