"""Which of the caller's cards are meant: the filters of the list, for bulk actions too."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone

from flashcards.days import calendar_of
from flashcards.models import Deck
from flashcards.models.facts import MAX_TAG
from flashcards.names import fold_name
from learningaier.accounts.models import User
from learningaier.core.errors import NotFound
from learningaier.core.ownership import parse_uuid

EQUAL = ["status", "is_leech", "is_suspended", "fact_id", "flag"]
MIN_STABILITY = 0.001  # days
SORT_KEY = "sort_key"
KEYS = ArrayField(BigIntegerField())
TAGS = ArrayField(CharField(max_length=MAX_TAG))


def narrow_cards(cards: Any, user: User, filters: dict[str, Any]) -> Any:
    """The cards that all of these filters let through."""
    if filters.get("due"):
        now = timezone.now()
        cards = cards.due_by(now, calendar_of(user).day_of(now))
    if "deck" in filters:
        cards = cards.filter(deck_id=_find_deck_id(user, filters["deck"]))
    if "note_id" in filters:
        cards = cards.filter(fact__note_id=filters["note_id"])
    if "tag" in filters:
        cards = _with_keys(cards, user, tag=filters["tag"])
        cards = cards.filter(fact__tags__contains=[filters["tag"]])
    if "kind" in filters:
        cards = cards.filter(fact__kind=filters["kind"])
    if "q" in filters:
        text = fold_name(filters["q"])
        cards = _with_keys(cards, user, text=text).filter(fact__search_text__contains=text)
    return cards.filter(**{name: filters[name] for name in EQUAL if name in filters})


def _find_deck_id(user: User, name_or_id: str) -> Any:
    deck_id = parse_uuid(name_or_id)
    return deck_id or Subquery(Deck.objects.owned_by(user).called(name_or_id).values("pk")[:1])


def _with_keys(cards: Any, user: User, *, tag: str | None = None, text: str = "") -> Any:
    """The cards whose facts have a tag, and every two and three letters of a text, by an index.

    One or two letters of an alphabet are in so many texts that a scan finds them sooner.
    """
    if tag is None and (len(text) < 2 or (len(text) == 2 and text.isascii())):
        return cards
    tags = Cast(Value([tag] if tag is not None else [], TAGS), TAGS)
    wanted = Func(Value(user.pk), tags, Value(text), function="fact_keys", output_field=KEYS)
    names = ("fact__owner", "fact__tags", "fact__search_text")
    stored = Func(*map(F, names), function="fact_keys", output_field=KEYS)
    return cards.alias(keys=stored).filter(keys__contains=wanted)


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
    return cards.annotate(**{SORT_KEY: key}), (f"{sign}{SORT_KEY}", f"{sign}id")


def is_sorted_by_figure(ordering: tuple[str, ...]) -> bool:
    """Whether an order that `sort_cards` chose is by what is computed of every card."""
    return ordering[0].removeprefix("-") == SORT_KEY


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
    deck: Deck | None = (decks.filter(pk=deck_id) if deck_id else decks.called(name_or_id)).first()
    if deck is None:
        raise NotFound("You have no such deck.", field="deck")
    return deck
