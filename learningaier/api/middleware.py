"""What every request passes: its id, log line, metrics and span, one form of its path."""

import logging
import re
import time
import uuid
from collections.abc import Callable, Generator
from typing import Any

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from opentelemetry.trace import Span

from learningaier.api.metrics import REQUEST_SECONDS
from learningaier.observability import logs, tracing

logger = logging.getLogger("learningaier.request")

_USABLE_ID = re.compile(r"[\w.:-]{1,128}", re.ASCII)


NO_STORE = "no-store"
_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
ADMIN_POLICY = f"{_POLICY}; form-action 'self'; img-src 'self' data:"
# Swagger UI writes styles into its elements.
DOCS_POLICY = f"{_POLICY}; img-src 'self' data:; style-src 'self' 'unsafe-inline'"


class RequestContext:
    """Takes over or makes the request id, and tells what became of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        request_id = choose_request_id(request.headers.get("X-Request-ID", ""))
        logs.request_id.set(request_id)
        logs.user_id.set("")
        span = tracing.enter(request.method or "", kind="server", parent=request.headers)
        _drop_trailing_slash(request)
        response = self.get_response(request)
        response["X-Request-ID"] = request_id
        _protect(request, response)
        if (decision := getattr(request, "ratelimit", None)) is not None:
            for name, value in decision.headers.items():
                response[name] = value
        route = request.resolver_match.route if request.resolver_match else "unmatched"
        method = request.method or ""
        record_request(method, route, response.status_code, time.perf_counter() - began)
        _end_span(span, response, method, route)
        return response


def _protect(request: HttpRequest, response: HttpResponseBase) -> None:
    """No store keeps a person's data; pages run no script but ours."""
    path = request.path_info
    if path.startswith("/admin"):
        response.setdefault("Content-Security-Policy", ADMIN_POLICY)
    elif path == "/api/docs":
        response.setdefault("Content-Security-Policy", DOCS_POLICY)
    elif path.startswith("/api/") and path != "/api/schema":
        response["Cache-Control"] = NO_STORE


def choose_request_id(given: str) -> str:
    """The id that the client gave, where it can stand in a log; a new one otherwise."""
    return given if _USABLE_ID.fullmatch(given) else uuid.uuid4().hex


def _drop_trailing_slash(request: HttpRequest) -> None:
    """`/api/notes/` and `/api/notes` are one address, whatever the method."""
    path = request.path_info
    if path.endswith("/") and path.startswith("/api/"):
        request.path_info = path.rstrip("/")


def _end_span(span: Span, response: HttpResponseBase, method: str, route: str) -> None:
    """The span of a stream ends with the stream."""
    span.update_name(f"{method} {route}")
    for name, value in describe_request(method, route, response.status_code).items():
        span.set_attribute(name, value)
    if response.status_code >= 500:
        tracing.fail(span, str(response.status_code))
    if not tracing.is_on() or not isinstance(response, StreamingHttpResponse):
        span.end()
    else:
        response.streaming_content = _follow(response.streaming_content, span)


def _follow(content: Any, span: Span) -> Generator[bytes, None, None]:
    try:
        yield from content
    finally:
        span.end()


def describe_request(method: str, route: str, status: int) -> dict[str, str | int]:
    """A span's attributes, by OpenTelemetry's conventions for HTTP."""
    ids = {"learningaier.request_id": logs.request_id.get(), "user.id": logs.user_id.get()}
    return {
        "http.request.method": method,
        "http.route": route,
        "http.response.status_code": status,
        **{name: value for name, value in ids.items() if value},
    }


def record_request(method: str, route: str, status: int, seconds: float) -> None:
    """The request's line in the log, and its place in the metrics."""
    REQUEST_SECONDS.labels(method, route, status).observe(seconds)
    milliseconds = round(seconds * 1000, 1)
    facts = {"method": method, "route": route, "status": status, "ms": milliseconds}
    logger.info("request", extra=facts)
