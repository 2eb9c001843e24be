"""Which connections to look at, and when: those that changed, and those whose time has come."""

import asyncio
import heapq
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from infrazen_operator.board import Key

LONGEST_SLEEP = timedelta(minutes=5)
"""A clock that was set while the loop slept is noticed by then."""


class Agenda:
    """Connections that changed, and one alarm for each that has something to wait for."""

    def __init__(self) -> None:
        self._changed: dict[Key, float] = {}
        self._alarms: dict[Key, datetime] = {}
        self._heap: list[tuple[datetime, Key]] = []
        self._busy: set[Key] = set()
        self._stirred = asyncio.Event()

    def touch(self, key: Key) -> None:
        """Look at ``key`` as soon as possible."""
        self._changed.setdefault(key, time.monotonic())
        self._stirred.set()

    def stir(self) -> None:
        """Let the loop turn though no connection has changed."""
        self._stirred.set()

    def set_alarm(self, key: Key, at: datetime | None) -> None:
        """Look at ``key`` again at a moment; None takes its alarm back."""
        if at is None:
            self._alarms.pop(key, None)
        elif self._alarms.get(key) != at:
            self._alarms[key] = at
            heapq.heappush(self._heap, (at, key))
            self._stirred.set()

    def hold(self, key: Key) -> None:
        """Do not hand out ``key`` until it is released: somebody is at work on it."""
        self._busy.add(key)

    def release(self, key: Key) -> None:
        """``key`` may be handed out again."""
        self._busy.discard(key)
        self._stirred.set()

    def is_held(self, key: Key) -> bool:
        """Whether somebody is at work on ``key``."""
        return key in self._busy

    def clear(self) -> None:
        """Forget everything but who is at work."""
        self._changed.clear()
        self._alarms.clear()
        self._heap.clear()

    def take(self, now: datetime) -> list[tuple[Key, float]]:
        """Connections to look at now, each with the (monotonic) time at which it changed."""
        for key in self._rung(now):
            self._changed.setdefault(key, time.monotonic())
        free = [(key, since) for key, since in self._changed.items() if key not in self._busy]
        for key, _ in free:
            del self._changed[key]
        return free

    async def wait(self) -> None:
        """Sleep until something changes or the next alarm rings."""
        try:
            async with asyncio.timeout(self._seconds()):
                await self._stirred.wait()
        except TimeoutError:
            pass
        self._stirred.clear()

    def _seconds(self) -> float:
        while self._heap and self._alarms.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        longest = LONGEST_SLEEP.total_seconds()
        if not self._heap:
            return longest
        return min(longest, max(0.0, (self._heap[0][0] - datetime.now(UTC)).total_seconds()))

    def _rung(self, now: datetime) -> Iterable[Key]:
        while self._heap and self._heap[0][0] <= now:
            at, key = heapq.heappop(self._heap)
            if self._alarms.get(key) == at:
                del self._alarms[key]
                yield key
