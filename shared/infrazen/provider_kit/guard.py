"""Which addresses a connection may talk to (protection against SSRF).

A connection may name an endpoint of its own, so whoever may edit one could make us send
credentials, or requests, anywhere. The host must therefore be the provider's own or be
allowed by the operator, every address that it resolves to is checked, and the address
that was checked is the one that is connected to (``pinning``).
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from infrazen.errors import EndpointNotAllowed, Invalid, ProviderUnavailable

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]

_PRIVATE = tuple(
    map(
        ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"),
    )
)
# IANA's special-purpose registries, and where clouds keep metadata and credentials.
_NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",
            "169.254.0.0/16",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/96",
            "64:ff9b:1::/48",
            "100::/64",
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
            "fd00:ec2::254/128",
            "fd20:ce::254/128",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        ),
    )
)
_LOOPBACK = "127.0.0.1"
_LOOPBACK_6 = IPv6Address("::1")
_NAT64 = ip_network("64:ff9b::/96")
_NUMERIC = re.compile(r"^(?:.*\.)?(?:\d+|0x[0-9a-f]*)\.?$", re.IGNORECASE)


class Reach(StrEnum):
    """Where an address lies."""

    PUBLIC = "public"
    PRIVATE = "private"
    NEVER = "never"


def reach(address: str) -> Reach:
    """Where ``address`` (a plain IP address) lies; embedded IPv4 counts for what it is."""
    ip = _unwrapped(ip_address(address))
    if ip != _LOOPBACK_6 and any(ip in network for network in _NEVER):
        return Reach.NEVER
    return Reach.PRIVATE if any(ip in network for network in _PRIVATE) else Reach.PUBLIC


def _unwrapped(ip: Address) -> Address:
    if isinstance(ip, IPv4Address):
        return ip
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


async def system_resolve(host: str, port: int) -> Sequence[str]:
    """The addresses of ``host`` as this machine sees them."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def parse_endpoint(text: str) -> httpx.URL:
    """An endpoint's URL without a trailing slash; raises ``Invalid`` for anything odd."""
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL:
        raise _odd("is not an address") from None
    if url.scheme not in {"http", "https"} or not url.host:
        raise _odd("must begin with https:// and name a host")
    if url.userinfo or url.query or url.fragment:
        raise _odd("must carry neither credentials nor a query")
    if not 0 < (url.port or 443) < 65536:
        raise _odd("names a port that does not exist")
    if "%" in url.host:
        raise _odd("must not name a network interface")
    return url.copy_with(path=url.path.rstrip("/"))


def _odd(what: str) -> Invalid:
    return Invalid(f"the endpoint {what}, like https://api.example.com", field="endpoint")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The allow-list of one connection.

    ``hosts`` are the provider's own and those the operator allowed; one that begins with a
    dot stands for every host under it, as clouds have for their regions. Private addresses
    are for trials and private clouds, where ``allow_private`` says so. ``simulators`` are
    single addresses on this machine (``127.0.0.1:port``) that may be asked all the same.
    """

    hosts: frozenset[str]
    allow_private: bool = False
    simulators: frozenset[str] = frozenset()
    resolve: Resolve = system_resolve

    async def addresses(self, url: httpx.URL) -> tuple[str, ...]:
        """The addresses that may be connected to for ``url``, at least one.

        Raises ``EndpointNotAllowed`` where any address of the host is out of bounds, and
        ``ProviderUnavailable`` where the host has none.
        """
        if url.host == _LOOPBACK and f"{url.host}:{url.port}" in self.simulators:
            return (_LOOPBACK,)
        host = url.host.rstrip(".").lower()
        listed = self._lists(host)
        if not listed and not self.allow_private:
            raise EndpointNotAllowed(
                f"{host} is not an address of this provider: whoever runs InfraZen may add it to "
                "INFRAZEN_ALLOWED_ENDPOINTS, or, where it is a private address, set "
                "INFRAZEN_ALLOW_PRIVATE_ENDPOINTS=true"
            )
        found = await self._resolved(host, url.port or (443 if url.scheme == "https" else 80))
        reached = {reach(address) for address in found}
        if Reach.NEVER in reached:
            raise EndpointNotAllowed(
                f"{host} leads to a link-local, reserved or metadata address, which is never "
                "connected to: name the provider's real address"
            )
        if Reach.PUBLIC in reached:
            self._check_public(url, host, listed=listed, mixed=Reach.PRIVATE in reached)
        elif not self.allow_private:
            raise EndpointNotAllowed(
                f"{host} leads to a private address: set "
                "INFRAZEN_ALLOW_PRIVATE_ENDPOINTS=true if that is meant"
            )
        return found

    def _lists(self, host: str) -> bool:
        labels = host.split(".")
        above = ("." + ".".join(labels[start:]) for start in range(1, len(labels) - 1))
        return host in self.hosts or any(domain in self.hosts for domain in above)

    def _check_public(self, url: httpx.URL, host: str, *, listed: bool, mixed: bool) -> None:
        if mixed:
            raise EndpointNotAllowed(
                f"{host} leads to public and private addresses at once: mend its DNS records"
            )
        if not listed:
            raise EndpointNotAllowed(
                f"{host} is not an address of this provider: whoever runs InfraZen may add it to "
                "INFRAZEN_ALLOWED_ENDPOINTS"
            )
        if url.scheme != "https":
            raise EndpointNotAllowed(f"{host} must be reached by https://, not by http://")

    async def _resolved(self, host: str, port: int) -> tuple[str, ...]:
        try:
            return (str(ip_address(host)),)
        except ValueError:
            pass
        if _NUMERIC.match(host):
            raise EndpointNotAllowed(
                f"{host} is an unusual way to write an address: write four numbers, like 127.0.0.1"
            )
        try:
            found = tuple(await self.resolve(host, port))
        except (OSError, UnicodeError):
            found = ()
        if not found:
            raise ProviderUnavailable(f"there is no host {host}: check the address and the DNS")
        return found
