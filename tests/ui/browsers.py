"""States of a tab, with the connection data that Reflex gives them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, TypeVar

from reflex.istate.data import HeaderData
from reflex.state import State

R = TypeVar("R")


def tab(cookie: str = "", *, peer: str = "127.0.0.1", address: str = "/", **headers: str) -> State:
    """The state tree of a tab at ``address`` whose handshake carried ``cookie``."""
    state = State(_reflex_internal_init=True)
    connect(state, cookie, peer=peer, address=address, **headers)
    return state


def connect(
    state: State,
    cookie: str,
    *,
    peer: str = "127.0.0.1",
    address: str = "/",
    **headers: str,
) -> None:
    """Let another connection use the same tab's state."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    router_data: dict[str, Any] = {
        "headers": {
            "asgi-scope-client": peer,
            "cookie": f"infrazen_session={cookie}" if cookie else "",
            **sent,
        },
        "token": "a-tab",
        "pathname": address.partition("?")[0],
        "asPath": address,
    }
    state._update_router_vars(router_data, {})
    state.router_data = router_data
    assert HeaderData.from_router_data(router_data).cookie == router_data["headers"]["cookie"]


def drain(handler: AsyncIterator[Any]) -> list[Any]:
    """All that an event handler in steps yields."""

    async def waiting() -> list[Any]:
        return [said async for said in handler]

    return asyncio.run(waiting())


def run(awaitable: Awaitable[R]) -> R:
    """Its result."""

    async def waiting() -> R:
        return await awaitable

    return asyncio.run(waiting())
