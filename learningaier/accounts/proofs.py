"""What a bearer token proves to a script in Redis: for those who answer without Django.

A local token is signed, and its fingerprint must be the account's. Of a personal access token, and
of a Firebase token that was confirmed within the last minute, Redis keeps a hash that names the
user, under the account's version. Whatever is not there is for Django to find out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from learningaier.accounts import tokens
from learningaier.accounts.access_tokens import digest_secret, is_secret, read_owner
from learningaier.accounts.account_cache import digest_token
from learningaier.cache import keys

# Lua: whether an account, as `read_current` gives it with its fingerprint, and the proof's keys say
# that the token speaks for the user. A use that is still to be written down is for Django.
IS_PROVED = """
local function is_proved(account_fingerprint, version_key, fingerprint, user_id, proof_key, use_key)
  if not proof_key then return account_fingerprint == fingerprint end
  local proof = read_current(proof_key, version_key, 'user_id', 'expires_at')
  if not proof or proof[2] ~= user_id then return false end
  local expires_at = tonumber(proof[3] or '0')
  if expires_at > 0 and expires_at <= tonumber(redis.call('TIME')[1]) then return false end
  return not use_key or redis.call('EXISTS', use_key) == 1
end
"""
OWNER_OF = "return redis.call('HGET', KEYS[1], 'user_id')"  # Lua: of a Firebase token's hash
MAX_KNOWN = 10_000  # tokens whose users a process remembers


@dataclass(frozen=True)
class Proof:
    """Whom a token claims to speak for, and the keys that must say so; none for a local token."""

    user_id: str
    fingerprint: str = ""
    keys: Sequence[str] = ()


def read_proof(token: str) -> Proof | None:
    """What a token claims by itself; None for a Firebase token, whose user Redis knows.

    Raises: IdentityError.
    """
    if is_secret(token):
        user_id = read_owner(token)
        key = keys.access_token(user_id, digest_secret(token))
        return Proof(user_id, keys=(key, keys.token_use(key)))
    if settings.FIREBASE_PROJECT_ID:
        return None
    claims = tokens.read_token(token)
    return Proof(claims.user_id, claims.fingerprint)


class ConfirmedTokens:
    """The users of Firebase tokens, as Redis has told them to this process.

    It is no proof: whether a token still counts is asked of Redis each time.
    """

    def __init__(self) -> None:
        self._users: dict[str, str] = {}

    def key(self, token: str) -> str:
        """Where Redis keeps the token."""
        return keys.confirmed_token(digest_token(token))

    def find(self, key: str) -> Proof | None:
        """What the token of this key claims; None where nobody has told this process yet."""
        user_id = self._users.get(key)
        return None if user_id is None else Proof(user_id, keys=(key,))

    def remember(self, key: str, user_id: str) -> Proof:
        """Keep whom Redis has named."""
        if len(self._users) >= MAX_KNOWN:
            self._users.clear()
        self._users[key] = user_id
        return Proof(user_id, keys=(key,))
