"""Names of folders and titles of notes: when two are one, and how a path is read."""

import unicodedata

MAX_NAME = 100  # characters of a folder's name
MAX_KEY = 3 * MAX_NAME  # folding a letter makes at most three of it
SEPARATOR = "/"


def clean_name(name: str) -> str:
    """A name in one encoding of its accents, with single spaces."""
    return unicodedata.normalize("NFC", " ".join(name.split()))


def fold_name(name: str) -> str:
    """What two spellings of one name have in common: case, the encoding of accents, spaces."""
    return unicodedata.normalize("NFC", clean_name(name).casefold())


def split_path(path: str) -> list[str]:
    """The names of a path, the outermost first; empty ones count for nothing."""
    return [name for name in (part.strip() for part in path.split(SEPARATOR)) if name]


def join_path(names: list[str]) -> str:
    """The path of a folder below these."""
    return SEPARATOR.join(names)
