"""A client for a simulator's control routes."""

from datetime import datetime
from types import TracebackType
from typing import Any, Self

import httpx

from infrazen.provider_kit.simulation.app import CONTROL
from infrazen.provider_kit.simulation.faults import Kind


class SimulatorControl:
    """Turns the switches of the simulator at ``url``."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=f"{url}{CONTROL}", trust_env=False, timeout=60.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def state(self) -> dict[str, Any]:
        """Setting, collections with their sizes, standing faults, number of requests."""
        state: dict[str, Any] = self._ask("GET", "/state")
        return state

    def reset(
        self,
        world: str = "reference",
        *,
        size: int = 1000,
        seed: int = 1,
        secret: str | None = None,
        moment: datetime | None = None,
    ) -> None:
        """Begin anew: another account, no fault, no request remembered."""
        setting = {"world": world, "size": size, "seed": seed, "secret": secret}
        self._ask("POST", "/reset", setting | {"moment": moment and moment.isoformat()})

    def fault(self, kind: Kind, path: str = "*", **options: float | None) -> None:
        """Let ``kind`` happen to requests of ``path`` (a pattern); options as ``Fault``'s."""
        self._ask("POST", "/faults", {"kind": kind, "path": path, **options})

    def clear_faults(self) -> None:
        """Let everything work again."""
        self._ask("DELETE", "/faults")

    def requests(self) -> list[dict[str, Any]]:
        """``method``, ``path`` and ``status`` of every request since the last reset."""
        asked: list[dict[str, Any]] = self._ask("GET", "/requests")
        return asked

    def forget_requests(self) -> None:
        """Remember no request so far."""
        self._ask("DELETE", "/requests")

    def ids(self, collection: str) -> list[str]:
        """The ids in a collection, in order."""
        found: list[str] = self._ask("GET", f"/records/{collection}")
        return found

    def record(self, collection: str, id: str) -> dict[str, Any]:
        """One record."""
        found: dict[str, Any] = self._ask("GET", f"/records/{collection}/{id}")
        return found

    def put(self, collection: str, id: str, record: dict[str, Any]) -> None:
        """Add a record or replace it."""
        self._ask("PUT", f"/records/{collection}/{id}", record)

    def change(self, collection: str, id: str, changes: dict[str, Any]) -> None:
        """Merge ``changes`` into a record; null takes a field away."""
        self._ask("PATCH", f"/records/{collection}/{id}", changes)

    def remove(self, collection: str, id: str) -> None:
        """Take a record out."""
        self._ask("DELETE", f"/records/{collection}/{id}")

    def _ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        response = self._http.request(method, path, json=body)
        if response.is_error:
            raise RuntimeError(f"the simulator refused {method} {path}: {response.text}")
        return response.json()
