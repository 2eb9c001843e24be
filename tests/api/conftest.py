"""The API over ASGI, without a server between."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from infrazen.api import create_api

BASE = "http://infrazen.test"


class ApiClient:
    """Calls the API from one address and keeps cookies like a browser."""

    def __init__(self, app: Any, runner: asyncio.Runner, *, address: str = "192.0.2.7") -> None:
        self.app = app
        self._runner = runner
        transport = httpx.ASGITransport(app, client=(address, 50_000))
        self.http = httpx.AsyncClient(transport=transport, base_url=BASE)

    def from_address(self, address: str) -> "ApiClient":
        """A client of the same API at another address, with no cookies."""
        return ApiClient(self.app, self._runner, address=address)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request; a browser's ``Origin`` goes with it unless headers are given."""
        options.setdefault("headers", {"Origin": BASE})
        return self._runner.run(self.http.request(method, path, **options))

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> httpx.Response:
        return self.request("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> httpx.Response:
        return self.request("DELETE", path, **options)


@pytest.fixture
def api(database) -> Iterator[ApiClient]:
    """The API on an empty database."""
    with asyncio.Runner() as runner:
        client = ApiClient(create_api(), runner)
        yield client
        runner.run(client.http.aclose())
