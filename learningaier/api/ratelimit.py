"""Rate limits that are exact: a true sliding window, counted by one atomic script in Redis.

The vocabulary is django-ratelimit's (key, rate, group, `Ratelimited`), whose own counter is a fixed
window and lets twice the limit pass across a boundary.

In any window no more calls than the limit are admitted, at whatever offset. Refused calls do not
count. Redis' clock decides, so pods whose clocks differ agree.
"""

import functools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpResponseBase
from django_ratelimit.exceptions import Ratelimited as DjangoRatelimited
from rest_framework.request import Request

from learningaier.api.metrics import RATELIMIT_REFUSED
from learningaier.cache.connection import CacheDown, cache_client
from learningaier.core.errors import NotAvailable

PERIODS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

# Lua: a sorted set of the admitted calls' times in microseconds. Takes the window in microseconds,
# the limit, and a member that nobody else uses. Returns whether the call is admitted, the calls
# left, and the microseconds until one more fits.
ADMIT = """
local function admit(key, window, limit, member)
  local clock = redis.call('TIME')
  local now = clock[1] * 1000000 + clock[2]
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  local used = redis.call('ZCARD', key)
  local admitted = used < limit
  if admitted then
    redis.call('ZADD', key, now, member)
    redis.call('PEXPIRE', key, math.ceil(window / 1000))
    used = used + 1
  end
  local wait = 0
  if used >= limit then
    local frees = redis.call('ZRANGE', key, used - limit, used - limit, 'WITHSCORES')
    wait = frees[2] + window - now
  end
  return {admitted and 1 or 0, limit - used, wait}
end
"""
SLIDING_WINDOW = ADMIT + "return admit(KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3])"

Handler = TypeVar("Handler", bound=Callable[..., HttpResponseBase])


class Ratelimited(DjangoRatelimited):  # type: ignore[misc]
    """Too many calls; after `wait` whole seconds one more is admitted."""

    def __init__(self, decision: "Decision") -> None:
        super().__init__(f"Too many requests. Try again in {decision.wait} s.")
        self.wait = decision.wait


@dataclass(frozen=True)
class Decision:
    """What the window says of a call. `wait`: whole seconds until another call is admitted."""

    limit: int
    is_admitted: bool
    remaining: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        """The `RateLimit-*` headers of the answer."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.wait),
        }


def parse_rate(rate: str) -> tuple[int, int]:
    """django-ratelimit's notation, `20/m`, as calls and seconds."""
    count, _, period = rate.partition("/")
    return int(count), PERIODS[period]


def count_call(group: str, who: str, rate: str) -> Decision:
    """Ask the window whether one more call fits, and count it if so; one round trip.

    Raises: CacheDown when Redis does not answer.
    """
    limit, seconds = parse_rate(rate)
    arguments = (seconds * 1_000_000, limit, new_member())
    with cache_client() as client:
        script = client.register_script(SLIDING_WINDOW)
        reply = script(keys=[window_key(group, who)], args=arguments)
    return decide(limit, *reply)


def window_key(group: str, who: str) -> str:
    """Where the admitted calls of somebody are kept."""
    return f"limit:{group}:{who}"


def new_member() -> str:
    """What tells a call from any other of the same microsecond."""
    return secrets.token_hex(8)


def decide(limit: int, admitted: int, remaining: int, microseconds: int) -> Decision:
    """The script's reply as a decision; a part of a second counts as a whole one."""
    wait = -(-int(microseconds) // 1_000_000)
    return Decision(limit, bool(admitted), max(int(remaining), 0), wait)


def ratelimit(*, group: str, setting: str, is_paid: bool = False) -> Callable[[Handler], Handler]:
    """Limit a handler's calls a user and minute to the number in a setting.

    `is_paid`: the call costs money, so it is refused while the window can't be asked.
    It stands on the handler, never on `dispatch`: there a bearer client is still anonymous, and
    everyone would share one bucket.
    """

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def limited(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            _admit(request, group, setting, is_paid=is_paid)
            return handler(view, request, *args, **kwargs)

        vars(limited)["is_limited"] = True
        return limited  # type: ignore[return-value]

    return decorate


def is_limited(handler: Any) -> bool:
    """Whether a handler's calls are counted: its answers carry `RateLimit-*` headers then."""
    return bool(getattr(handler, "is_limited", False))


def _admit(request: Request, group: str, setting: str, *, is_paid: bool) -> None:
    """Let the call pass or raise; the middleware puts the decision's headers on any answer."""
    if not settings.RATELIMIT_ENABLE:
        return
    try:
        decision = count_call(group, str(request.user.pk), f"{_limit_of(request.user, setting)}/m")
    except CacheDown:
        if _fails_open(is_paid=is_paid):
            return
        raise NotAvailable("Requests can't be counted right now. Try again in a moment.") from None
    # The middleware sees Django's request, not DRF's around it.
    vars(request._request)["ratelimit"] = decision  # noqa: SLF001
    if not decision.is_admitted:
        RATELIMIT_REFUSED.labels(group).inc()
        raise Ratelimited(decision)


def _limit_of(user: Any, setting: str) -> int:
    """The user's own limit, which an operator may have set, or else everyone's."""
    own: int | None = getattr(user, setting.lower(), None)
    common: int = getattr(settings, setting)
    return own or common


def _fails_open(*, is_paid: bool) -> bool:
    """Without Redis paid calls are refused and the rest admitted, unless the setting says which."""
    if settings.RATELIMIT_FAIL_OPEN:
        return bool(settings.RATELIMIT_FAIL_OPEN == "true")
    return not is_paid
