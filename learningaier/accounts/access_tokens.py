"""Personal access tokens: their secrets, and whom they speak for.

A secret is `lai_pat_`, by which secret scanners know it, and 60 letters and digits: 22 say the
owner's id, 32 are random, 6 are a checksum, so that a scanner can tell it from a look-alike without
asking us. Only its SHA-256 is stored.
"""

import hashlib
import secrets
import string
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from learningaier.accounts.account_cache import LIFETIME, find_account
from learningaier.accounts.identity import IdentityError
from learningaier.accounts.models import AccessToken, User
from learningaier.api.scopes import Scope
from learningaier.cache import keys, store
from learningaier.cache.connection import CacheDown, cache_client
from learningaier.cache.store import Computed, VersionedKey

PREFIX = "lai_pat_"
ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
OWNER_LENGTH, RANDOM_LENGTH, CHECKSUM_LENGTH = 22, 32, 6
LENGTH = len(PREFIX) + OWNER_LENGTH + RANDOM_LENGTH + CHECKSUM_LENGTH
USE_SECONDS = 60  # between two notes of a token's use


@dataclass(frozen=True)
class Grant:
    """What a valid personal access token allows."""

    token_id: str
    scope: Scope


def make_secret(owner_id: UUID) -> str:
    """A new secret."""
    random = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    body = f"{PREFIX}{_encode(owner_id.int, OWNER_LENGTH)}{random}"
    return body + _checksum(body)


def is_secret(token: str) -> bool:
    """Whether a bearer token is of this kind, valid or not."""
    return token.startswith(PREFIX)


def read_owner(secret: str) -> str:
    """The id that a secret names as its owner's, as text. Raises: IdentityError."""
    body, checksum = secret[:-CHECKSUM_LENGTH], secret[-CHECKSUM_LENGTH:]
    with suppress(ValueError):
        if len(secret) == LENGTH and is_secret(secret) and checksum == _checksum(body):
            return str(UUID(int=_decode(body[len(PREFIX) : len(PREFIX) + OWNER_LENGTH])))
    raise IdentityError("The token is not valid.")


def digest_secret(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_user(secret: str) -> tuple[User, Grant]:
    """The active user that a secret speaks for, and what it may do; the use is noted.

    Raises: IdentityError for one that is unknown, revoked or expired.
    """
    owner_id, digest = read_owner(secret), digest_secret(secret)
    key = keys.access_token(owner_id, digest)
    place = VersionedKey(key, keys.auth_version(owner_id), LIFETIME)
    row, _ = store.get_or_compute(place, lambda: _read_row(owner_id, digest))
    account = find_account(owner_id)
    if row is None or account is None or not account.user.is_active:
        raise IdentityError("The token is not valid.")
    if row["expires_at"] and row["expires_at"] <= timezone.now().timestamp():
        raise IdentityError("The token has expired.", "token_expired")
    _note_use(row["id"], key)
    return account.user, Grant(row["id"], Scope(row["scope"]))


def _read_row(owner_id: str, digest: str) -> Computed:
    token = AccessToken.objects.filter(owner_id=UUID(owner_id), digest=digest).first()
    if token is None:
        return Computed(None, is_cacheable=False)
    expires_at = token.expires_at.timestamp() if token.expires_at else 0
    row: dict[str, Any] = {"id": str(token.pk), "scope": token.scope, "expires_at": expires_at}
    return Computed(row, facts={"user_id": owner_id, "expires_at": int(expires_at)})


def _note_use(token_id: str, key: str) -> None:
    """Write the time of use down, if that was not done within a minute by any process."""
    is_due = True
    if settings.ENABLE_REDIS_CACHE:
        with suppress(CacheDown), cache_client() as client:
            is_due = bool(client.set(keys.token_use(key), 1, nx=True, ex=USE_SECONDS))
    if is_due:
        now: datetime = timezone.now()
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(seconds=USE_SECONDS))
        AccessToken.objects.filter(stale, pk=token_id).update(last_used_at=now)


def _encode(number: int, length: int) -> str:
    digits = ""
    for _ in range(length):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def _decode(digits: str) -> int:
    """Raises: ValueError for another character."""
    number = 0
    for digit in digits:
        number = number * len(ALPHABET) + ALPHABET.index(digit)
    return number


def _checksum(body: str) -> str:
    return _encode(zlib.crc32(body.encode()), CHECKSUM_LENGTH)
