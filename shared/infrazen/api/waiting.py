"""Routes that talk to a cloud."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

R = TypeVar("R")


def waited(call: Awaitable[R]) -> R:
    """What a use case that asks a provider returns, waited for in the route's own thread.

    Such a use case also asks the database, which must not hold up the server's own loop.
    """

    async def wait() -> R:
        return await call

    return asyncio.run(wait())
