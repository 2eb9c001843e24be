"""Browser tabs without a browser: websockets that say what a page says."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import socketio

from benchmarks.product import Site

NAMESPACE = "/_event"
STATE = "reflex___state____state"
HYDRATE = f"{STATE}.hydrate_and_load"
TURN_TO = f"{STATE}.reflex___state____on_load_internal_state.on_load_internal"
PATIENCE = 60
Update = dict[str, Any]


class Broken(Exception):
    """A page that said of itself that it could not be shown."""


@dataclass(slots=True)
class Tab:
    """A tab that is signed in; ``bytes`` is what it was sent for its last question."""

    bytes: int = 0
    _client: socketio.AsyncClient = field(
        default_factory=lambda: socketio.AsyncClient(reconnection=False)
    )
    _heard: asyncio.Queue[Update] = field(default_factory=asyncio.Queue)

    async def open(self, place: Site, address: str = "/") -> float:
        """Connect, and load the page at ``address``; seconds until all of it is there."""
        self._client.on("event", self._hear, namespace=NAMESPACE)
        await self._client.connect(
            f"{place.server.url}/?token={uuid4()}",
            headers={"Cookie": f"infrazen_session={place.cookie}"},
            transports=["websocket"],
            namespaces=[NAMESPACE],
            socketio_path=NAMESPACE,
            wait_timeout=PATIENCE,
        )
        return await self.ask(HYDRATE, address)

    async def go(self, address: str) -> float:
        """Turn to another page; seconds until all of it is there."""
        return await self.ask(TURN_TO, address)

    async def ask(
        self, name: str, address: str, is_answer: Callable[[Update], bool] | None = None
    ) -> float:
        """Send an event; seconds until an update that ``is_answer``, or until the page is there."""
        while not self._heard.empty():
            self._heard.get_nowait()
        self.bytes, started = 0, time.monotonic()
        path, _, query = address.partition("?")
        router_data = {"pathname": path, "query": dict(parse_qsl(query)), "asPath": address}
        event = {"name": name, "payload": {}, "router_data": router_data}
        await self._client.emit("event", event, namespace=NAMESPACE)
        async with asyncio.timeout(PATIENCE):
            while True:
                update = await self._heard.get()
                _refuse_broken(update, address)
                if (is_answer or is_there)(update):
                    return time.monotonic() - started

    async def close(self) -> None:
        """Leave."""
        await self._client.disconnect()
        if self._client.eio.http is not None:
            await self._client.eio.http.close()

    def _hear(self, said: Any) -> None:
        self.bytes += len(json.dumps(said, ensure_ascii=False).encode())
        self._heard.put_nowait(said if isinstance(said, dict) else json.loads(said))


def is_there(update: Update) -> bool:
    """Whether the page has been told all it asked for."""
    return bool(_delta(update).get(STATE, {}).get("is_hydrated_rx_state_"))


def has(update: Update, state: str) -> bool:
    """Whether something of the state whose name ends so has changed."""
    return any(name.endswith(state) for name in _delta(update))


def _delta(update: Update) -> dict[str, dict[str, Any]]:
    return update.get("delta") or {}


def _refuse_broken(update: Update, address: str) -> None:
    phases = [changed.get("phase_rx_state_") for changed in _delta(update).values()]
    if any(phase in ("failed", "forbidden", "gone") for phase in phases):
        raise Broken(f"{address} could not be shown")
