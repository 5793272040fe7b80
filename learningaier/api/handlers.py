"""One shape for every error.

    {"detail": "a sentence for a person", "code": "code"}

plus `"errors": {"field": ["…"]}` for input that does not validate (400).
"""

import logging
import sys
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django_ratelimit.exceptions import Ratelimited
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from learningaier.ai.embedders import EmbedderError
from learningaier.core.errors import (
    Conflict,
    NotAvailable,
    NotFound,
    ServiceError,
    TooLarge,
    TooManyRequests,
)
from learningaier.core.ownership import EXTERNAL_ID_ONCE

logger = logging.getLogger(__name__)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error an endpoint may raise, in the one shape.

    Returns: None for what nobody foresaw; Django then answers 500 by `server_error`.
    """
    set_rollback()
    if isinstance(error, exceptions.APIException):
        return _respond_to_api_exception(error)
    service_error = _as_service_error(error)
    return None if service_error is None else _respond(service_error)


def _as_service_error(error: Exception) -> ServiceError | None:
    if isinstance(error, ServiceError):
        return error
    if isinstance(error, IntegrityError):
        return _as_taken(error)
    if isinstance(error, OperationalError | InterfaceError | EmbedderError):
        return _as_not_available(error)
    return _as_web_error(error)


def _as_web_error(error: Exception) -> ServiceError | None:
    """What Django and the rate limit raise."""
    if isinstance(error, RequestDataTooBig):
        return TooLarge("The request's body is over the limit.")
    if isinstance(error, Http404):
        return NotFound()
    if isinstance(error, Ratelimited):
        return TooManyRequests(str(error), retry_after=getattr(error, "wait", None))
    return None


def _as_taken(error: IntegrityError) -> ServiceError | None:
    """A row of another program that is here already; no other constraint is for clients to meet."""
    if EXTERNAL_ID_ONCE not in str(error):
        return None
    return Conflict("You have one of this external id already.", code="external_id_taken")


def _as_not_available(error: Exception) -> NotAvailable:
    """A part that this request needs is down."""
    if isinstance(error, EmbedderError):
        return NotAvailable("Texts can't be indexed right now. Try again in a moment.")
    logger.warning("database_unavailable", extra={"error": type(error).__name__})
    return NotAvailable("The database can't be reached. Try again in a moment.")


def _respond(error: ServiceError) -> Response:
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    body = {"detail": error.detail, "code": error.code, **error.facts}
    return Response(body, status=error.status, headers=headers | error.headers)


def _respond_to_api_exception(error: exceptions.APIException) -> Response:
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    if (wait := getattr(error, "wait", None)) is not None:
        headers["Retry-After"] = str(wait)
    return Response(_body(error), status=error.status_code, headers=headers)


def _body(error: exceptions.APIException) -> dict[str, Any]:
    if not isinstance(error, exceptions.ValidationError):
        return {"detail": str(error.detail), "code": _code(error)}
    detail = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
    errors = {field: list(_messages(messages)) for field, messages in detail.items()}
    return {"detail": _sentence(errors), "code": "invalid", "errors": errors}


def _code(error: exceptions.APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else error.default_code


def _messages(detail: Any, place: str = "") -> Iterator[str]:
    """The sentences of one field; those of what is nested in it begin with their place.

    `{"scope": {"ids": {3: ["…"]}}}` reads `ids.3: …`.
    """
    if isinstance(detail, dict):
        for name, part in detail.items():
            is_place = name != "non_field_errors"
            yield from _messages(part, f"{place}.{name}".lstrip(".") if is_place else place)
    elif isinstance(detail, list):
        for number, part in enumerate(detail):
            is_place = isinstance(part, dict)
            yield from _messages(part, f"{place}.{number}".lstrip(".") if is_place else place)
    else:
        yield f"{place}: {detail}" if place else str(detail)


def _sentence(errors: dict[str, list[str]]) -> str:
    """The first mistake, with its field, so that a client that shows only `detail` helps too."""
    field, messages = next(iter(errors.items()))
    return messages[0] if field == "non_field_errors" else f"{field}: {messages[0]}"


def not_found(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """The answer for a path that nothing serves."""
    return _plain(HTTPStatus.NOT_FOUND, "There is nothing at this address.", "not_found")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """The answer for a request that Django refuses before any endpoint sees it."""
    return _plain(HTTPStatus.BAD_REQUEST, "The request can't be understood.", "bad_request")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    """The answer where Django's own checks refuse, and for too many sign-ins at the admin."""
    error = None if exception is None else _as_service_error(exception)
    if error is not None:
        return _plain(error.status, error.detail, error.code, error.retry_after)
    return _plain(HTTPStatus.FORBIDDEN, "You may not do this.", "permission_denied")


def server_error(request: HttpRequest) -> JsonResponse:
    """The answer for what nobody foresaw: no traceback, no SQL, no path.

    What the admin or a middleware could not do without the database or Redis comes here too.
    """
    raised = sys.exc_info()[1]
    error = _as_service_error(raised) if isinstance(raised, Exception) else None
    if error is not None:
        return _plain(error.status, error.detail, error.code, error.retry_after)
    return _plain(
        HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side.", "server_error"
    )


def _plain(status: int, detail: str, code: str, retry_after: int | None = None) -> JsonResponse:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return JsonResponse({"detail": detail, "code": code}, status=status, headers=headers)
