"""What requests call the things of a library: by ids, names or paths, as their apps know them.

The apps that keep notes, documents and folders stand above this package; each says in its
`AppConfig.ready` how its things are found (`register_names`).
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from learningaier.accounts.models import User
from learningaier.api.ids import find_own_id
from learningaier.core.errors import NotFound
from learningaier.core.ownership import ImportableModel

Find = Callable[[User, str], Sequence[UUID] | None]

_finders: dict[str, Find] = {}


def register_names(kind: str, find: Find) -> None:
    """Have a kind of things found by what requests call them.

    `find`: the ids of what a learner means by a name, none where there is nothing of this name yet;
    None for an id that is nothing of the learner's own.
    """
    _finders[kind] = find


def register_ids(kind: str, model: type[ImportableModel]) -> None:
    """Have a kind of rows found by the ids that another program has for them."""

    def find(owner: User, name: str) -> Sequence[UUID] | None:
        found = find_own_id(model, owner, name)
        return None if found is None else [found]

    register_names(kind, find)


def list_named(kind: str, owner: User, name: str) -> Sequence[UUID] | None:
    """The ids of what is meant, as the kind's `find` gives them."""
    return _finders[kind](owner, name)


def find_named(kind: str, owner: User, name: str, *, field: str) -> tuple[UUID, ...]:
    """The ids of what is meant. Raises: NotFound (404), naming the field, for someone else's id."""
    found = list_named(kind, owner, name)
    if found is None:
        raise NotFound(f"There is no such {kind}.", field=field)
    return tuple(found)
