"""The names of everything in the cache, exactly as `redis-cli` shows them.

analytics:{user_id}:overview          computed analytics
rag:{user_id}:{note_id}:{hash}        answers; the note id is `all` for the whole library
auth:{user_id}                        what authentication needs to know of a user
auth:{user_id}:token:{hash}           a personal access token
auth:{user_id}:token:{hash}:used      its use was written down within the last minute
auth:firebase:{uid}:{issued_at}       the user whose account Firebase has just confirmed
auth:firebase:token:{hash}            the token with which it did
…:version                             what the values beside it were computed from
…:lock                                who computes the value now
limit:{group}:{who}                   the calls admitted in the last window
breaker:{model}:…                     the failures of a model, and whether it is asked
sentence:{hash}                       a sentence's vector by the embedder of chunks, as raw float16

Analytics, answers and users are hashes: `version`, `value` (JSON), and facts that scripts read.
"""

from typing import Any

KINDS = ("rag", "analytics", "auth")
WHOLE_LIBRARY = "all"


def as_is(key: str, _key_prefix: str, _version: int) -> str:
    """Django's KEY_FUNCTION: a key is what the code says, without prefix or version."""
    return key


def analytics(user_id: Any, name: str) -> str:
    """The key of one of a user's computed analytics."""
    return f"analytics:{user_id}:{name}"


def analytics_version(user_id: Any) -> str:
    """The version of what a user's analytics are computed from."""
    return f"analytics:{user_id}:version"


def auth(user_id: Any) -> str:
    """The key of what authentication knows of a user."""
    return f"auth:{user_id}"


def auth_version(user_id: Any) -> str:
    """The version of a user's account."""
    return f"auth:{user_id}:version"


def access_token(user_id: Any, digest: str) -> str:
    """The key of what authentication knows of a personal access token."""
    return f"auth:{user_id}:token:{digest}"


def token_use(token_key: str) -> str:
    """Whether a personal access token's use was written down a moment ago."""
    return f"{token_key}:used"


def confirmed_token(digest: str) -> str:
    """The key of a token whose account an identity provider has confirmed a moment ago."""
    return f"auth:firebase:token:{digest}"


def confirmed_identity(uid: str, issued_at: int) -> str:
    """The key of what an identity provider has confirmed of a token of this time."""
    return f"auth:firebase:{uid}:{issued_at}"


def answer(user_id: Any, note_id: Any, digest: str) -> str:
    """The key of a cached answer; `note_id` None stands for the whole library."""
    return f"rag:{user_id}:{note_id or WHOLE_LIBRARY}:{digest}"


def library_version(user_id: Any, note_id: Any = None) -> str:
    """The version of the material that answers over this scope stand on."""
    return f"rag:{user_id}:{note_id or WHOLE_LIBRARY}:version"


BREAKERS = "breakers"  # the names of those that have opened


def breaker(name: str, part: str) -> str:
    """A part of the state of a circuit breaker."""
    return f"breaker:{name}:{part}"


def sentence_vector(digest: str) -> str:
    """The vector of a sentence; the digest covers embedder and text."""
    return f"sentence:{digest}"


def lock(key: str) -> str:
    """Who computes the value of this key now."""
    return f"{key}:lock"


def patterns(kind: str, user_id: Any = None) -> list[str]:
    """The SCAN patterns of a kind's keys, of one user or (None) of every one."""
    if user_id is None:
        return [f"{kind}:*"]
    return [f"{kind}:{user_id}", f"{kind}:{user_id}:*"]
