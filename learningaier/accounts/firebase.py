"""Firebase ID tokens, checked by firebase-admin: the one place that imports it.

How long a check may take: DEADLINE_SECONDS. The SDK bounds each connection attempt and each wait
for bytes (TIMEOUT_SECONDS), but not their number, as a host has many addresses, nor the name's
resolution; so the check runs in a thread of its own, and the request leaves it at the deadline.
"""

import contextvars
import functools
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import firebase_admin
from django.conf import settings
from firebase_admin import auth, credentials, exceptions
from google.auth.exceptions import GoogleAuthError
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from learningaier.accounts.identity import Identity, IdentityError, IdentityUnavailable
from learningaier.observability import tracing

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

CLOCK_SKEW_SECONDS = 5
TIMEOUT_SECONDS = 3
DEADLINE_SECONDS = 8
THREADS = 32  # checks at once in a process, more than it has requests at once

# One more attempt, as Google may have closed the kept connection since its last use.
ONE_RETRY = Retry(total=1, status=0, allowed_methods=None, respect_retry_after_header=False)


def identify(token: str) -> Identity:
    """The bearer of an ID token of FIREBASE_PROJECT_ID: both steps, one after the other.

    Raises: IdentityError; IdentityUnavailable, after DEADLINE_SECONDS a step at the latest.
    """
    identity = read_token(token)
    confirm(identity)
    return identity


def read_token(token: str) -> Identity:
    """The first step: what the token says, checked here.

    Raises: IdentityError, IdentityUnavailable.
    """
    claims = _in_time(check_token, token)
    names = _text(claims, "email"), _text(claims, "name")
    signed_in_at = claims.get("auth_time")
    return Identity(
        claims["uid"],
        *names,
        issued_at=claims["iat"],
        signed_in_at=signed_in_at if isinstance(signed_in_at, int) else claims["iat"],
        expires_at=claims["exp"],
    )


def confirm(identity: Identity) -> None:
    """The second step: the account as it is now, asked of Firebase.

    Raises: IdentityError, IdentityUnavailable.
    """
    _in_time(functools.partial(check_account, issued_at=identity.issued_at), identity.uid)


def _in_time(check: Callable[[str], Result], argument: str) -> Result:
    with tracing.span("check firebase", kind="client"):
        running = _threads().submit(contextvars.copy_context().run, check, argument)
        try:
            return running.result(timeout=DEADLINE_SECONDS)
        except TimeoutError as error:
            running.cancel()
            raise _unavailable(error) from error


def check_token(token: str) -> dict[str, Any]:
    """The claims of a token whose signature, project, issuer and times are right.

    Needs no network while Google's certificates are known.
    Raises: IdentityError, IdentityUnavailable.
    """
    client = _connect()
    try:
        claims: dict[str, Any] = client.verify_id_token(
            token, clock_skew_seconds=CLOCK_SKEW_SECONDS
        )
    except auth.CertificateFetchError as error:
        raise _unavailable(error) from error
    except auth.ExpiredIdTokenError as error:
        raise IdentityError("The token has expired.", "token_expired") from error
    except auth.InvalidIdTokenError as error:
        if isinstance(error.cause, json.JSONDecodeError | UnicodeDecodeError):
            # A captive portal's page in place of the certificates says nothing of the token.
            raise _unavailable(error) from error
        raise IdentityError("The token is not valid.") from error
    except (ValueError, TypeError, RecursionError) as error:
        # Claims of types or depths that the SDK does not expect.
        raise IdentityError("The token is not valid.") from error
    if not isinstance(claims.get("iat"), int):  # the emulator's tokens are not checked for it
        raise IdentityError("The token is not valid.")
    return claims


def check_account(uid: str, *, issued_at: int) -> None:
    """Ask Firebase whether the account is there, open, and its tokens of this time not revoked.

    `issued_at`: seconds since 1970.
    Raises: IdentityError, IdentityUnavailable.
    """
    client = _connect()
    try:
        account = client.get_user(uid)
    except auth.UserNotFoundError as error:
        raise IdentityError("The account no longer exists.", "account_closed") from error
    except (exceptions.FirebaseError, GoogleAuthError, ValueError) as error:
        raise _unavailable(error) from error
    if account.disabled:
        raise IdentityError("The account is disabled.", "account_closed")
    if issued_at * 1000 < account.tokens_valid_after_timestamp:
        raise IdentityError("The token has been revoked.", "token_revoked")


def _connect() -> Any:
    """The SDK's client. Raises: IdentityUnavailable where the credentials can't be used."""
    try:
        return _client(settings.FIREBASE_PROJECT_ID, settings.FIREBASE_CREDENTIALS)
    except (GoogleAuthError, OSError, ValueError) as error:
        raise _unavailable(error) from error


@functools.cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="firebase")


@functools.cache
def _client(project_id: str, path: str) -> Any:
    """One client a process: it keeps the certificates, the access token and the connections."""
    credential = credentials.Certificate(path) if path else credentials.ApplicationDefault()
    options = {"projectId": project_id, "httpTimeout": TIMEOUT_SECONDS}
    client = auth.Client(firebase_admin.App(project_id, credential, options))
    _limit_retries(client)
    return client


def _limit_retries(client: Any) -> None:
    """Replace the SDK's retries, which wait as long as any Retry-After says: six hours if need be.

    The SDK has no option for them.
    """
    session = client._user_manager.http_client.session  # noqa: SLF001
    session.mount("https://", HTTPAdapter(pool_maxsize=THREADS, max_retries=ONE_RETRY))
    if renewal := getattr(session, "_auth_request_session", None):
        renewal.mount("https://", HTTPAdapter())


def _unavailable(error: Exception) -> IdentityUnavailable:
    logger.warning("firebase_unavailable", extra={"error": type(error).__name__})
    return IdentityUnavailable("Firebase can't tell who you are right now. Try again in a moment.")


def _text(claims: dict[str, Any], name: str) -> str:
    """A claim's text, storable: a custom claim of this name may be of any type."""
    value = claims.get(name)
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "ignore").decode().replace("\x00", "")
