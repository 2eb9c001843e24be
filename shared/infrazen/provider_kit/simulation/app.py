"""A simulator as an ASGI application: its API, its faults, its control routes."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Message, Receive, Scope, Send

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.provider_kit.simulation.faults import Fault, Faults, Kind, changed_body
from infrazen.provider_kit.simulation.simulator import WORLDS, Setting, Simulator

CONTROL = "/_simulator"
_REMEMBERED_REQUESTS = 20_000
_HTML = "<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1>"


class Asked(msgspec.Struct, frozen=True):
    """A request that came in: never its query, body or headers."""

    method: str
    path: str
    status: int


class SimulatorApp:
    """Serves ``simulator``; every request may meet a fault first, and is remembered."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._faults = Faults()
        self._asked: deque[Asked] = deque(maxlen=_REMEMBERED_REQUESTS)
        control = Mount(CONTROL, routes=self._control_routes())
        self._app = Starlette(routes=[control, *simulator.routes()])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(CONTROL):
            await self._app(scope, receive, send)
            return

        async def remember(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._asked.append(Asked(scope["method"], scope["path"], message["status"]))
            await send(message)

        fault = self._faults.take(scope["path"])
        if fault is None:
            await self._app(scope, receive, remember)
        else:
            await self._answer_badly(fault, scope, receive, remember)

    async def _answer_badly(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._bad_response(fault, Request(scope, receive))
        if response is not None:
            await response(scope, receive, send)
            return
        if fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.seconds)
        if fault.kind is Kind.DISCONNECT:
            await _break_off(send)
            return
        await self._app(scope, receive, _changing(fault.kind, send))

    def _bad_response(self, fault: Fault, request: Request) -> Response | None:
        match fault.kind:
            case Kind.THROTTLE:
                headers = {"Retry-After": f"{fault.seconds:.0f}"}
                return Response("slow down", status_code=429, headers=headers)
            case Kind.ERROR:
                return Response("internal error", status_code=fault.status)
            case Kind.HTML:
                return HTMLResponse(_HTML)
            case Kind.REDIRECT:
                return RedirectResponse("https://elsewhere.example/")
            case kind:
                return self._simulator.refusal(kind, request)

    def _control_routes(self) -> list[Route]:
        return [
            Route("/state", self._state),
            Route("/reset", self._reset, methods=["POST"]),
            Route("/faults", self._add_fault, methods=["POST"]),
            Route("/faults", self._clear_faults, methods=["DELETE"]),
            Route("/requests", self._requests),
            Route("/requests", self._forget_requests, methods=["DELETE"]),
            Route("/records/{collection}", self._list_ids),
            Route("/records/{collection}/{id:path}", self._get_record),
            Route("/records/{collection}/{id:path}", self._put_record, methods=["PUT"]),
            Route("/records/{collection}/{id:path}", self._patch_record, methods=["PATCH"]),
            Route("/records/{collection}/{id:path}", self._remove_record, methods=["DELETE"]),
        ]

    async def _state(self, _request: Request) -> Response:
        simulator = self._simulator
        return _json(
            {
                "setting": simulator.setting,
                "collections": {name: len(kept) for name, kept in simulator.collections.items()},
                "faults": self._faults.standing,
                "requests": len(self._asked),
                "listing": simulator.listing,
                "closable": simulator.closable,
                "hands_out_secrets": simulator.hands_out_secrets,
            }
        )

    async def _reset(self, request: Request) -> Response:
        setting = await _read(request, Setting)
        if isinstance(setting, Response):
            return setting
        if setting.world not in WORLDS:
            return _json({"error": f"no world {setting.world}; known: {', '.join(WORLDS)}"}, 400)
        self._simulator.load(setting)
        self._faults.clear()
        self._asked.clear()
        return await self._state(request)

    async def _add_fault(self, request: Request) -> Response:
        fault = await _read(request, Fault)
        if isinstance(fault, Response):
            return fault
        self._faults.add(fault)
        return _json(self._faults.standing)

    async def _clear_faults(self, _request: Request) -> Response:
        self._faults.clear()
        return _json([])

    async def _requests(self, _request: Request) -> Response:
        return _json(list(self._asked))

    async def _forget_requests(self, _request: Request) -> Response:
        self._asked.clear()
        return _json([])

    async def _list_ids(self, request: Request) -> Response:
        kept = self._simulator.collections.get(request.path_params["collection"])
        return _missing("collection") if kept is None else _json(kept.ids())

    async def _get_record(self, request: Request) -> Response:
        return self._with_record(request, lambda kept, name: kept.get(name))

    async def _put_record(self, request: Request) -> Response:
        record = await _read(request, dict[str, Any])
        if isinstance(record, Response):
            return record
        kept = self._simulator.collections.get(request.path_params["collection"])
        if kept is None:
            return _missing("collection")
        kept.put(request.path_params["id"], record)
        return _json(record)

    async def _patch_record(self, request: Request) -> Response:
        changes = await _read(request, dict[str, Any])
        if isinstance(changes, Response):
            return changes
        return self._with_record(request, lambda kept, name: kept.patch(name, changes))

    async def _remove_record(self, request: Request) -> Response:
        return self._with_record(request, lambda kept, name: {} if kept.remove(name) else None)

    def _with_record(
        self, request: Request, act: Callable[[Collection, str], Record | None]
    ) -> Response:
        kept = self._simulator.collections.get(request.path_params["collection"])
        record = None if kept is None else act(kept, request.path_params["id"])
        return _missing("record") if record is None else _json(record)


def _changing(kind: Kind, send: Send) -> Send:
    """A ``send`` that changes the body on its way, as ``kind`` says."""
    start: Message = {}
    parts: list[bytes] = []

    async def change(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
            return
        parts.append(message.get("body", b""))
        if message.get("more_body"):
            return
        body = changed_body(kind, b"".join(parts))
        kept = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await send({**start, "headers": [*kept, length]})
        await send({"type": "http.response.body", "body": body})

    return change


async def _break_off(send: Send) -> None:
    """Promise more than comes; the server then drops the connection."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1000")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"half":', "more_body": True})


async def _read(request: Request, type: Any) -> Any:
    """The body as ``type``, or the response that says what is wrong with it."""
    try:
        return msgspec.json.decode(await request.body() or b"{}", type=type)
    except msgspec.DecodeError as error:
        return _json({"error": str(error)}, 400)


def _missing(what: str) -> Response:
    return _json({"error": f"no such {what}"}, 404)


def _json(value: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status, media_type="application/json")
