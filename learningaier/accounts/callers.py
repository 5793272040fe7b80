"""Whom a request is counted for, told from its headers alone: no database, no cache, no body."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from learningaier.accounts import tokens
from learningaier.accounts.access_tokens import is_secret
from learningaier.accounts.identity import IdentityError
from learningaier.api.clients import find_address
from learningaier.api.parsers import MULTIPART_OVERHEAD
from learningaier.server.callers import Caller

# Bodies that are read into memory, whoever sends them.
SMALL_BODIES = (b"application/json", b"application/x-www-form-urlencoded", b"text/plain")


def identify_caller(scope: Any) -> Caller:
    """The caller of an ASGI request. A token that is not ours counts as none."""
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    named = dict(headers)
    remote = (scope.get("client") or ("",))[0]
    address = find_address(remote, named.get(b"x-forwarded-for", b"").decode("latin-1"))
    user = _find_user(named.get(b"authorization", b"").decode("latin-1"))
    return Caller(user or address, address, is_known=bool(user))


def _find_user(authorization: str) -> str:
    _, _, token = authorization.partition(" ")
    if not token:
        return ""
    if settings.FIREBASE_PROJECT_ID or is_secret(token.strip()):
        # To prove it takes a millisecond of arithmetic or a question to the cache, which a thread
        # does; a made-up one has no more than its address has.
        return hashlib.sha256(token.encode("latin-1")).hexdigest()
    try:
        return tokens.read_token(token.strip()).user_id
    except IdentityError:
        return ""


def limit_body(scope: Any, caller: Caller) -> int:
    """The most bytes of a body: a file's worth only from somebody with a token."""
    kind = dict(scope["headers"]).get(b"content-type", b"").partition(b";")[0].strip().lower()
    if not caller.is_known or kind in SMALL_BODIES:
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return int(settings.MAX_UPLOAD_MB) * 1024 * 1024 + MULTIPART_OVERHEAD
