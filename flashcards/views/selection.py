"""Which of the caller's cards are meant: the filters of the list, for bulk actions too."""

from typing import Any

from django.db.models import DateField, ExpressionWrapper, F, FloatField, Func, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.models import Deck
from flashcards.names import fold_name, parse_uuid
from learningaier.accounts.models import User
from learningaier.core.errors import NotFound

EQUAL = ["status", "is_leech", "is_suspended", "fact_id", "flag"]
MIN_STABILITY = 0.001  # days


def narrow_cards(cards: Any, user: User, filters: dict[str, Any]) -> Any:
    """The cards that all of these filters let through."""
    if filters.get("due"):
        now = timezone.now()
        cards = cards.due_by(now, calendar_of(user).day_of(now))
    if "deck" in filters:
        cards = cards.in_deck(filters["deck"])
    if "note_id" in filters:
        cards = cards.filter(fact__note_id=filters["note_id"])
    if "tag" in filters:
        cards = cards.filter(fact__tags__contains=[filters["tag"]])
    if "kind" in filters:
        cards = cards.filter(fact__kind=filters["kind"])
    if "q" in filters:
        cards = cards.filter(fact__search_text__contains=fold_name(filters["q"]))
    return cards.filter(**{name: filters[name] for name in EQUAL if name in filters})


def sort_cards(cards: Any, user: User, sort: str | None) -> tuple[Any, tuple[str, str]]:
    """The cards with what they are sorted by. Returns: them, and the names to order by."""
    if sort is None:
        return cards, ("-created_at", "-id")
    sign, name = ("-", sort[1:]) if sort.startswith("-") else ("", sort)
    if name == "created":
        return cards, (f"{sign}created_at", f"{sign}id")
    if name == "due":
        return cards, (f"{sign}due", f"{sign}id")
    key = Coalesce(F("difficulty"), Value(0.0)) if name == "difficulty" else _forgotten(user)
    return cards.annotate(sort_key=key), (f"{sign}sort_key", f"{sign}id")


def _forgotten(user: User) -> Any:
    """What retrievability falls with: the days since the last review, in stabilities.

    Negative, so that it rises with retrievability; counted in study days, so that it stands still
    while a client turns the pages. New cards, which nobody remembers, come first.
    """
    today = calendar_of(user).day_of(timezone.now())
    # A difference of dates is a whole number in PostgreSQL; Django would make an interval of it.
    days = Func(
        F("last_day"),
        Value(today, output_field=DateField()),
        template="(%(expressions)s)",
        arg_joiner=" - ",
        output_field=FloatField(),
    )
    stability = Greatest(F("stability"), Value(MIN_STABILITY))
    return Coalesce(ExpressionWrapper(days / stability, FloatField()), Value(-1e9))


def find_deck(user: User, name_or_id: str | None) -> Deck | None:
    """The caller's deck of this name or id; None for no name. Raises: NotFound."""
    if not name_or_id:
        return None
    decks = Deck.objects.owned_by(user)
    deck_id = parse_uuid(name_or_id)
    deck = (decks.filter(pk=deck_id) if deck_id else decks.named(name_or_id)).first()
    if deck is None:
        raise NotFound("You have no such deck.")
    return deck
