"""Where a request comes from, as far as a client cannot choose it."""

import ipaddress


def plain_address(address: str) -> str:
    """An IPv4 address as such: a socket of both families hands it out as one of IPv6."""
    try:
        mapped = getattr(ipaddress.ip_address(address), "ipv4_mapped", None)
    except ValueError:
        return address
    return address if mapped is None else str(mapped)


def network_of(address: str) -> str:
    """The address that one client can't change at will: all of IPv4, /64 of IPv6."""
    try:
        parsed = ipaddress.ip_address(plain_address(address))
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
