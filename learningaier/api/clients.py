"""Where a request comes from, for the limits on what has no user yet."""

from django.conf import settings
from django.http import HttpRequest


def client_address(_group: str, request: HttpRequest) -> str:
    """The client's IP address, as django-ratelimit asks for it.

    `X-Forwarded-For` counts only as far as it was written by TRUSTED_PROXIES: read from the right,
    the first address that is no proxy of ours is the client.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
    while address in settings.TRUSTED_PROXIES and hops and hops[-1]:
        address = hops.pop()
    return address


def sign_in_rate(_group: str, _request: HttpRequest) -> str:
    """How often one address may try to sign in."""
    return f"{settings.RATE_LIMIT_SIGN_IN}/m"
