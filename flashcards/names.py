"""Names of decks: when two are one, and how a name is told from an id."""

import unicodedata

from django.core.exceptions import ValidationError

from learningaier.core.ownership import parse_uuid

MAX_NAME = 100  # characters
MAX_KEY = 3 * MAX_NAME  # folding a letter makes at most three of it


def fold_name(name: str) -> str:
    """What two names of one deck have in common, whatever their case and their accents' encoding.

    Folded here and not by the database, whose LOWER knows only ASCII under some locales.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def validate_deck_name(name: str) -> None:
    """Raises: ValidationError for a name that reads as an id, as cards name decks by either."""
    if parse_uuid(name):
        raise ValidationError("A deck's name can't be a UUID.")
