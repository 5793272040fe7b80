"""The application that gunicorn serves: the fast path for cached answers, and Django behind it."""

from typing import Any

from learningaier.wsgi import application as django

# These have a thread of their own: a pod whose threads all wait for a slow model or a dead database
# must neither be taken for dead nor become invisible.
WATCHED = ("/health", "/health/ready", "/metrics")


def _build() -> Any:
    # Importing `wsgi` has set Django up, which what is imported here needs.
    from learningaier.accounts.callers import identify_caller, limit_body  # noqa: PLC0415
    from learningaier.knowledge.fast_path import CachedAnswerMiddleware  # noqa: PLC0415
    from learningaier.server.admission import Admission, ShortHeaders  # noqa: PLC0415
    from learningaier.server.bridge import PathDispatcher, ThreadedWSGI  # noqa: PLC0415
    from learningaier.server.draining import Draining  # noqa: PLC0415
    from learningaier.server.threads import THREADS, slots  # noqa: PLC0415

    handler: Any = django
    apart = {path: ThreadedWSGI(handler, workers=1) for path in WATCHED}
    others = Admission(
        ThreadedWSGI(handler, workers=THREADS, slots=slots),
        identify=identify_caller,
        limit_body=limit_body,
    )
    return Draining(CachedAnswerMiddleware(ShortHeaders(PathDispatcher(apart, others))))


application = _build()
