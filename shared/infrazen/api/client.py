"""From where a request came: the client's address, and the site whose page sent it."""

import ipaddress
from urllib.parse import urlsplit

from fastapi import Request

from infrazen.errors import Forbidden
from infrazen.security.networks import plain_address
from infrazen.settings import settings

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def client_address(request: Request) -> str:
    """The client's IP address, seen through the proxies that the settings trust."""
    peer = plain_address(request.client.host if request.client else "")
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
    while hops and hops[-1] and _is_trusted(peer):
        peer = plain_address(hops.pop())
    return peer


def is_this_machine(request: Request) -> bool:
    """Whether a program on this very machine asks, and no proxy for somebody else.

    A proxy on the same machine looks the same, so this holds only where users have no
    other address than this machine's.
    """
    public = settings().public_url
    names = [client_address(request), urlsplit(f"//{request.headers.get('host', '')}").hostname]
    if public is not None:
        names.append(public.host)
    forwarded = {"x-forwarded-for", "forwarded", "x-real-ip", "via"} & set(request.headers)
    return not forwarded and all(_is_loopback(name or "") for name in names)


def check_origin(request: Request, *, required: bool) -> None:
    """Raise ``Forbidden`` for a change that another site's page sends with our cookie.

    Browsers say in ``Origin`` where a page comes from. Without it, ``required`` asks for
    ``Sec-Fetch-Site: same-origin``.
    """
    if request.method in _SAFE_METHODS:
        return
    origin = request.headers.get("origin")
    if origin is None:
        same = request.headers.get("sec-fetch-site") == "same-origin"
        if required and not same:
            raise Forbidden("send an Origin header, or use an API token instead of the cookie")
        return
    if origin not in _own_origins(request):
        raise Forbidden("the page that sent this is not InfraZen's own")


def _own_origins(request: Request) -> set[str]:
    """The address that the browser used (a proxy may end TLS for us) and the public one.

    Where the public one is encrypted, a page that came to it in clear is not ours.
    """
    host = request.headers.get("host", "")
    own = {f"http://{host}", f"https://{host}"}
    public = settings().public_url
    if public is not None:
        standard = {"http": 80, "https": 443}[public.scheme]
        port = "" if public.port in (None, standard) else f":{public.port}"
        own.add(f"{public.scheme}://{public.host}{port}")
        if public.scheme == "https":
            own.discard(f"http://{public.host}{port}")
    return own


def _is_trusted(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings().trusted_proxies)


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
