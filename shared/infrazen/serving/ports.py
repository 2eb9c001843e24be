"""Finding a port to listen on, and holding it until something answers there."""

import socket
from contextlib import suppress

from infrazen.errors import Conflict

FIRST_PORT = 8000
PORTS_TRIED = 11
EVERYWHERE = "::"
"""Every address of this machine, IPv4 and IPv6."""
_EVERY_IPV4 = "0.0.0.0"  # noqa: S104 (somebody asked for every address)
_BACKLOG = 2048


def hold_port(*, host: str, wanted: int | None, first: int = FIRST_PORT) -> socket.socket:
    """A socket that listens on ``wanted``; where None, on the first free port from ``first``.

    Nobody else gets that port from now on, however long the start takes: who connects
    meanwhile waits. ``EVERYWHERE`` as ``host`` takes IPv4 alone where the machine knows no
    IPv6. Raises ``Conflict`` where what is wanted is taken.
    """
    ports = range(first, first + PORTS_TRIED) if wanted is None else (wanted,)
    for port in ports:
        with suppress(OSError):
            return _listen(host, port)
    if wanted is not None:
        raise Conflict(f"port {wanted} is taken: stop what uses it, or choose another with --port")
    raise Conflict(
        f"the ports {first} to {first + PORTS_TRIED - 1} are all taken: choose one with --port"
    )


def port_of(listener: socket.socket) -> int:
    """The port that ``listener`` holds."""
    port: int = listener.getsockname()[1]
    return port


def _listen(host: str, port: int) -> socket.socket:
    if host == EVERYWHERE and not socket.has_dualstack_ipv6():
        host = _EVERY_IPV4
    is_ipv6 = ":" in host
    listener = socket.socket(socket.AF_INET6 if is_ipv6 else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_ipv6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, host != EVERYWHERE)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
