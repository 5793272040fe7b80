"""Local bearer tokens: signed by SECRET_KEY, ended by time or by a new password."""

import functools
import time
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing

from learningaier.accounts.account_cache import find_account
from learningaier.accounts.identity import IdentityError
from learningaier.accounts.models import User

SALT = "learningaier.accounts.token"


def issue_token(user: User) -> str:
    """A token that speaks for this user for LOCAL_TOKEN_DAYS days."""
    return signing.dumps([str(user.pk), user.token_fingerprint()], salt=SALT)


@dataclass(frozen=True)
class Claims:
    """What a token that we have signed says."""

    user_id: str
    fingerprint: str
    issued_at: float  # seconds since 1970


def read_token(token: str) -> Claims:
    """What a token says, if we have signed it and it is not too old; asks nobody.

    Raises: IdentityError.
    """
    claims = _unsign(token, (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
    if claims is None:
        raise IdentityError("The token is not valid.")
    if time.time() - claims.issued_at > settings.LOCAL_TOKEN_DAYS * 24 * 3600:
        raise IdentityError("The token has expired.", "token_expired")
    return claims


def find_user(token: str) -> User:
    """The active user that a local token speaks for.

    Raises: IdentityError if it is malformed, forged, expired, or older than the password.
    """
    claims = read_token(token)
    account = find_account(claims.user_id)
    if account is None or not account.user.is_active:
        raise IdentityError("The token is not valid.")
    if claims.fingerprint != account.fingerprint:
        raise IdentityError("The token has been ended by a new password.", "token_revoked")
    return account.user


@functools.lru_cache(maxsize=10_000)
def _unsign(token: str, keys: tuple[str, ...]) -> Claims | None:
    """A signature that was right once is right for ever, as long as the keys are the same."""
    signer = signing.TimestampSigner(key=keys[0], salt=SALT, fallback_keys=list(keys[1:]))
    try:
        user_id, fingerprint = signer.unsign_object(token)
        moment = token.rsplit(":", 2)[1]
        return Claims(str(UUID(user_id)), str(fingerprint), signing.b62_decode(moment))
    except (signing.BadSignature, ValueError, TypeError, AttributeError, KeyError):
        return None
