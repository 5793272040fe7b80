"""The application that gunicorn serves: the lane for cached answers, and Django behind it."""

import os
from typing import Any

from learningaier.wsgi import application as django

# These have a thread of their own: a pod whose threads all wait for a slow model or a dead database
# must neither be taken for dead nor become invisible.
WATCHED = ("/health", "/health/ready", "/metrics")


def _build() -> Any:
    # Importing `wsgi` has set Django up, which what is imported here needs.
    from learningaier.api.bridge import Bridge, Bridges  # noqa: PLC0415
    from learningaier.api.draining import Draining  # noqa: PLC0415
    from learningaier.knowledge.lane import CachedAnswers  # noqa: PLC0415

    threads = int(os.environ.get("WEB_THREADS", "16"))
    handler: Any = django
    apart = {path: Bridge(handler, workers=1) for path in WATCHED}
    bridges = Bridges(apart, Bridge(handler, workers=threads))
    return Draining(CachedAnswers(bridges))


application = _build()
