"""What every request passes: its id, its log line, its metrics, one form of its path."""

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from learningaier.api.metrics import REQUEST_SECONDS
from learningaier.env import logs

logger = logging.getLogger("learningaier.request")

_USABLE_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)


class RequestContext:
    """Takes over or makes the request id, and tells what became of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        request_id = choose_request_id(request.headers.get("X-Request-ID", ""))
        logs.request_id.set(request_id)
        _drop_trailing_slash(request)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        if (decision := getattr(request, "ratelimit", None)) is not None:
            for name, value in decision.headers.items():
                response[name] = value
        route = request.resolver_match.route if request.resolver_match else "unmatched"
        method = request.method or ""
        record_request(method, route, response.status_code, time.perf_counter() - began)
        return response


def choose_request_id(given: str) -> str:
    """The id that the client gave, where it can stand in a log; a new one otherwise."""
    return given if _USABLE_ID.fullmatch(given) else uuid.uuid4().hex


def _drop_trailing_slash(request: HttpRequest) -> None:
    """`/api/notes/` and `/api/notes` are one address, whatever the method."""
    path = request.path_info
    if path.endswith("/") and path.startswith("/api/"):
        request.path_info = path.rstrip("/")


def record_request(method: str, route: str, status: int, seconds: float) -> None:
    """The request's line in the log, and its place in the metrics."""
    REQUEST_SECONDS.labels(method, route, status).observe(seconds)
    milliseconds = round(seconds * 1000, 1)
    facts = {"method": method, "route": route, "status": status, "ms": milliseconds}
    logger.info("request", extra=facts)
