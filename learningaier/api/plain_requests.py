"""ASGI requests that are so plain that Django need not look at them first."""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from learningaier.server.intake import GRACE_SECONDS

Message = dict[str, Any]
Header = tuple[bytes, bytes]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]


def read_plain_headers(scope: Any, max_bytes: int) -> Mapping[bytes, bytes] | None:
    """The headers of a request with JSON, if nothing in them needs Django; else None.

    That is: a bearer of some token, one of our hosts, no query, a body of at most `max_bytes`.
    """
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    is_plain = (
        len(headers) == len(scope["headers"])
        and b"authorization" in headers
        and not scope["query_string"]
        and headers.get(b"content-type", b"").partition(b";")[0] == b"application/json"
        and _accepts_json(headers.get(b"accept", b"*/*"))
        and length.isdigit()
        and len(length) <= 5
        and int(length) <= max_bytes
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


async def read_body(receive: Receive) -> tuple[bytes, Receive]:
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
