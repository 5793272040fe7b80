"""Whom a request is counted for before anybody has looked at it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Caller:
    """`user`: whose token the request carries, or else its address; `address`: where it is from.

    `is_known`: the token is one of ours.
    """

    user: str
    address: str
    is_known: bool = False
