"""The application that gunicorn serves: the lane for cached answers, and Django behind it."""

import os
from typing import Any

from learningaier.wsgi import application as django


def _build() -> Any:
    # Importing `wsgi` has set Django up, which what is imported here needs.
    from learningaier.api.bridge import Bridge  # noqa: PLC0415
    from learningaier.knowledge.lane import CachedAnswers  # noqa: PLC0415

    threads = int(os.environ.get("WEB_THREADS", "16"))
    handler: Any = django
    return CachedAnswers(Bridge(handler, workers=threads))


application = _build()
