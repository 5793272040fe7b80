"""DRF authentication by `Authorization: Bearer <token>`."""

from django.conf import settings
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from learningaier.accounts import services, tokens
from learningaier.accounts.identity import IdentityError, IdentityUnavailable
from learningaier.accounts.models import User
from learningaier.api.errors import NotAvailable

LONGEST_TOKEN = 8192  # characters; a Firebase ID token has about 1,200


class BearerAuthentication(BaseAuthentication):
    """A Firebase ID token where FIREBASE_PROJECT_ID is set, a local token otherwise."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """The caller and the token; None without an Authorization header.

        Raises: AuthenticationFailed (401), NotAvailable (503).
        """
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise AuthenticationFailed("Send the header “Authorization: Bearer <token>”.")
        try:
            user = _find_user(token)
        except IdentityUnavailable as error:
            raise NotAvailable(error.reason) from error
        except IdentityError as error:
            raise AuthenticationFailed(error.reason, error.code) from error
        return user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return "Bearer"


def _find_user(token: str) -> User:
    if not settings.FIREBASE_PROJECT_ID:
        return tokens.find_user(token)
    from learningaier.accounts import firebase  # noqa: PLC0415  a vendor loads only when chosen

    return services.find_or_create_firebase_user(identity=firebase.identify(token))
