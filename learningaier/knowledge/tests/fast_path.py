"""A plain question to the fast path, what stands behind it, and what comes back."""

import asyncio
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from django_redis import get_redis_connection

from conftest import ApiClient
from learningaier.knowledge.fast_path import CachedAnswerMiddleware

PATH = "/api/notes/ai-qa"
CONTENT = "The light reaction produces ATP and NADPH. It needs “light” and H₂O."
QUESTION = "What does the light reaction produce?"
OWN_WORDS = {"x-request-id", "ratelimit-remaining", "ratelimit-reset", "server", "date"}


@dataclass
class Asked:
    """One request to the fast path; `headers` may repeat a name."""

    headers: list[tuple[bytes, bytes]]
    body: bytes
    method: str = "POST"
    path: str = PATH
    query: bytes = b""

    def without(self, name: bytes) -> "Asked":
        return replace(self, headers=[header for header in self.headers if header[0] != name])

    def having(self, name: bytes, value: bytes) -> "Asked":
        return replace(self, headers=[*self.without(name).headers, (name, value)])


@dataclass
class Django:
    """What stands behind the fast path here: it notes the bodies that reach it, and answers 299."""

    bodies: list[bytes] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        parts = [await receive()]
        while parts[-1].get("more_body"):
            parts.append(await receive())
        self.bodies.append(b"".join(part["body"] for part in parts))
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@dataclass
class Answer:
    """What came back, and what reached Django."""

    status: int
    headers: dict[str, str]
    body: bytes
    passed_on: list[bytes]


def ask_fast_path(asked: Asked) -> Answer:
    return asyncio.run(ask(CachedAnswerMiddleware(Django()), asked))


async def ask(fast_path: CachedAnswerMiddleware, asked: Asked) -> Answer:
    fast_path.app = django = Django()
    half = len(asked.body) // 2
    arriving = [
        {"type": "http.request", "body": asked.body[:half], "more_body": True},
        {"type": "http.request", "body": asked.body[half:]},
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return arriving.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": asked.method,
        "path": asked.path,
        "query_string": asked.query,
        "headers": asked.headers,
    }
    await fast_path(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, sent[1]["body"], django.bodies)


def plain(token: str, *, question: Any = QUESTION, **fields: Any) -> Asked:
    """A request that the fast path would take if its answer were there."""
    return of_body(token, orjson.dumps({"question": question, **fields}))


def of_body(token: str, body: bytes) -> Asked:
    headers = {
        b"host": b"testserver",
        b"authorization": f"Bearer {token}".encode(),
        b"content-type": b"application/json",
        b"content-length": str(len(body)).encode(),
    }
    return Asked(list(headers.items()), body)


def bearer(asked: Asked) -> str:
    return dict(asked.headers)[b"authorization"].decode().removeprefix("Bearer ")


def authorized(asked: Asked, header: str) -> Asked:
    return asked.having(b"authorization", header.encode())


def counted(api: ApiClient) -> int:
    """The calls of the last minute; the cache's own keys do not matter here."""
    return get_redis_connection("default").zcard(f"limit:ai_qa:{api.user.pk}")


def lasting(headers: Any) -> dict[str, str]:
    low = {name.lower(): value for name, value in headers.items()}
    return {name: value for name, value in low.items() if name not in OWN_WORDS}


def assert_passes_on(api: ApiClient, asked: Asked) -> None:
    before = counted(api)
    answer = ask_fast_path(asked)
    assert answer.status == 299, answer
    assert answer.passed_on == [asked.body]
    assert counted(api) == before
