"""What a page of another origin may see of an answer that Django's middleware does not make."""

import functools
from urllib.parse import urlsplit

from corsheaders.middleware import CorsMiddleware
from django.conf import settings
from django.http import HttpResponse

from learningaier.api.plain_requests import Header


@functools.lru_cache(maxsize=1000)
def describe_origin(origin: bytes) -> tuple[Header, ...]:
    """The CORS headers for this origin, as django-cors-headers gives them; none for a stranger's.

    `origin`: as the request's header has it. Of all but preflights, which Django answers.
    """
    named = origin.decode("latin-1")
    try:
        url = urlsplit(named)
    except ValueError:
        return ()
    if not CorsMiddleware(lambda _: HttpResponse()).origin_found_in_white_lists(named, url):
        return ()
    exposed = ", ".join(settings.CORS_EXPOSE_HEADERS).encode()
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-expose-headers", exposed),
    )
