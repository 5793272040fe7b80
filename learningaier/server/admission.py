"""Who may have how much of a web process at once, asked before any thread is taken.

Requests under way are counted by user and by address, whatever they wait for: their body, a thread,
their client. A body is read here (`intake.py`). Large ones have slots of their own, as they lie on
the disk meanwhile. What is refused is refused in the API's one shape of errors.
"""

import json
import logging
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

from prometheus_client import Counter as Metric

from learningaier.server.bridge import BODY, CALLER
from learningaier.server.callers import Caller
from learningaier.server.intake import MAX_MEMORY, Body, ClientGone, TooSlow, read_body
from learningaier.server.slots import Busy, FairSlots

logger = logging.getLogger(__name__)

MAX_OF_USER = 100  # requests under way in this process
MAX_OF_ADDRESS = 400  # a class of 30 with 6 connections each has 180
MAX_UPLOADS, UPLOADS_OF_USER, UPLOADS_OF_ADDRESS = 16, 2, 12  # large bodies at once
UPLOAD_PATIENCE = 60.0  # seconds that a large body waits for its slot
RETRY_SECONDS = 5
MAX_CONTENT_TYPE = 1000  # bytes; Python looks through all of it again for each semicolon
REFUSED = Metric(
    "learningaier_requests_refused_total",
    "Requests refused before anything was done for them, by reason (crowd, busy, slow, header).",
    ["reason"],
)


class Admission:
    """Calls `app` with a request whose body is there and whose caller has room.

    `identify` tells the caller of a scope; `limit_body` the most bytes of a body: it gets the scope
    and the caller.
    """

    def __init__(
        self,
        app: Any,
        *,
        identify: Callable[[Any], Caller],
        limit_body: Callable[[Any, Caller], int],
    ) -> None:
        self.app = app
        self._identify = identify
        self._limit_body = limit_body
        self._users: Counter[str] = Counter()
        self._addresses: Counter[str] = Counter()
        self._uploads = FairSlots(
            MAX_UPLOADS,
            a_user=UPLOADS_OF_USER,
            an_address=UPLOADS_OF_ADDRESS,
            max_waiting=400,
            patience=UPLOAD_PATIENCE,
        )

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or one event of the server's life."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        caller = self._identify(scope)
        if self._is_crowded(caller):
            await refuse(scope, send, 429, "crowd")
            return
        self._count(caller, 1)
        try:
            await self._serve(scope | {CALLER: caller}, receive, send)
        except TooSlow:
            await refuse(scope, send, 408, "slow")
        except Busy as error:
            await refuse(scope, send, 429 if error.is_own_doing else 503, "busy")
        except ClientGone:
            pass
        finally:
            self._count(caller, -1)

    def _is_crowded(self, caller: Caller) -> bool:
        of_address = self._addresses[caller.address]
        return self._users[caller.user] >= MAX_OF_USER or of_address >= MAX_OF_ADDRESS

    def _count(self, caller: Caller, step: int) -> None:
        for counts, key in ((self._users, caller.user), (self._addresses, caller.address)):
            counts[key] += step
            if not counts[key]:
                del counts[key]

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        announced, has_body = _announced_length(scope)
        if not has_body:
            await self.app(scope, receive, send)
            return
        limit = self._limit_body(scope, scope[CALLER])
        if announced is not None and announced <= MAX_MEMORY:
            body = await read_body(receive, announced=announced, limit=limit)
            await self._hand_on(scope, body, receive, send)
            return
        await self._uploads.acquire(scope[CALLER])
        try:
            body = await read_body(receive, announced=announced, limit=limit)
            await self._hand_on(scope, body, receive, send)
        finally:
            self._uploads.release(scope[CALLER])

    async def _hand_on(self, scope: Any, body: Body, receive: Any, send: Any) -> None:
        try:
            await self.app(scope | {BODY: body}, receive, send)
        except Busy:
            body.file.close()
            raise


class ShortHeaders:
    """Calls `app` with a request whose headers can be read in a moment, probes included."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request, or one event of the server's life."""
        if any(
            name == b"content-type" and len(value) > MAX_CONTENT_TYPE
            for name, value in scope.get("headers", ())
        ):
            await refuse(scope, send, 400, "header")
        else:
            await self.app(scope, receive, send)


def _announced_length(scope: Any) -> tuple[int | None, bool]:
    """The Content-Length, if there is one; and whether the request has a body."""
    for name, value in scope["headers"]:
        if name == b"content-length":
            length = int(value) if value.isdigit() else 0
            return length, length > 0
        if name == b"transfer-encoding":
            return None, True
    return 0, False


DETAILS = {
    "header": ("The Content-Type is too long.", "invalid"),
    "crowd": ("Too many requests at once. Wait until some have been answered.", "too_many_at_once"),
    "busy": ("Everything is busy right now. Try again in a moment.", "busy"),
    "slow": ("The request's body came too slowly.", "request_timeout"),
}


async def refuse(scope: Any, send: Any, status: int, reason: str) -> None:
    """Answer an error in the API's shape, and end the connection."""
    REFUSED.labels(reason).inc()
    logger.info("request_refused", extra={"status": status, "reason": reason})
    detail, code = DETAILS[reason]
    body = json.dumps({"detail": detail, "code": code}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-request-id", uuid.uuid4().hex.encode()),
        (b"connection", b"close"),
    ]
    if status in {429, 503}:
        headers.append((b"retry-after", str(RETRY_SECONDS).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
