"""Who a bearer token speaks for, and why one speaks for nobody.

IdentityError                the token does not prove an identity; 401
└── IdentityUnavailable      nobody can tell right now; 503
"""

from dataclasses import dataclass


class IdentityError(Exception):
    """The token proves nothing: malformed, forged, expired, revoked, or for someone else.

    `code` tells a client whether a fresh token helps: `token_invalid`, `token_expired` and
    `token_revoked` may be cured by signing in, `account_closed` is not.
    """

    def __init__(self, reason: str, code: str = "token_invalid") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class IdentityUnavailable(IdentityError):
    """The identity provider can't be asked."""


@dataclass(frozen=True)
class Identity:
    """What a valid token says of its bearer."""

    uid: str
    email: str = ""
    display_name: str = ""
    issued_at: int = 0  # seconds since 1970, as the two below
    signed_in_at: int = 0  # when the person has given a password or the like
    expires_at: int = 0
