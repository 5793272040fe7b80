"""The fast path for cached answers: one round trip to Redis, and Django is not asked.

`POST /api/notes/ai-qa` is what learners wait for most, and most of its time went into getting to
the cache rather than into the cache. This ASGI application stands before Django and answers where
all of this holds: a plain request, of a page too, with a token that Redis can prove, an account and
an answer in the cache, both current. One script in Redis reads the values, checks them and counts
the call. Whatever is not plain goes on to Django untouched and uncounted; the answer is the same to
the byte, headers included (a test compares them).
"""

import functools
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from redis.exceptions import RedisError

from learningaier.accounts.identity import IdentityError
from learningaier.accounts.proofs import IS_PROVED, OWNER_OF, ConfirmedTokens, Proof, read_proof
from learningaier.api import ratelimit
from learningaier.api.cors import describe_origin
from learningaier.api.metrics import RATELIMIT_REFUSED
from learningaier.api.middleware import (
    NO_STORE,
    choose_request_id,
    describe_request,
    record_request,
)
from learningaier.api.plain_requests import (
    Application,
    Header,
    Receive,
    Send,
    read_body,
    read_plain_headers,
)
from learningaier.cache import keys
from learningaier.cache.multiplexed_script import MultiplexedScript
from learningaier.cache.store import LOOKUPS, READ_CURRENT
from learningaier.knowledge.answering.answers import answer_cache_key
from learningaier.knowledge.retrieval.scope import Scope
from learningaier.knowledge.serializers import DEFAULT_SOURCES, MAX_QUESTION, MAX_SOURCES
from learningaier.observability import logs, tracing

logger = logging.getLogger(__name__)

ROUTE, GROUP, LIMIT = "api/notes/ai-qa", "ai_qa", "RATE_LIMIT_RAG_CHAT"
PATHS = frozenset([f"/{ROUTE}", f"/{ROUTE}/"])
ACCOUNT_HITS, ANSWER_HITS = LOOKUPS.labels("auth", "hit"), LOOKUPS.labels("rag", "hit")
PLAIN_FIELDS = {"question", "note_id", "top_k"}  # others narrow the scope
MAX_BODY_BYTES = 16 * 1024  # bytes
MAX_TOKEN = 8192  # characters, as Django reads
WINDOW = 60 * 1_000_000  # microseconds
TIMEOUT_SECONDS = 0.1

# Replies nothing unless account and answer are current and the token is the account's. Keys: the
# account and its version, the answer and its version, the window, the proof's. Arguments from the
# seventh on: the models that learners may choose, each with the key of its answer.
LOOK_UP = (
    ratelimit.ADMIT
    + READ_CURRENT
    + IS_PROVED
    + """
local account =
  read_current(KEYS[1], KEYS[2], 'fingerprint', 'is_active', ARGV[2], 'llm_model')
if not account or account[3] ~= '1' then return false end
if not is_proved(account[2], KEYS[2], ARGV[1], ARGV[6], KEYS[6], KEYS[7]) then return false end
local answer_key = KEYS[3]
if account[5] then
  answer_key = nil
  for at = 7, #ARGV, 2 do
    if ARGV[at] == account[5] then answer_key = ARGV[at + 1] end
  end
  if not answer_key then return false end
end
local answer = read_current(answer_key, KEYS[4], 'value')
if not answer or not answer[2] then return false end
local limit = tonumber(account[4] or ARGV[3])
local decision = admit(KEYS[5], tonumber(ARGV[4]), limit, ARGV[5])
return {limit, decision[1], decision[2], decision[3], decision[1] == 1 and answer[2] or ''}
"""
)


@dataclass(frozen=True)
class CachedQuestion:
    """A question that is plain enough, and the keys of what answers it.

    `choices`: the models that learners may choose, each followed by the key of its answer.
    """

    proof: Proof
    answer_key: str
    version_key: str
    choices: tuple[str, ...]

    @property
    def keys(self) -> list[str]:
        """The keys that the script reads and writes, in its order."""
        user_id = self.proof.user_id
        account, window = keys.auth(user_id), ratelimit.window_key(GROUP, user_id)
        own = [account, keys.auth_version(user_id), self.answer_key, self.version_key, window]
        return [*own, *self.proof.keys]

    @property
    def arguments(self) -> list[str | int]:
        """What else the script is told, in its order."""
        limit, member = getattr(settings, LIMIT), ratelimit.new_member()
        own = [self.proof.fingerprint, LIMIT.lower(), limit, WINDOW, member, self.proof.user_id]
        return [*own, *self.choices]


class CachedAnswerMiddleware:
    """Answers from the cache where it can, and calls `app` with everything else."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self._confirmed = ConfirmedTokens()

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] in PATHS and scope["method"] == "POST":
            began = time.perf_counter()
            headers = read_plain_headers(scope, MAX_BODY_BYTES)
            if headers is not None and settings.ENABLE_REDIS_CACHE:
                proof = await self._prove(headers)
                body, receive = await read_body(receive)
                asked = None if proof is None else parse_question(proof, body)
                answer = None if asked is None else await self._answer(asked)
                if asked is not None and answer is not None:
                    logs.user_id.set(asked.proof.user_id)
                    await _respond(send, headers, *answer, began=began)
                    return
        await self.app(scope, receive, send)

    async def _prove(self, headers: Mapping[bytes, bytes]) -> Proof | None:
        """Whom the token claims to speak for; None where Django is to find out."""
        scheme, _, token = headers[b"authorization"].decode("latin-1").partition(" ")
        if scheme != "Bearer" or len(token) > MAX_TOKEN:
            return None
        try:
            if (proof := read_proof(token)) is not None:
                return proof
            key = self._confirmed.key(token)
            if (proof := self._confirmed.find(key)) is not None:
                return proof
            user_id = await self._owners().call([key], [])
        except (IdentityError, RedisError):
            return None
        return self._confirmed.remember(key, user_id.decode()) if user_id else None

    async def _answer(self, asked: CachedQuestion) -> tuple[ratelimit.Decision, bytes] | None:
        """The limit's decision and the answer's JSON; None where Django is to answer."""
        try:
            reply = await self._pipe().call(asked.keys, asked.arguments)
        except RedisError:
            return None  # Django's own way to Redis knows what to do
        if not reply:
            return None
        decision = ratelimit.decide(reply[0], *reply[1:4])
        return decision, reply[4] if decision.is_admitted else _refusal_of(decision)

    @functools.cache  # noqa: B019  one application a process, and it lives as long
    def _pipe(self) -> MultiplexedScript:
        """Made on first use, as it belongs to the event loop of its process."""
        return MultiplexedScript(settings.REDIS_URL, LOOK_UP, timeout=TIMEOUT_SECONDS)

    @functools.cache  # noqa: B019  as above
    def _owners(self) -> MultiplexedScript:
        return MultiplexedScript(settings.REDIS_URL, OWNER_OF, timeout=TIMEOUT_SECONDS)


def parse_question(proof: Proof, body: bytes) -> CachedQuestion | None:
    """The question, if every field is of the plain form."""
    try:
        fields = orjson.loads(body)
        question, note_id = fields["question"].strip(), fields.get("note_id")
        scope = Scope(UUID(proof.user_id), None if note_id is None else UUID(note_id))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    top_k = fields.get("top_k", DEFAULT_SOURCES)
    is_plain = fields.keys() <= PLAIN_FIELDS and type(top_k) is int and 1 <= top_k <= MAX_SOURCES
    if not is_plain or not 1 <= len(question) <= MAX_QUESTION or "\x00" in question:
        return None
    key = answer_cache_key(question, scope=scope, top_k=top_k)
    choices: list[str] = []
    for name in settings.LLM_MODELS:
        choices += name, answer_cache_key(question, scope=scope, top_k=top_k, choice=name).key
    return CachedQuestion(proof, key.key, key.version_key, tuple(choices))


def _refusal_of(decision: ratelimit.Decision) -> bytes:
    refused = ratelimit.Ratelimited(decision)
    return orjson.dumps({"detail": str(refused), "code": "ratelimited"})


async def _respond(
    send: Send,
    asked: Mapping[bytes, bytes],
    decision: ratelimit.Decision,
    body: bytes,
    *,
    began: float,
) -> None:
    status = 200 if decision.is_admitted else 429
    request_id = choose_request_id(asked.get(b"x-request-id", b"").decode("latin-1"))
    headers = [
        *_common_headers(),
        *(describe_origin(asked[b"origin"]) if b"origin" in asked else ()),
        *_encode(_headers(decision)),
        (b"X-Request-ID", request_id.encode()),
        (b"Content-Length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
    if decision.is_admitted:
        ACCOUNT_HITS.inc()
        ANSWER_HITS.inc()
    else:
        RATELIMIT_REFUSED.labels(GROUP).inc()
    logs.request_id.set(request_id)
    seconds = time.perf_counter() - began
    record_request("POST", ROUTE, status, seconds)
    if tracing.is_on():
        parent = {"traceparent": asked.get(b"traceparent", b"").decode("latin-1")}
        facts = describe_request("POST", ROUTE, status)
        tracing.record(f"POST {ROUTE}", seconds, kind="server", parent=parent, attributes=facts)


def _headers(decision: ratelimit.Decision) -> dict[str, str]:
    if decision.is_admitted:
        return decision.headers
    return decision.headers | {"Retry-After": str(decision.wait)}


def _encode(headers: Mapping[str, str]) -> list[Header]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


@functools.cache
def _common_headers() -> list[Header]:
    """What Django's middleware and DRF put on every answer of this route."""
    headers = {
        "Content-Type": "application/json",
        "Allow": "POST, OPTIONS",
        "Vary": "origin",
        "Cache-Control": NO_STORE,
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.SECURE_HSTS_SECONDS:
        age = f"max-age={settings.SECURE_HSTS_SECONDS}"
        headers["Strict-Transport-Security"] = f"{age}; includeSubDomains; preload"
    return _encode(headers)
