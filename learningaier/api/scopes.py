"""What a personal access token may do: read, review cards too, or write too.

A handler says which scope it needs where its method does not tell: reading needs `read`, everything
else `write`. What concerns the account itself needs no scope but a person who has signed in.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

Handler = TypeVar("Handler", bound=Callable[..., Any])

SAFE = {"get", "head", "options"}
SIGNED_IN = "signed_in"  # no token of any scope will do


class Scope(StrEnum):
    """Each includes those before it."""

    READ = "read"
    REVIEW = "review"
    WRITE = "write"

    def includes(self, needed: str) -> bool:
        """Whether a token of this scope may do what needs another."""
        order = list(Scope)
        return needed in order and order.index(self) >= order.index(Scope(needed))


def needs_scope(scope: str) -> Callable[[Handler], Handler]:
    """Say which scope a handler needs: a `Scope`, or SIGNED_IN."""

    def mark(handler: Handler) -> Handler:
        vars(handler)["scope"] = scope
        return handler

    return mark


def find_needed_scope(view: Any, method: str) -> str:
    """What a call of a view needs, by the method in small letters."""
    handler = getattr(view, "get" if method == "head" else method, None)
    needed: str = getattr(handler, "scope", Scope.READ if method in SAFE else Scope.WRITE)
    return needed
