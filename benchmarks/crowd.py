"""A crowd, looking and walking: how long an event takes, and what the server holds."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from statistics import median

import socketio

from benchmarks.figures import Figure, figure, percentile
from benchmarks.product import Site, site
from benchmarks.tabs import STATE, Broken, Tab, has

DASHBOARDS, SMALL = 200, 5
EVERY, SECONDS, SMALL_SECONDS = 10.0, 40.0, 4.0
"""Each is asked for something every ten seconds."""
MOST_MB = 250
LOAD = f"{STATE}.infrazen_ui___states___dashboard____dashboard_state.load"
WALK = (
    "/",
    "/connections",
    "/resources",
    "/resources?type=vps&sort=name",
    "/resources/{resource}",
    "/recommendations",
    "/?days=90",
    "/settings",
    "/settings/people",
    "/settings/audit",
)
"""Where people walk, one page after the other; everybody begins elsewhere."""
FAILURES = (TimeoutError, Broken, socketio.exceptions.SocketIOError)
Turn = Callable[[], Awaitable[float]]


@dataclass(slots=True)
class Dashboard:
    """A tab with an open dashboard."""

    tab: Tab = field(default_factory=Tab)
    days: int = 30

    async def turn(self) -> float:
        """Choose another period; seconds until the screen has it."""
        self.days = 90 if self.days == 30 else 30
        address = f"/?days={self.days}"
        return await self.tab.ask(LOAD, address, lambda update: has(update, "dashboard_state"))


class Walker:
    """A tab that goes from page to page."""

    def __init__(self, addresses: list[str], *, start: int) -> None:
        self.tab = Tab()
        first = start % len(addresses)
        self._ahead = cycle([*addresses[first:], *addresses[:first]])

    async def turn(self) -> float:
        """Turn to the next page; seconds until all of it is there."""
        return await self.tab.go(next(self._ahead))


def measure(*, small: bool) -> Iterator[Figure]:
    """Memory of the server alone, then under a crowd that looks, and one that walks."""
    count = SMALL if small else DASHBOARDS
    with site(small=small) as place:
        resident, share = place.megabytes()
        yield figure("server, nobody there, resident", resident, "MB", most=MOST_MB)
        yield figure("server, nobody there, its share (PSS)", share, "MB")
        looking = [Dashboard() for _ in range(count)]
        name = f"{count} open dashboards"
        yield from _told(place, f"{name}: another period", f"{name}: ", looking, small=small)
        (resource,) = place.ids("resources", 1)
        addresses = [one.format(resource=resource) for one in WALK]
        walking = [Walker(addresses, start=n) for n in range(count)]
        name = f"{count} people walking"
        yield from _told(place, f"{name}: next page", f"{name}: ", walking, small=small)


def _told(
    place: Site, asked: str, of: str, people: list[Dashboard] | list[Walker], *, small: bool
) -> Iterator[Figure]:
    times, failed, alone = asyncio.run(_crowd(place, people, small=small))
    resident, share = place.megabytes()
    floor = alone * 1000
    yield figure(f"{asked}, median", median(times) * 1000, "ms", floor=floor)
    yield figure(f"{asked}, p95", percentile(times, 0.95) * 1000, "ms", floor=floor)
    yield figure(f"{of}events that failed", failed, "events", most=0)
    yield figure(f"{of}server, resident", resident, "MB")
    yield figure(f"{of}server, its share (PSS)", share, "MB")


async def _crowd(
    place: Site, people: list[Dashboard] | list[Walker], *, small: bool
) -> tuple[list[float], int, float]:
    """Seconds of each turn, how many failed, and what one takes where nobody else is."""
    first = people[0]
    await first.tab.open(place)
    alone = median([await first.turn() for _ in range(2 * len(WALK))])
    others = people[1:]
    for some in range(0, len(others), 10):
        await asyncio.gather(*(one.tab.open(place) for one in others[some : some + 10]))
    until = time.monotonic() + (SMALL_SECONDS if small else SECONDS)
    every = 1.0 if small else EVERY
    asked = await asyncio.gather(
        *(
            _turn_often(one.turn, n * every / len(people), every, until)
            for n, one in enumerate(people)
        )
    )
    await asyncio.gather(*(one.tab.close() for one in people))
    return [took for times, _ in asked for took in times], sum(failed for _, failed in asked), alone


async def _turn_often(
    turn: Turn, wait: float, every: float, until: float
) -> tuple[list[float], int]:
    times, failed = [], 0
    await asyncio.sleep(wait)
    while time.monotonic() < until:
        started = time.monotonic()
        try:
            times.append(await turn())
        except FAILURES:
            failed += 1
        await asyncio.sleep(max(0.0, every - (time.monotonic() - started)))
    return times, failed
