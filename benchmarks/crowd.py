"""Many open dashboards at once: how long an event takes, and what the server holds."""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from uuid import uuid4

import socketio

from benchmarks.figures import Figure, figure, percentile
from benchmarks.product import Site, site

DASHBOARDS, SMALL = 200, 5
EVERY, SECONDS, SMALL_SECONDS = 10.0, 40.0, 4.0
"""Each dashboard is asked for another period every ten seconds."""
MOST_MB = 250
_STATE = "reflex___state____state"
HYDRATE = f"{_STATE}.hydrate_and_load"
LOAD = f"{_STATE}.infrazen_ui___states___dashboard____dashboard_state.load"
NAMESPACE = "/_event"


@dataclass(slots=True)
class Dashboard:
    """A websocket that does what the page of an open dashboard does."""

    client: socketio.AsyncClient = field(
        default_factory=lambda: socketio.AsyncClient(reconnection=False)
    )
    days: int = 30
    heard: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def open(self, place: Site) -> None:
        """Connect, and load the page."""
        self.client.on("event", self._hear, namespace=NAMESPACE)
        await self.client.connect(
            f"{place.server.url}/?token={uuid4()}",
            headers={"Cookie": f"infrazen_session={place.cookie}"},
            transports=["websocket"],
            namespaces=[NAMESPACE],
            socketio_path=NAMESPACE,
            wait_timeout=60,
        )
        await self._ask(HYDRATE)

    async def turn(self) -> float:
        """Choose another period; seconds until the screen has it."""
        self.days = 90 if self.days == 30 else 30
        return await self._ask(LOAD)

    async def _ask(self, name: str) -> float:
        while not self.heard.empty():
            self.heard.get_nowait()
        started = time.monotonic()
        query = {"days": str(self.days)}
        address = {"pathname": "/", "query": query, "asPath": f"/?days={self.days}"}
        event = {"name": name, "payload": {}, "router_data": address}
        await self.client.emit("event", event, namespace=NAMESPACE)
        async with asyncio.timeout(60):
            while not _has_dashboard(await self.heard.get()):
                pass
        return time.monotonic() - started

    async def close(self) -> None:
        """Leave."""
        await self.client.disconnect()
        if self.client.eio.http is not None:
            await self.client.eio.http.close()

    def _hear(self, said: Any) -> None:
        self.heard.put_nowait(said if isinstance(said, dict) else json.loads(said))


def _has_dashboard(update: dict[str, Any]) -> bool:
    delta = update.get("delta") or {}
    return any(name.endswith("dashboard_state") for name in delta)


def measure(*, small: bool) -> Iterator[Figure]:
    """Memory of the server alone, then under many dashboards, and what events take there."""
    count = SMALL if small else DASHBOARDS
    with site(small=small) as place:
        resident, share = place.megabytes()
        yield figure("server, nobody there, resident", resident, "MB", most=MOST_MB)
        yield figure("server, nobody there, its share (PSS)", share, "MB")
        times, failed, alone = asyncio.run(_crowd(place, count, small=small))
        resident, share = place.megabytes()
        name = f"{count} open dashboards"
        yield figure(
            f"{name}: another period, median", median(times) * 1000, "ms", floor=alone * 1000
        )
        yield figure(
            f"{name}: another period, p95", percentile(times, 0.95) * 1000, "ms", floor=alone * 1000
        )
        yield figure(f"{name}: events that failed", failed, "events", most=0)
        yield figure(f"{name}: server, resident", resident, "MB")
        yield figure(f"{name}: server, its share (PSS)", share, "MB")


async def _crowd(place: Site, count: int, *, small: bool) -> tuple[list[float], int, float]:
    """Seconds of each event, how many failed, and what one takes where nobody else is."""
    first = Dashboard()
    await first.open(place)
    alone = median([await first.turn() for _ in range(5)])
    others = [Dashboard() for _ in range(count - 1)]
    for some in range(0, len(others), 10):
        await asyncio.gather(*(one.open(place) for one in others[some : some + 10]))
    crowd = [first, *others]
    until = time.monotonic() + (SMALL_SECONDS if small else SECONDS)
    every = 1.0 if small else EVERY
    asked = await asyncio.gather(
        *(_ask_often(one, n * every / count, every, until) for n, one in enumerate(crowd))
    )
    await asyncio.gather(*(one.close() for one in crowd))
    return [took for times, _ in asked for took in times], sum(failed for _, failed in asked), alone


async def _ask_often(
    one: Dashboard, wait: float, every: float, until: float
) -> tuple[list[float], int]:
    times, failed = [], 0
    await asyncio.sleep(wait)
    while time.monotonic() < until:
        started = time.monotonic()
        try:
            times.append(await one.turn())
        except (TimeoutError, socketio.exceptions.SocketIOError):
            failed += 1
        await asyncio.sleep(max(0.0, every - (time.monotonic() - started)))
    return times, failed
