"""Connect to the address that was checked, whatever the DNS says a moment later."""

import httpx

from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.guard import Guard

PIN_SECONDS = 300.0


class PinnedTransport(httpx.AsyncBaseTransport):
    """An httpx transport to one host; names stay names in Host header, SNI and certificate.

    The host is resolved and checked by ``guard`` before the first request and every
    ``PIN_SECONDS``. Where one address can't be connected to, the next is tried.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, guard: Guard, clock: Clock) -> None:
        self._inner = inner
        self._guard = guard
        self._clock = clock
        self._addresses: tuple[str, ...] = ()
        self._until = clock.monotonic()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` to a checked address of its host."""
        *others, last = await self._checked(request.url)
        for address in others:
            try:
                return await self._inner.handle_async_request(_pinned(request, address))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._inner.handle_async_request(_pinned(request, last))

    async def aclose(self) -> None:
        """Close every connection."""
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
