"""Local bearer tokens: signed by SECRET_KEY, ended by time or by a new password."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing

from learningaier.accounts.directory import find_account
from learningaier.accounts.identity import IdentityError
from learningaier.accounts.models import User

SALT = "learningaier.accounts.token"


def issue_token(user: User) -> str:
    """A token that speaks for this user for LOCAL_TOKEN_DAYS days."""
    return signing.dumps([str(user.pk), user.token_fingerprint()], salt=SALT)


def find_user(token: str) -> User:
    """The active user that a local token speaks for.

    Raises: IdentityError if it is malformed, forged, expired, or older than the password.
    """
    age = timedelta(days=settings.LOCAL_TOKEN_DAYS)
    try:
        user_id, fingerprint = signing.loads(token, salt=SALT, max_age=age)
        account_id = str(UUID(user_id))
    except signing.SignatureExpired:
        raise IdentityError("The token has expired.", "token_expired") from None
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        raise IdentityError("The token is not valid.") from None
    account = find_account(account_id)
    if account is None or not account.user.is_active:
        raise IdentityError("The token is not valid.")
    if fingerprint != account.fingerprint:
        raise IdentityError("The token has been ended by a new password.", "token_revoked")
    return account.user
