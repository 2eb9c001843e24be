"""The API over ASGI, without a server between."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from infrazen.api import create_api
from infrazen.providers import all_providers
from infrazen.security.sessions import SESSION_COOKIE
from tests.api.offline import offline_providers

BASE = "http://infrazen.test"


class ApiClient:
    """Calls the API from one address and keeps cookies like a browser."""

    def __init__(self, app: Any, runner: asyncio.Runner, *, address: str = "192.0.2.7") -> None:
        self.app = app
        self._runner = runner
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(address, 50_000)), base_url=BASE
        )

    def at(self, address: str = "192.0.2.7") -> "ApiClient":
        """Another client of the same API, with no cookies."""
        return ApiClient(self.app, self._runner, address=address)

    def as_session(self, cookie: str) -> "ApiClient":
        """A client that holds the session ``cookie``."""
        other = self.at()
        other.http.cookies.set(SESSION_COOKIE, cookie)
        return other

    def as_token(self, token: str) -> "ApiClient":
        """A client that sends an API token."""
        other = self.at()
        other.http.headers["Authorization"] = f"Bearer {token}"
        return other

    def request(
        self, method: str, path: str, *, origin: str | None = BASE, **options: Any
    ) -> httpx.Response:
        """One request, with the ``Origin`` that the page of a browser would send."""
        headers = dict(options.pop("headers", {}))
        if origin is not None:
            headers["Origin"] = origin
        return self._runner.run(self.http.request(method, path, headers=headers, **options))

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


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks a real cloud; a simulator is asked where a connection names it."""
    for slug, spec in offline_providers().items():
        monkeypatch.setitem(all_providers(), slug, spec)


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """The API, whose routes take longer to build than most tests to run."""
    return create_api()


@pytest.fixture
def api(database, app: FastAPI) -> Iterator[ApiClient]:
    """The API on an empty database, called by nobody."""
    app.middleware_stack = None  # what it counts begins anew
    with asyncio.Runner() as runner:
        yield ApiClient(app, runner)
