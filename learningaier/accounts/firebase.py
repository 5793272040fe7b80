"""Firebase ID tokens, checked by firebase-admin: the one place that imports it."""

import functools
from typing import Any

import firebase_admin
from django.conf import settings
from firebase_admin import auth, credentials, exceptions

from learningaier.accounts.identity import Identity, IdentityError, IdentityUnavailable

CLOCK_SKEW_SECONDS = 5


def identify(token: str) -> Identity:
    """The bearer of an ID token of FIREBASE_PROJECT_ID.

    Signature, project, issuer and time are checked here, revocation and disabled accounts with
    Firebase.
    Raises: IdentityError, IdentityUnavailable.
    """
    try:
        claims = auth.verify_id_token(
            token, app=_app(), check_revoked=True, clock_skew_seconds=CLOCK_SKEW_SECONDS
        )
    except (auth.CertificateFetchError, exceptions.UnavailableError) as error:
        raise IdentityUnavailable("Firebase can't be reached.") from error
    except (auth.InvalidIdTokenError, auth.UserNotFoundError, ValueError) as error:
        raise IdentityError(_reason(error)) from error
    except exceptions.FirebaseError as error:
        raise IdentityUnavailable("Firebase does not answer as it should.") from error
    return Identity(claims["uid"], claims.get("email", ""), claims.get("name", ""))


@functools.cache
def _app() -> Any:
    path = settings.FIREBASE_CREDENTIALS
    credential = credentials.Certificate(path) if path else credentials.ApplicationDefault()
    return firebase_admin.initialize_app(credential, {"projectId": settings.FIREBASE_PROJECT_ID})


def _reason(error: Exception) -> str:
    if isinstance(error, auth.ExpiredIdTokenError):
        return "The token has expired."
    if isinstance(error, auth.RevokedIdTokenError):
        return "The token has been revoked."
    if isinstance(error, auth.UserDisabledError):
        return "The account is disabled."
    return "The token is not valid."
