"""What authentication needs to know of a user, without asking the database each time.

The row is cached under `auth:{user_id}` with the version that every save of the account renews, so
a closed account or a new password counts from the next request on.
"""

import hashlib
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from learningaier.accounts.identity import Identity
from learningaier.accounts.models import User
from learningaier.cache import keys, store
from learningaier.cache.connection import CacheDown, cache_client
from learningaier.cache.invalidation import begin_version
from learningaier.cache.store import Computed, VersionedKey

LIFETIME = timedelta(minutes=10)
CONFIRMED_SECONDS = 60

# Never the password's hash: a cache is no place for it. What is left out is read when asked for.
LEFT_OUT = {"password", "last_login", "date_joined"}
FACTS = ("rate_limit_rag_chat", "llm_model")  # what the fast path reads, where it is set
FIELDS = [field.attname for field in User._meta.concrete_fields if field.attname not in LEFT_OUT]


@dataclass(frozen=True)
class Account:
    """A user, and what ends the user's local tokens when it changes."""

    user: User
    fingerprint: str


def find_account(user_id: str) -> Account | None:
    """The account of this id; None where there is none.

    `user_id`: a UUID as text, as a token that we have signed says it.
    """
    place = VersionedKey(keys.auth(user_id), keys.auth_version(user_id), LIFETIME)
    row, _ = store.get_or_compute(place, lambda: _read_row(user_id))
    if row is None:
        return None
    ended = row["signed_out_at"]
    ended = datetime.fromisoformat(ended) if isinstance(ended, str) else ended
    fields = row | {"id": UUID(user_id), "signed_out_at": ended}
    user = User.from_db("default", FIELDS, [fields[name] for name in FIELDS])
    return Account(user, row["fingerprint"])


def find_model_choice(user_id: UUID) -> str:
    """Which of LLM_MODELS phrases this user's answers; empty: the operator's choice."""
    if not settings.LLM_MODELS:
        return ""
    account = find_account(str(user_id))
    choice = account.user.llm_model if account else ""
    return choice if choice in settings.LLM_MODELS else ""


def recall_confirmed(identity: Identity) -> User | None:
    """The user of an identity that Firebase has confirmed within the last minute."""
    if not settings.ENABLE_REDIS_CACHE:
        return None
    key = keys.confirmed_identity(identity.uid, identity.issued_at)
    try:
        with cache_client() as client:
            user_id = client.get(key)
    except CacheDown:
        return None
    account = find_account(user_id.decode()) if isinstance(user_id, bytes) else None
    is_open = account is not None and account.user.is_active
    if account is None or not is_open or not account.user.accepts_sign_in_of(identity.signed_in_at):
        return None
    return account.user


def remember_confirmed(identity: Identity, user: User, token: str) -> None:
    """Spare Firebase the same question for a minute, which is how late a revocation may count.

    The token itself is kept (hashed) for the fast path, under the account's version. That is read
    first and the account after it, so that signing out everywhere counts whenever it happens.
    """
    if not settings.ENABLE_REDIS_CACHE:
        return
    key = keys.confirmed_identity(identity.uid, identity.issued_at)
    proof = keys.confirmed_token(digest_token(token))
    with suppress(CacheDown), cache_client() as client:
        version = begin_version(client, keys.auth_version(user.pk))
        account = find_account(str(user.pk))
        if account is None or not account.user.accepts_sign_in_of(identity.signed_in_at):
            return
        facts: dict[Any, Any] = {"version": version, "user_id": str(user.pk)}
        changed = client.pipeline(transaction=True)
        changed.set(key, str(user.pk), ex=CONFIRMED_SECONDS)
        changed.hset(proof, mapping=facts | {"expires_at": identity.expires_at})
        changed.expire(
            proof, max(min(CONFIRMED_SECONDS, identity.expires_at - int(time.time())), 1)
        )
        changed.execute()


def digest_token(token: str) -> str:
    """What is kept of a token that Firebase has confirmed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _read_row(user_id: str) -> Computed:
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return Computed(None, is_cacheable=False)
    row: dict[str, Any] = {name: getattr(user, name) for name in FIELDS}
    fingerprint = user.token_fingerprint()
    facts: dict[str, str | int] = {name: row[name] for name in FACTS if row[name]}
    facts |= {"fingerprint": fingerprint, "is_active": int(user.is_active)}
    return Computed(row | {"id": str(user.pk), "fingerprint": fingerprint}, facts=facts)
