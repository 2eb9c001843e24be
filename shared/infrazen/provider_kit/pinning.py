"""Connect to the address that was checked, whatever the DNS says a moment later."""

from collections.abc import Callable

import httpx

from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.guard import Guard

PIN_SECONDS = 300.0


class PinnedTransport(httpx.AsyncBaseTransport):
    """An httpx transport; names stay names in Host header, SNI and certificate.

    A host is resolved and checked by ``guard`` before the first request to it and every
    ``PIN_SECONDS``. Where one address can't be connected to, the next is tried. Hosts share
    no connection, not even where they share an address: ``make_inner`` makes each its own.
    """

    def __init__(
        self, make_inner: Callable[[], httpx.AsyncBaseTransport], guard: Guard, clock: Clock
    ) -> None:
        self._make_inner = make_inner
        self._guard = guard
        self._clock = clock
        self._hosts: dict[tuple[str, str, int | None], _PinnedHost] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` to a checked address of its host."""
        origin = request.url.scheme, request.url.host, request.url.port
        if origin not in self._hosts:
            self._hosts[origin] = _PinnedHost(self._make_inner(), self._guard, self._clock)
        return await self._hosts[origin].send(request)

    async def aclose(self) -> None:
        """Close every connection."""
        for host in self._hosts.values():
            await host.aclose()


class _PinnedHost:
    def __init__(self, inner: httpx.AsyncBaseTransport, guard: Guard, clock: Clock) -> None:
        self._inner = inner
        self._guard = guard
        self._clock = clock
        self._addresses: tuple[str, ...] = ()
        self._until = clock.monotonic()

    async def send(self, request: httpx.Request) -> httpx.Response:
        *others, last = await self._checked(request.url)
        for address in others:
            try:
                return await self._inner.handle_async_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_pinned(request, last))

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _checked(self, url: httpx.URL) -> tuple[str, ...]:
        if self._clock.monotonic() >= self._until:
            self._addresses = await self._guard.addresses(url)
            self._until = self._clock.monotonic() + PIN_SECONDS
        return self._addresses


def _pinned(request: httpx.Request, address: str) -> httpx.Request:
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )
