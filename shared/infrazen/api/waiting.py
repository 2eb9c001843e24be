"""Routes that talk to a cloud."""

import asyncio
from collections.abc import Awaitable
from threading import BoundedSemaphore
from typing import TypeVar

from infrazen.errors import ProviderUnavailable, TooManyAttempts

R = TypeVar("R")

MOST_AT_ONCE = 8
"""How many requests of this process may wait for clouds."""

LONGEST_SECONDS = 60.0

_places = BoundedSemaphore(MOST_AT_ONCE)


def waited(call: Awaitable[R]) -> R:
    """What a use case that asks a provider returns, waited for in the route's own thread.

    Such a use case also asks the database, which must not hold up the server's own loop.
    All routes share a few dozen threads, so a cloud that never answers must not get them
    all: ``TooManyAttempts`` where many wait already, ``ProviderUnavailable`` after a minute.
    """

    async def wait() -> R:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                return await call
        except TimeoutError as error:
            raise ProviderUnavailable(
                f"the cloud did not answer within {LONGEST_SECONDS:.0f} s: try again later"
            ) from error

    if not _places.acquire(blocking=False):
        _forget(call)
        raise TooManyAttempts("many wait for a cloud already: try again", retry_after=5)
    try:
        return asyncio.run(wait())
    finally:
        _places.release()


def _forget(call: Awaitable[R]) -> None:
    """Close a coroutine that was never begun."""
    close = getattr(call, "close", None)
    if close is not None:
        close()
