"""The fast path for cached answers: one round trip to Redis, and Django is not asked.

`POST /api/notes/ai-qa` is what learners wait for most, and most of its time went into getting to
the cache rather than into the cache. This ASGI application stands before Django and answers where
all of this holds: a plain request with a local token of ours, an account and an answer in the
cache, both current. One script in Redis reads the values, checks them and counts the call. Whatever
is not plain goes on to Django untouched and uncounted; the answer is the same to the byte, headers
included (a test compares them).
"""

import asyncio
import contextlib
import functools
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.conf import settings
from django.http.request import split_domain_port, validate_host
from redis.exceptions import RedisError

from learningaier.accounts import tokens
from learningaier.accounts.identity import IdentityError
from learningaier.api import ratelimit
from learningaier.api.metrics import RATELIMIT_REFUSED
from learningaier.api.middleware import (
    NO_STORE,
    choose_request_id,
    describe_request,
    record_request,
)
from learningaier.cache import keys
from learningaier.cache.multiplexed_script import MultiplexedScript
from learningaier.cache.store import LOOKUPS, READ_CURRENT
from learningaier.knowledge.answering.answers import answer_cache_key
from learningaier.knowledge.retrieval.scope import Scope
from learningaier.knowledge.serializers import DEFAULT_SOURCES, MAX_QUESTION, MAX_SOURCES
from learningaier.observability import logs, tracing
from learningaier.server.intake import GRACE_SECONDS

logger = logging.getLogger(__name__)

Message = dict[str, Any]
Header = tuple[bytes, bytes]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]

ROUTE, GROUP, LIMIT = "api/notes/ai-qa", "ai_qa", "RATE_LIMIT_RAG_CHAT"
PATHS = frozenset([f"/{ROUTE}", f"/{ROUTE}/"])
ACCOUNT_HITS, ANSWER_HITS = LOOKUPS.labels("auth", "hit"), LOOKUPS.labels("rag", "hit")
PLAIN_FIELDS = {"question", "note_id", "top_k"}  # others narrow the scope
MAX_BODY_BYTES = 16 * 1024  # bytes
WINDOW = 60 * 1_000_000  # microseconds
TIMEOUT_SECONDS = 0.1

# Replies nothing unless account and answer are current and the token is the account's.
LOOK_UP = (
    ratelimit.ADMIT
    + READ_CURRENT
    + """
local account = read_current(KEYS[1], KEYS[2], 'fingerprint', 'is_active', ARGV[2])
if not account or account[2] ~= ARGV[1] or account[3] ~= '1' then return false end
local answer = read_current(KEYS[3], KEYS[4], 'value')
if not answer or not answer[2] then return false end
local limit = tonumber(account[4] or ARGV[3])
local decision = admit(KEYS[5], tonumber(ARGV[4]), limit, ARGV[5])
return {limit, decision[1], decision[2], decision[3], decision[1] == 1 and answer[2] or ''}
"""
)


@dataclass(frozen=True)
class CachedQuestion:
    """A question that is plain enough, and the keys of what answers it."""

    user_id: str
    fingerprint: str
    answer_key: str
    version_key: str

    @property
    def keys(self) -> list[str]:
        """The keys that the script reads and writes, in its order."""
        account, window = keys.auth(self.user_id), ratelimit.window_key(GROUP, self.user_id)
        version = keys.auth_version(self.user_id)
        return [account, version, self.answer_key, self.version_key, window]


class CachedAnswerMiddleware:
    """Answers from the cache where it can, and calls `app` with everything else."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] in PATHS and scope["method"] == "POST":
            began = time.perf_counter()
            headers = _read_headers(scope)
            if headers is not None and settings.ENABLE_REDIS_CACHE:
                body, receive = await _read_body(receive)
                asked = parse_question(headers, body)
                answer = None if asked is None else await self._answer(asked)
                if asked is not None and answer is not None:
                    logs.user_id.set(asked.user_id)
                    await _respond(send, headers, *answer, began=began)
                    return
        await self.app(scope, receive, send)

    async def _answer(self, asked: CachedQuestion) -> tuple[ratelimit.Decision, bytes] | None:
        """The limit's decision and the answer's JSON; None where Django is to answer."""
        limit = getattr(settings, LIMIT)
        arguments = [asked.fingerprint, LIMIT.lower(), limit, WINDOW, ratelimit.new_member()]
        try:
            reply = await self._pipe().call(asked.keys, arguments)
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


def parse_question(headers: Mapping[bytes, bytes], body: bytes) -> CachedQuestion | None:
    """The question, if the token and every field are of the plain form."""
    scheme, _, token = headers[b"authorization"].decode("latin-1").partition(" ")
    try:
        fields = orjson.loads(body)
        claims = tokens.read_token(token)
        question, note_id = fields["question"].strip(), fields.get("note_id")
        scope = Scope(UUID(claims.user_id), None if note_id is None else UUID(note_id))
    except (ValueError, TypeError, KeyError, AttributeError, IdentityError):
        return None
    top_k = fields.get("top_k", DEFAULT_SOURCES)
    is_plain = (
        scheme == "Bearer"
        and fields.keys() <= PLAIN_FIELDS
        and type(top_k) is int
        and 1 <= top_k <= MAX_SOURCES
    )
    if not is_plain or not 1 <= len(question) <= MAX_QUESTION or "\x00" in question:
        return None
    key = answer_cache_key(question, scope=scope, top_k=top_k)
    return CachedQuestion(claims.user_id, claims.fingerprint, key.key, key.version_key)


def _read_headers(scope: Any) -> Mapping[bytes, bytes] | None:
    """The headers, if nothing in them needs Django: browsers of other origins, proxies, sizes."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    is_plain = (
        len(headers) == len(scope["headers"])
        and b"authorization" in headers
        and b"origin" not in headers
        and not scope["query_string"]
        and headers.get(b"content-type", b"").partition(b";")[0] == b"application/json"
        and _accepts_json(headers.get(b"accept", b"*/*"))
        and length.isdigit()
        and len(length) <= 5
        and int(length) <= MAX_BODY_BYTES
        and not settings.FIREBASE_PROJECT_ID
        and settings.RATELIMIT_ENABLE
        and _is_known_host(headers.get(b"host", b"").decode("latin-1"))
        and _is_secure_enough(headers)
    )
    return headers if is_plain else None


def _accepts_json(accept: bytes) -> bool:
    kinds = {part.partition(b";")[0].strip() for part in accept.split(b",")}
    return not kinds.isdisjoint((b"*/*", b"application/*", b"application/json"))


@functools.lru_cache(maxsize=1000)
def _is_known_host(host: str) -> bool:
    return validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS)


def _is_secure_enough(headers: Mapping[bytes, bytes]) -> bool:
    return not settings.SECURE_SSL_REDIRECT or headers.get(b"x-forwarded-proto") == b"https"


async def _read_body(receive: Receive) -> tuple[bytes, Receive]:
    """The body, and a `receive` that gives it again to whoever comes next."""
    messages: list[Message] = []
    with contextlib.suppress(TimeoutError):  # whoever comes next waits on, and gives up in his turn
        async with asyncio.timeout(GRACE_SECONDS):
            messages.append(await receive())
            while messages[-1].get("more_body"):
                messages.append(await receive())
    body = b"".join(message.get("body", b"") for message in messages)
    replay = iter(messages)

    async def receive_again() -> Message:
        message = next(replay, None)
        return message if message is not None else await receive()

    return body, receive_again


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
