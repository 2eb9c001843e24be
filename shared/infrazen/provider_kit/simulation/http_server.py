"""A small HTTP/1.1 server for one ASGI application, in one process and one thread.

A simulator must start at once, stay small, end without a trace, and break a connection in
the middle of an answer when told to; the servers made for real load do none of the last.
"""

import asyncio
import socket
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import h11
from starlette.types import ASGIApp, Message, Receive, Scope

_CHUNK = 256 * 1024
_LONGEST_BODY = 16 * 1024 * 1024
_ENDED = (
    h11.RemoteProtocolError,
    asyncio.IncompleteReadError,
    asyncio.CancelledError,  # we are stopping, and asyncio's streams would complain of it
    ConnectionError,
    TimeoutError,
)


class HttpServer:
    """Serves ``app`` on one address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._connections: set[asyncio.Task[None]] = set()

    async def start(self, host: str, port: int, *, held: socket.socket | None = None) -> int:
        """Listen; the port, which is a free one where ``port`` is 0. Raises ``OSError``.

        ``held`` is a socket that listens already.
        """
        place: dict[str, Any] = {"sock": held} if held else {"host": host, "port": port}
        self._server = await asyncio.start_server(self._serve, **place)
        bound: int = self._server.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Listen no more and drop every connection."""
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._connections.add(task)
            task.add_done_callback(self._connections.discard)
        try:
            await _Connection(self._app, reader, writer).serve()
        except _ENDED:
            pass
        finally:
            writer.close()


class _Connection:
    def __init__(
        self, app: ASGIApp, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._app = app
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)
        self._is_head = False

    async def serve(self) -> None:
        """Answer requests until either side has had enough."""
        while True:
            request = await self._event()
            if not isinstance(request, h11.Request):
                return
            self._is_head = request.method == b"HEAD"
            body = await self._body()
            await self._app(_scope(request), _receive(body), self._send)
            if self._http.our_state is not h11.DONE:
                self._writer.transport.abort()
                return
            if self._http.their_state is not h11.DONE:
                return
            self._http.start_next_cycle()

    async def _event(self) -> object:
        while True:
            event = self._http.next_event()
            if event is not h11.NEED_DATA:
                return event
            if self._http.they_are_waiting_for_100_continue:
                self._write(h11.InformationalResponse(status_code=100, headers=[]))
            self._http.receive_data(await self._reader.read(_CHUNK))

    async def _body(self) -> bytes:
        parts, size = [], 0
        while isinstance(event := await self._event(), h11.Data):
            parts.append(bytes(event.data))
            size += len(event.data)
            if size > _LONGEST_BODY:
                raise ConnectionAbortedError
        return b"".join(parts)

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            status = message["status"]
            headers: Sequence[tuple[bytes, bytes]] = message["headers"]
            reason = HTTPStatus(status).phrase.encode()
            self._write(h11.Response(status_code=status, headers=list(headers), reason=reason))
            return
        if (body := message.get("body")) and not self._is_head:
            self._write(h11.Data(data=body))
        if not message.get("more_body"):
            self._write(h11.EndOfMessage())
        await self._writer.drain()

    def _write(self, event: h11.Event) -> None:
        data = self._http.send(event)
        if data:
            self._writer.write(data)


def _scope(request: h11.Request) -> Scope:
    path, _, query = request.target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method.decode("ascii"),
        "scheme": "http",
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(name, value) for name, value in request.headers],
    }


def _receive(body: bytes) -> Receive:
    """The whole body at once; after it, the client is gone."""
    messages = iter(({"type": "http.request", "body": body, "more_body": False},))

    async def receive() -> Message:
        return next(messages, {"type": "http.disconnect"})

    return receive
