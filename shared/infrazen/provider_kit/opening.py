"""From a connection's settings to a provider that can be asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import (
    ConnectionSettings,
    Credentials,
    Provider,
    ProviderSpec,
)
from infrazen.provider_kit.guard import Guard, Reach, parse_endpoint, reach
from infrazen.provider_kit.rate_limit import RateLimit
from infrazen.provider_kit.transport import Limits, Transport
from infrazen.settings import settings as installation


@asynccontextmanager
async def open_provider(
    spec: ProviderSpec,
    credentials: Credentials,
    settings: ConnectionSettings,
    endpoint: str | None = None,
    *,
    limits: Limits | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Provider]:
    """The provider behind ``endpoint`` (the real one where None), closed at the end.

    Sends nothing yet. Raises ``Invalid`` for a malformed endpoint, ``EndpointNotAllowed``
    for one outside the allow-list, ``ProviderUnavailable`` where it has no such host.
    """
    url = parse_endpoint(endpoint or spec.base_url)
    guard = endpoint_guard(spec)
    addresses = await guard.addresses(url)
    transport = Transport(
        url,
        guard=guard,
        rate=_rate(spec, settings, addresses),
        reading_posts=spec.reading_posts,
        limits=limits,
        clock=clock,
    )
    try:
        yield spec.connect(transport, credentials, settings)
    finally:
        await transport.aclose()


def endpoint_guard(spec: ProviderSpec) -> Guard:
    """What this installation lets connections of ``spec`` talk to."""
    allowed = {host.strip().rstrip(".").lower() for host in installation().allowed_endpoints}
    return Guard(
        hosts=spec.hosts | allowed,
        allow_private=installation().allow_private_endpoints,
        simulators=frozenset(
            address.removeprefix("http://") for address in installation().demo_simulators.values()
        ),
    )


async def check_endpoint(spec: ProviderSpec, endpoint: str) -> httpx.URL:
    """The endpoint as it will be used; raises as ``open_provider`` does."""
    url = parse_endpoint(endpoint)
    await endpoint_guard(spec).addresses(url)
    return url


def _rate(
    spec: ProviderSpec, settings: ConnectionSettings, addresses: tuple[str, ...]
) -> RateLimit | None:
    """The rate in force; none at a private address (a simulator), unless it is set."""
    if settings.requests_per_second is not None:
        return RateLimit(per_second=settings.requests_per_second, burst=spec.rate.burst)
    private = all(reach(address) is Reach.PRIVATE for address in addresses)
    return None if private else spec.rate
