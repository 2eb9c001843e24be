"""One port for ``/metrics``, ``/healthz`` and ``/readyz``."""

import asyncio
import logging
import socket
import socketserver
import threading
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import TimeoutError as Late
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from prometheus_client import CONTENT_TYPE_LATEST

logger = logging.getLogger(__name__)

PATIENCE = 5.0
"""Seconds in which the event loop must answer; one that does not is stuck."""


class Answer(NamedTuple):
    """What a probe says."""

    status: HTTPStatus
    body: bytes
    content_type: str = "text/plain; charset=utf-8"


Page = Callable[[], Awaitable[Answer]]


def well(*, ok: bool, text: str) -> Answer:
    """A probe's answer: 200 or 503, and why."""
    status = HTTPStatus.OK if ok else HTTPStatus.SERVICE_UNAVAILABLE
    return Answer(status, f"{text}\n".encode())


def figures(text: bytes) -> Answer:
    """The answer with metrics."""
    return Answer(HTTPStatus.OK, text, CONTENT_TYPE_LATEST)


class _Server(ThreadingHTTPServer):
    """Listens on every address, IPv4 and IPv6, or on what of them the machine knows."""

    address_family = socket.AF_INET6 if socket.has_dualstack_ipv6() else socket.AF_INET
    daemon_threads = True

    def server_bind(self) -> None:
        """Take the port; the name of the machine, which DNS might be asked for, is not needed."""
        if self.address_family == socket.AF_INET6:
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "", self.socket.getsockname()[1]


class Probes:
    """Serves ``pages`` from threads, each answered by the event loop of this process."""

    def __init__(self, pages: Mapping[str, Page], *, port: int) -> None:
        loop = asyncio.get_running_loop()

        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_GET(self) -> None:
                page = pages.get(self.path.partition("?")[0])
                answer = (
                    _asked(page, loop) if page else Answer(HTTPStatus.NOT_FOUND, b"not found\n")
                )
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: Any) -> None:
                logger.debug(format, *args)

        self._server = _Server(("", port), Handler)
        threading.Thread(target=self._server.serve_forever, name="probes", daemon=True).start()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._server.server_port

    def close(self) -> None:
        """Stop answering."""
        self._server.shutdown()
        self._server.server_close()


def _asked(page: Page, loop: asyncio.AbstractEventLoop) -> Answer:
    async def answer() -> Answer:
        return await page()

    try:
        return asyncio.run_coroutine_threadsafe(answer(), loop).result(PATIENCE)
    except (Late, RuntimeError):
        return well(ok=False, text="the event loop does not answer")
