"""What every request passes: its id, its log line, its metrics, one form of its path."""

import logging
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

from learningaier.api.metrics import REQUEST_SECONDS

logger = logging.getLogger("learningaier.request")

_USABLE_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)


class RequestContext:
    """Takes over or makes the request id, and tells what became of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        request_id = _request_id(request)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        _drop_trailing_slash(request)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        if (decision := getattr(request, "ratelimit", None)) is not None:
            for name, value in decision.headers.items():
                response[name] = value
        _record(request, response, time.perf_counter() - began)
        return response


def _request_id(request: HttpRequest) -> str:
    given = request.headers.get("X-Request-ID", "")
    return given if _USABLE_ID.fullmatch(given) else uuid.uuid4().hex


def _drop_trailing_slash(request: HttpRequest) -> None:
    """`/api/notes/` and `/api/notes` are one address, whatever the method."""
    path = request.path_info
    if path.endswith("/") and path.startswith("/api/"):
        request.path_info = path.rstrip("/")


def _record(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    match = request.resolver_match
    route = match.route if match else "unmatched"
    REQUEST_SECONDS.labels(request.method, route, response.status_code).observe(seconds)
    logger.info(
        "request",
        extra={
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
        },
    )
