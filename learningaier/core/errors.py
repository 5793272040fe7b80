"""The tree of errors that services raise; `handlers.py` turns each into an answer.

ServiceError                    what a service refuses; status and code of its own
├── NotAvailable        503     a part that is needed is down; Retry-After
├── NotFound            404     no such row, or someone else's
├── Conflict            409     the row's state does not allow it
│   └── QuotaReached    409     the account holds as many as it may
├── PreconditionFailed  412     the row has changed since the client read it
├── TooManyRequests     429     over a rate limit; Retry-After
└── TooLarge            413     more bytes than the limit
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, ClassVar

RETRY_SECONDS = 5


class ServiceError(Exception):
    """What a service refuses to do; `detail` is a sentence for a person."""

    status: ClassVar[int] = HTTPStatus.BAD_REQUEST
    code = "refused"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        retry_after: int | None = None,
        facts: Mapping[str, Any] | None = None,
    ):
        super().__init__(detail)
        self.facts: Mapping[str, Any] = facts or {}
        self.detail = detail
        self.code = code or self.code
        self.retry_after = retry_after
        self.headers: dict[str, str] = {}


class NotAvailable(ServiceError):
    """A part that this request needs is down for now."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "unavailable"

    def __init__(self, detail: str, *, retry_after: int = RETRY_SECONDS):
        super().__init__(detail, retry_after=retry_after)


class Conflict(ServiceError):
    """The row's state does not allow what was asked."""

    status = HTTPStatus.CONFLICT
    code = "conflict"


class QuotaReached(Conflict):
    """The account holds as many as it may; `used` and `limit` say how many."""

    code = "quota_reached"

    def __init__(self, detail: str, *, used: int, limit: int):
        super().__init__(detail, facts={"used": used, "limit": limit})


class NotFound(ServiceError):
    """No such row, or someone else's."""

    status = HTTPStatus.NOT_FOUND
    code = "not_found"

    def __init__(self, detail: str = "There is no such thing."):
        super().__init__(detail)


class PreconditionFailed(ServiceError):
    """The row has changed since the client read it; `current` is how the API shows it now."""

    status = HTTPStatus.PRECONDITION_FAILED
    code = "precondition_failed"

    def __init__(self, current: Any, etag: str):
        super().__init__("This has changed since you read it. Look at it and try again.")
        self.facts = {"current": current}
        self.headers = {"ETag": etag}


class TooManyRequests(ServiceError):
    """The caller is over a rate limit."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    code = "ratelimited"


class TooLarge(ServiceError):
    """More bytes than the limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    code = "too_large"
