"""How often passwords may be tried for one account, and how many are hashed for everyone.

`api.clients` counts tries by address; somebody with many addresses is met here. Where an account
has signed in from an address within a month, neither window counts: a stranger who guesses slows
himself down, and never the account's owner at home.
"""

import hashlib
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from learningaier.api.clients import client_address
from learningaier.api.metrics import RATELIMIT_REFUSED
from learningaier.api.ratelimit import Ratelimited, count_call
from learningaier.cache.connection import CacheDown, cache_client
from learningaier.core.errors import NotAvailable

KNOWN_SECONDS = 30 * 24 * 3600
EVERYONE = "everyone"


def limit_guesses(request: HttpRequest, name: str) -> None:
    """Count a try of a password before it is hashed. `name`: the account's, as it was typed.

    Raises: Ratelimited (429); NotAvailable without Redis, where RATELIMIT_FAIL_OPEN is `false`.
    """
    if not settings.RATELIMIT_ENABLE:
        return
    try:
        if not _is_known(request, name):
            _count("sign_in_account", _digest(name), settings.RATE_LIMIT_SIGN_IN_ACCOUNT)
            _count("sign_in_all", EVERYONE, settings.RATE_LIMIT_SIGN_IN_ALL)
    except CacheDown:
        if settings.RATELIMIT_FAIL_OPEN == "false":
            raise NotAvailable("Tries can't be counted right now. Try again later.") from None


def remember_address(request: HttpRequest, name: str) -> None:
    """The account has signed in from here: it is known here for a month."""
    with suppress(CacheDown), cache_client() as client:
        client.set(_key(request, name), 1, ex=KNOWN_SECONDS)


def _is_known(request: HttpRequest, name: str) -> bool:
    with cache_client() as client:
        return bool(client.exists(_key(request, name)))


def _count(group: str, who: str, limit: int) -> None:
    decision = count_call(group, who, f"{limit}/m")
    if not decision.is_admitted:
        RATELIMIT_REFUSED.labels(group).inc()
        raise Ratelimited(decision)


def _key(request: HttpRequest, name: str) -> str:
    return f"signed-in:{_digest(name)}:{client_address(request)}"


def _digest(name: Any) -> str:
    return hashlib.sha256(str(name).casefold().encode()).hexdigest()[:32]
