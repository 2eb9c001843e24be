"""Whose request goes next: few at a time, and what is urgent before what can wait."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum


class Urgency(IntEnum):
    """Which requests go first among those that wait: low before high."""

    NEW = 0
    """What lets a new connection begin."""
    START = 1
    """What lets a sync begin."""
    OTHER = 2
    TOLD = 3
    """What stands elsewhere already, such as Events."""


class Places:
    """A number of places; who waits for one gets it by urgency, then by who came first."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: list[tuple[Urgency, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    @asynccontextmanager
    async def one(self, urgency: Urgency) -> AsyncIterator[None]:
        """Have a place for as long as the block lasts."""
        await self._enter(urgency)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, urgency: Urgency) -> None:
        if self._free:
            self._free -= 1
            return
        called = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._numbers), called))
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._leave()  # it was called in the moment in which it gave up
            raise

    def _leave(self) -> None:
        while self._waiting:
            *_, called = heapq.heappop(self._waiting)
            if not called.done():
                called.set_result(None)
                return
        self._free += 1
