"""DRF authentication by `Authorization: Bearer <token>`."""

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from learningaier.accounts import access_tokens, account_cache, services, tokens
from learningaier.accounts.access_tokens import Grant
from learningaier.accounts.identity import IdentityError, IdentityUnavailable
from learningaier.accounts.models import User
from learningaier.api.clients import count_address
from learningaier.core.errors import NotAvailable
from learningaier.observability import logs

MAX_TOKEN = 8192  # characters; a Firebase ID token has about 1,200


class BearerAuthentication(BaseAuthentication):
    """A personal access token, or one of signing in.

    That is a Firebase ID token where FIREBASE_PROJECT_ID is set, a local token otherwise.
    """

    def authenticate(self, request: Request) -> tuple[User, str | Grant] | None:
        """The caller, and the token or what it allows; None without an Authorization header.

        Raises: AuthenticationFailed (401), NotAvailable (503), Ratelimited (429) for an address
        that has too many requests without a valid token.
        """
        header = request.headers.get("Authorization", "")
        if not header:
            _count_unknown(request)
            return None
        scheme, _, token = header.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN:
            _count_unknown(request)
            raise AuthenticationFailed("Send the header “Authorization: Bearer <token>”.")
        try:
            user, grant = _find_user(token)
        except IdentityUnavailable as error:
            raise NotAvailable(error.reason) from error
        except IdentityError as error:
            _count_unknown(request)
            raise AuthenticationFailed(error.reason, error.code) from error
        logs.user_id.set(str(user.pk))
        return user, grant

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Bearer"


def _count_unknown(request: Request) -> None:
    """Nobody may guess tokens without end; who has a valid one is never counted here."""
    count_address(request._request, group="anonymous", setting="RATE_LIMIT_ANONYMOUS")  # noqa: SLF001


def _find_user(token: str) -> tuple[User, str | Grant]:
    if access_tokens.is_secret(token):
        return access_tokens.find_user(token)
    return _find_signed_in(token), token


def _find_signed_in(token: str) -> User:
    if not settings.FIREBASE_PROJECT_ID:
        return tokens.find_user(token)
    from learningaier.accounts import firebase  # noqa: PLC0415  a vendor loads only when chosen

    identity = firebase.read_token(token)
    known = account_cache.recall_confirmed(identity)
    if known is not None:
        return known
    firebase.confirm(identity)
    user = services.find_or_create_firebase_user(identity=identity)
    account_cache.remember_confirmed(identity, user, token)
    return user
