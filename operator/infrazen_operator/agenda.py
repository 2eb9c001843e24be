"""Which connections to look at, and when: those that changed, and those whose time has come."""

import asyncio
import heapq
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain, islice

from infrazen_operator.board import Key

LONGEST_SLEEP = timedelta(minutes=5)
"""A clock that was set while the loop slept is noticed by then."""


class Agenda:
    """Connections that changed, and one alarm for each that has something to wait for.

    Those that ``goes_first`` names are handed out before all others.
    """

    def __init__(self, *, goes_first: Callable[[Key], bool] = lambda _: False) -> None:
        self._goes_first = goes_first
        self._first: dict[Key, float] = {}
        self._others: dict[Key, float] = {}
        self._alarms: dict[Key, datetime] = {}
        self._heap: list[tuple[datetime, Key]] = []
        self._busy: set[Key] = set()
        self._stirred = asyncio.Event()

    def touch(self, key: Key) -> None:
        """Look at ``key`` as soon as possible."""
        self._add(key)
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
        self._first.clear()
        self._others.clear()
        self._alarms.clear()
        self._heap.clear()

    def take(self, now: datetime, most: int | None = None) -> list[tuple[Key, float]]:
        """Connections to look at now, each with the (monotonic) time at which it changed."""
        for key in self._rung(now):
            self._add(key)
        changed = chain(self._first.items(), self._others.items())
        taken = list(islice((one for one in changed if one[0] not in self._busy), most))
        for key, _ in taken:
            self._first.pop(key, None)
            self._others.pop(key, None)
        if len(taken) == most:
            self._stirred.set()  # there may be more
        return taken

    async def wait(self) -> None:
        """Sleep until something changes or the next alarm rings."""
        try:
            async with asyncio.timeout(self._seconds()):
                await self._stirred.wait()
        except TimeoutError:
            pass
        self._stirred.clear()

    def _add(self, key: Key) -> None:
        if key not in self._first and key not in self._others:
            lane = self._first if self._goes_first(key) else self._others
            lane[key] = time.monotonic()

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
