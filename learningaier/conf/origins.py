"""Which pages of other origins may call the API from a browser, and what they may see of it."""

import re
from collections.abc import Sequence

from corsheaders.defaults import default_headers

# Where the usual development servers (Create React App, Vite) show their pages.
DEVELOPMENT = [
    f"http://{host}:{port}" for host in ("localhost", "127.0.0.1") for port in (3000, 5173, 5174)
]
SENT_HEADERS: Sequence[str] = (
    *default_headers,
    "x-request-id",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "last-event-id",
    "traceparent",
)
EXPOSED_HEADERS: Sequence[str] = (
    "Link",
    "X-Total-Count",
    "Retry-After",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "X-Request-ID",
    "ETag",
    "Location",
    "Content-Disposition",
    "Idempotency-Replayed",
)
_OPEN_DOT = re.compile(r"(?<!\\)\.(?![*+?{])")  # of a host's name, which then matches any letter
_STRANGERS = ("https://stranger.invalid", "http://stranger.invalid:8080", "https://a.b.c.invalid")


def default(app_env: str) -> list[str]:
    """The origins that are admitted where no setting says which."""
    return DEVELOPMENT if app_env == "local" else []


def anchor(pattern: str) -> str:
    """The pattern as one that has to match an origin from its beginning to its end."""
    return rf"\A(?:{pattern})\Z"


def find_fault(pattern: str) -> str:
    """Why a pattern of origins would admit too much, or nothing; empty: it is good."""
    try:
        compiled = re.compile(anchor(pattern))
    except re.error as error:
        return f"{pattern!r} is no regular expression: {error}."
    if not re.match(r"\^?https?(\?)?:", pattern):
        return f"{pattern!r} must begin with https:// (or http://)."
    if _OPEN_DOT.search(pattern):
        return f"{pattern!r} has a dot that matches any letter; write \\. in host names."
    if any(compiled.match(origin) for origin in _STRANGERS):
        return f"{pattern!r} matches any host."
    return ""
