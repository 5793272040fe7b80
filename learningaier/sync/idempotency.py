"""Idempotency keys: a request that is sent again gives the first answer again.

A client that lost the answer to a POST sends it again with the same `Idempotency-Key`. Within a
day the same key and body give the first answer, and nothing is made twice.
"""

import functools
import hashlib
import string
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

import orjson
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from learningaier.api.renderers import JSONRenderer
from learningaier.core.errors import Conflict, ServiceError
from learningaier.sync.models import ANSWER_AGE, KeptAnswer

Handler = TypeVar("Handler", bound=Callable[..., HttpResponseBase])

MAX_KEY_LENGTH = 200  # characters
KEY_CHARACTERS = frozenset(string.ascii_letters + string.digits + string.punctuation)
LEASE = timedelta(minutes=2)  # until a request whose process died may be tried again
KEPT_HEADERS = ("ETag", "Location", "Retry-After")


class KeyReused(ServiceError):
    """The same idempotency key came with another request."""

    status = 422
    code = "idempotency_key_reused"


def idempotent(*, keeps_body: bool = True) -> Callable[[Handler], Handler]:
    """Let a handler that creates something be called again with the same `Idempotency-Key`.

    `keeps_body`: False where the answer holds a secret; asking again is then refused with 409.
    It stands above `@ratelimit`, so that a repeated call counts once.
    """

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def repeatable(view: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            key = request.headers.get("Idempotency-Key")
            if key is None:
                return handler(view, request, *args, **kwargs)
            kept = _claim(request.user, _check_key(key), _digest(request))
            if kept.status is not None:
                return _repeat(kept)
            return _answer(kept, keeps_body, lambda: handler(view, request, *args, **kwargs))

        vars(repeatable)["is_idempotent"] = True
        return repeatable  # type: ignore[return-value]

    return decorate


def _check_key(key: str) -> str:
    if not 1 <= len(key) <= MAX_KEY_LENGTH or not KEY_CHARACTERS.issuperset(key):
        sentence = f"Give 1 to {MAX_KEY_LENGTH} ASCII characters without spaces, as a UUID."
        raise ValidationError({"Idempotency-Key": [sentence]})
    return key


def _claim(owner: Any, key: str, digest: str) -> KeptAnswer:
    """The answer kept under this key, or a new row, claimed for this request.

    Raises: KeyReused (422); Conflict (409) while the first request is under way.
    """
    now = timezone.now()
    KeptAnswer.objects.filter(owner=owner, key=key, created_at__lt=now - ANSWER_AGE).delete()
    kept, is_new = KeptAnswer.objects.get_or_create(
        owner=owner, key=key, defaults={"digest": digest, "created_at": now}
    )
    if is_new:
        return kept
    if kept.digest != digest:
        raise KeyReused("This Idempotency-Key came with another request before.")
    stale = KeptAnswer.objects.filter(pk=kept.pk, status=None, created_at__lt=now - LEASE)
    if kept.status is None and not stale.update(created_at=now):
        raise Conflict("The first request with this key is under way.", code="in_progress")
    return kept


def _answer(
    kept: KeptAnswer, keeps_body: bool, handle: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Handle the request and keep its answer; one that failed may be tried again."""
    rows = KeptAnswer.objects.filter(pk=kept.pk)
    response = None
    try:
        response = handle()
    finally:
        if not isinstance(response, Response) or response.status_code >= 400:
            _release(rows)
    if isinstance(response, Response) and response.status_code < 400:
        body = JSONRenderer().render(response.data).decode() if keeps_body else ""
        headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        rows.update(status=response.status_code, body=body, headers=headers)
    return response


def _release(rows: Any) -> None:
    if not transaction.get_connection().needs_rollback:
        rows.delete()


def _repeat(kept: KeptAnswer) -> Response:
    if not kept.body:
        raise Conflict("This was made already; its secret is shown once.", code="made_already")
    headers = kept.headers | {"Idempotency-Replayed": "true"}
    return Response(orjson.loads(kept.body), status=kept.status, headers=headers)


def _digest(request: Request) -> str:
    """Of what is asked for: the same for two bodies that say the same."""
    data = request.data
    if isinstance(data, Mapping):
        lists = getattr(data, "lists", None)  # of a form: every value of a name
        data = {str(name): value for name, value in (lists() if lists else data.items())}
    plain = orjson.dumps(
        [request.method, request.path_info, data],
        default=_describe,
        option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
    )
    return hashlib.sha256(plain).hexdigest()


def _describe(value: Any) -> str:
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for piece in value.chunks():
        digest.update(piece)
    value.seek(0)
    return f"{value.name} {digest.hexdigest()}"
