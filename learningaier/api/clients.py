"""Where a request comes from, and how often one place may try to sign in.

Signing in has no user yet, so it is counted by address: an IPv4 address, or an IPv6 network of 64
bits, which is what a provider gives to one customer.
"""

import functools
import ipaddress
from collections.abc import Callable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest

from learningaier.api.metrics import RATELIMIT_REFUSED
from learningaier.api.ratelimit import Ratelimited, count_call
from learningaier.cache.connection import CacheDown
from learningaier.core.errors import NotAvailable

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Handler = TypeVar("Handler", bound=Callable[..., Any])

IPV6_CUSTOMER_BITS = 64


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, as a key to count by."""
    remote = str(request.META.get("REMOTE_ADDR", ""))
    return find_address(remote, request.headers.get("X-Forwarded-For", ""))


def find_address(remote: str, forwarded_for: str) -> str:
    """The client's IP address, or its network of 64 bits for IPv6.

    `X-Forwarded-For` counts only as far as it was written by TRUSTED_PROXIES (addresses and CIDR
    networks): read from the right, the first address that is no proxy of ours is the client. What
    is no address ends the reading, as nobody can tell who wrote it.
    """
    client = _parse_address(remote)
    if client is None:
        return remote
    networks = _parse_networks(tuple(settings.TRUSTED_PROXIES))
    for hop in reversed(forwarded_for.split(",")):
        nearer = _parse_address(hop.strip())
        if nearer is None or not any(client in network for network in networks):
            break
        client = nearer
    return _bucket(client)


def is_trusted_proxy(address: str) -> bool:
    """Whether an address is one of TRUSTED_PROXIES, which speak for many clients."""
    client = _parse_address(address)
    networks = _parse_networks(tuple(settings.TRUSTED_PROXIES))
    return client is not None and any(client in network for network in networks)


def limit_sign_in(
    *, group: str, setting: str = "RATE_LIMIT_SIGN_IN"
) -> Callable[[Handler], Handler]:
    """Limit a handler's POSTs an address and minute to the number in a setting.

    Counts in the exact window of `ratelimit.py`. Without Redis the tries pass uncounted, unless
    RATELIMIT_FAIL_OPEN is `false`: then NotAvailable.
    """

    def decorate(handler: Handler) -> Handler:
        @functools.wraps(handler)
        def limited(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST":
                count_address(request, group=group, setting=setting)
            return handler(request, *args, **kwargs)

        vars(limited)["is_limited"] = True
        return limited  # type: ignore[return-value]

    return decorate


def count_address(request: HttpRequest, *, group: str, setting: str) -> None:
    """Count a call by where it comes from, in the window of a minute that a setting limits.

    Raises: Ratelimited; NotAvailable without Redis, where RATELIMIT_FAIL_OPEN is `false`.
    """
    if not settings.RATELIMIT_ENABLE:
        return
    rate = f"{getattr(settings, setting)}/m"
    try:
        decision = count_call(group, client_address(request), rate)
    except CacheDown:
        if settings.RATELIMIT_FAIL_OPEN != "false":
            return
        raise NotAvailable("Tries can't be counted right now. Try again in a moment.") from None
    # The middleware, which puts the headers on the answer, sees Django's request, not DRF's.
    seen: Any = getattr(request, "_request", request)
    seen.ratelimit = decision
    if not decision.is_admitted:
        RATELIMIT_REFUSED.labels(group).inc()
        raise Ratelimited(decision)


def _bucket(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), IPV6_CUSTOMER_BITS), strict=False))


def _parse_address(text: str) -> Address | None:
    """The address in `1.2.3.4`, `1.2.3.4:80`, `::1`, `[::1]` or `[::1]:80`; None for all else."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped  # how a socket that listens to both shows an IPv4 client
    return address


@functools.cache
def _parse_networks(entries: tuple[str, ...]) -> tuple[Network, ...]:
    """The networks of TRUSTED_PROXIES; an entry that is none trusts nobody."""
    networks = []
    for entry in entries:
        try:
            networks.append(ipaddress.ip_network(entry.strip(), strict=False))
        except ValueError:
            continue
    return tuple(networks)
