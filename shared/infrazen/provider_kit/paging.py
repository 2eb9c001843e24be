"""Listings that come in pages, read whole or not at all."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from infrazen.errors import UnexpectedPayload

T = TypeVar("T")

PAGE_SIZE = 1000
_RESTARTS = 2


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Records and how many there are in all; None where the API does not say."""

    items: Sequence[T]
    total: int | None


class _ListChanged(Exception):
    """The total changed between two pages: an offset now points at another record."""


async def offset_pages(
    fetch: Callable[[int, int], Awaitable[Page[msgspec.Raw]]],
    *,
    what: str,
    size: int = PAGE_SIZE,
    at_once: int = 4,
) -> AsyncIterator[Sequence[msgspec.Raw]]:
    """Every page of ``fetch(offset, limit)``, in no particular order.

    After the first page the others are fetched ``at_once``. A list that changes while it
    is read is begun anew, so records may come twice. Raises ``UnexpectedPayload`` where
    the list does not add up: a page that repeats, or an end before the stated total.
    """
    for _ in range(_RESTARTS + 1):
        try:
            async for items in _OffsetReading(fetch, what, size, at_once).pages():
                yield items
        except _ListChanged:
            continue
        return
    raise UnexpectedPayload(f"{what}: the list keeps changing while it is read")


class _OffsetReading:
    def __init__(
        self,
        fetch: Callable[[int, int], Awaitable[Page[msgspec.Raw]]],
        what: str,
        size: int,
        at_once: int,
    ) -> None:
        self._fetch = fetch
        self._what = what
        self._size = size
        self._at_once = at_once
        self._seen: set[tuple[bytes, bytes]] = set()
        self._total: int | None = None

    async def pages(self) -> AsyncIterator[Sequence[msgspec.Raw]]:
        first = await self._fetch(0, self._size)
        self._total = first.total
        self._check_new(first.items)
        yield first.items
        if self._total is None:
            async for items in self._until_empty(len(first.items)):
                yield items
            return
        async for items in self._spans(len(first.items)):
            yield items

    async def _until_empty(self, offset: int) -> AsyncIterator[Sequence[msgspec.Raw]]:
        while offset:
            page = await self._fetch(offset, self._size)
            if not page.items:
                return
            self._check_new(page.items)
            offset += len(page.items)
            yield page.items

    async def _spans(self, length: int) -> AsyncIterator[Sequence[msgspec.Raw]]:
        """The rest, in spans as long as the first page: the server may cap what we ask for."""
        total = self._total or 0
        if length == 0 and total:
            raise self._ends_early(0)
        starts = iter(range(length, total, length)) if length else iter(())
        running: set[asyncio.Task[list[Sequence[msgspec.Raw]]]] = set()
        try:
            while True:
                while len(running) < self._at_once and (start := next(starts, None)) is not None:
                    span = self._span(start, min(start + length, total))
                    running.add(asyncio.create_task(span))
                if not running:
                    return
                done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    for items in task.result():
                        yield items
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _span(self, start: int, end: int) -> list[Sequence[msgspec.Raw]]:
        pages = []
        while start < end:
            page = await self._fetch(start, end - start)
            if page.total != self._total:
                raise _ListChanged
            if not page.items:
                raise self._ends_early(start)
            self._check_new(page.items)
            pages.append(page.items)
            start += len(page.items)
        return pages

    def _check_new(self, items: Sequence[msgspec.Raw]) -> None:
        if not items:
            return
        ends = bytes(items[0]), bytes(items[-1])
        if ends in self._seen:
            raise UnexpectedPayload(f"{self._what}: the same page came twice")
        self._seen.add(ends)

    def _ends_early(self, offset: int) -> UnexpectedPayload:
        return UnexpectedPayload(
            f"{self._what}: the list ended after {offset} of {self._total} records"
        )


async def cursor_pages(
    fetch: Callable[[str | None], Awaitable[tuple[Sequence[T], str | None]]], *, what: str
) -> AsyncIterator[Sequence[T]]:
    """Every page of ``fetch(cursor)``, until it gives no next cursor.

    Raises ``UnexpectedPayload`` where a cursor comes back, which would go on forever.
    """
    cursor: str | None = None
    seen: set[str] = set()
    while True:
        items, following = await fetch(cursor)
        yield items
        if not following:
            return
        if following in seen:
            raise UnexpectedPayload(f"{what}: a page cursor came twice")
        seen.add(following)
        cursor = following
