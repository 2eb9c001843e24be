"""Time that only moves when told to, and servers that do as they are told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.guard import Guard
from infrazen.provider_kit.rate_limit import RateLimit
from infrazen.provider_kit.simulation.http_server import HttpServer
from infrazen.provider_kit.transport import Limits, Transport

START = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class FakeTime:
    """A clock that naps instantly and remembers how long; ``jitter`` is constant."""

    seconds: float = 0.0
    naps: list[float] = field(default_factory=list)
    jitter: float = 0.5

    def clock(self) -> Clock:
        return Clock(
            monotonic=lambda: self.seconds,
            now=lambda: START + timedelta(seconds=self.seconds),
            sleep=self.sleep,
            jitter=lambda: self.jitter,
        )

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.seconds += seconds
        await asyncio.sleep(0)


Handler = Callable[[Request], Awaitable[Response]]


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """``handler`` at every path of a real HTTP server; its URL."""
    route = Route("/{path:path}", handler, methods=["GET", "POST"])
    server = HttpServer(Starlette(routes=[route]))
    port = await server.start("127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        await server.stop()


@asynccontextmanager
async def transport(
    url: str,
    *,
    time: FakeTime | None = None,
    rate: RateLimit | None = None,
    limits: Limits | None = None,
    **options: Any,
) -> AsyncIterator[Transport]:
    """A transport to a loopback ``url``."""
    made = Transport(
        httpx.URL(url),
        guard=Guard(hosts=frozenset(), allow_private=True),
        rate=rate,
        limits=limits,
        clock=(time or FakeTime()).clock(),
        **options,
    )
    try:
        yield made
    finally:
        await made.aclose()
