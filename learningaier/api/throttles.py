"""A generous limit on writes, that no person meets and a program in a loop does."""

from http import HTTPMethod
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from learningaier.api.metrics import RATELIMIT_REFUSED
from learningaier.api.ratelimit import Ratelimited, count_call
from learningaier.cache.connection import CacheDown
from learningaier.core.errors import NotAvailable

WRITES = frozenset({HTTPMethod.POST, HTTPMethod.PUT, HTTPMethod.PATCH, HTTPMethod.DELETE})


class WriteThrottle(BaseThrottle):
    """RATE_LIMIT_WRITES writes a user and minute, whatever they write."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count a write. Raises: Ratelimited; NotAvailable where RATELIMIT_FAIL_OPEN is `false`."""
        is_counted = request.method in WRITES and request.user.is_authenticated
        if not settings.RATELIMIT_ENABLE or not is_counted:
            return True
        try:
            decision = count_call("writes", str(request.user.pk), f"{settings.RATE_LIMIT_WRITES}/m")
        except CacheDown:
            if settings.RATELIMIT_FAIL_OPEN != "false":
                return True
            raise NotAvailable("Requests can't be counted right now. Try again later.") from None
        if not decision.is_admitted:
            RATELIMIT_REFUSED.labels("writes").inc()
            raise Ratelimited(decision)
        return True
