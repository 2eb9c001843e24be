"""What a State knows of its browser: the cookie, and where it connects from."""

from typing import Any, Protocol

from starlette.requests import Request

from infrazen.api.client import client_address
from infrazen_ui.backend.visitors import session_cookie

_PEER = "asgi-scope-client"
"""Where Reflex keeps the address of the connection's other end."""


class HasRouter(Protocol):
    """A State, as far as this is concerned."""

    router: Any


def cookie_of(state: HasRouter) -> str:
    """The raw session token that the browser's handshake carried."""
    return session_cookie(state.router.headers.cookie)


def address_of(state: HasRouter) -> str:
    """The browser's address, seen through the proxies that the settings trust."""
    headers = state.router.headers.raw_headers
    scope = {
        "type": "http",
        "headers": [(b"x-forwarded-for", headers.get("x-forwarded-for", "").encode())],
        "client": (headers.get(_PEER, ""), 0),
    }
    return client_address(Request(scope))
