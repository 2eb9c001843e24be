"""Many small requests, a few at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from infrazen.provider_kit.clock import Clock

T = TypeVar("T")


async def for_each(items: Iterable[T], do: Callable[[T], Awaitable[None]], *, at_once: int) -> None:
    """Await ``do`` for every item, ``at_once`` at a time, taken in order.

    The first error ends the rest and comes out as it is.
    """
    remaining = iter(items)

    async def work() -> None:
        for item in remaining:
            await do(item)

    workers = [asyncio.create_task(work()) for _ in range(at_once)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def for_each_within(
    seconds: float,
    items: Iterable[T],
    do: Callable[[T], Awaitable[None]],
    *,
    at_once: int,
    clock: Clock,
) -> int:
    """``for_each``, but after ``seconds`` nothing more is begun; how many items that left out."""
    deadline = clock.monotonic() + seconds
    left_out = 0

    async def do_in_time(item: T) -> None:
        nonlocal left_out
        if clock.monotonic() >= deadline:
            left_out += 1
        else:
            await do(item)

    await for_each(items, do_in_time, at_once=at_once)
    return left_out
