"""Local bearer tokens: signed by SECRET_KEY, ended by time or by a new password."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError

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
        user = User.objects.get(pk=user_id, is_active=True)
    except signing.SignatureExpired:
        raise IdentityError("The token has expired.", "token_expired") from None
    except (signing.BadSignature, User.DoesNotExist, ValidationError, ValueError, TypeError):
        raise IdentityError("The token is not valid.") from None
    if fingerprint != user.token_fingerprint():
        raise IdentityError("The token has been ended by a new password.", "token_revoked")
    return user
