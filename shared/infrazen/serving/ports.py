"""Finding a port to listen on."""

import socket

from infrazen.errors import Conflict

FIRST_PORT = 8000
PORTS_TRIED = 11


def free_port(*, host: str, wanted: int | None, first: int = FIRST_PORT) -> int:
    """``wanted`` if free, else ``Conflict``; where None, the first free from ``first``."""
    if wanted is not None:
        if not is_free(host=host, port=wanted):
            raise Conflict(
                f"port {wanted} is taken: stop what uses it, or choose another with --port"
            )
        return wanted
    for port in range(first, first + PORTS_TRIED):
        if is_free(host=host, port=port):
            return port
    raise Conflict(
        f"the ports {first} to {first + PORTS_TRIED - 1} are all taken: choose one with --port"
    )


def is_free(*, host: str, port: int) -> bool:
    """Whether something could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
