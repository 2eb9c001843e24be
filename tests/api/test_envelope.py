"""What is around every answer."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from infrazen.api import create_api
from infrazen.settings import settings
from tests.api.conftest import ApiClient


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/me", "/api/nothing", "/api/openapi.json"])
def test_every_answer_has_safe_headers(api, path):
    headers = api.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "strict-transport-security" not in headers
    assert len(headers["x-request-id"]) == 32


def test_https_is_asked_to_stay(api, monkeypatch):
    monkeypatch.setenv("INFRAZEN_PUBLIC_URL", "https://infrazen.example")
    settings.cache_clear()
    assert api.get("/healthz").headers["strict-transport-security"] == "max-age=31536000"


def test_what_is_mounted_behind_the_api_is_left_alone(database):
    behind = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("the interface"))])
    api = create_api()
    api.router.routes.append(Mount("", behind))
    with asyncio.Runner() as runner:
        client = ApiClient(api, runner)
        page = client.get("/connections")
        assert page.text == "the interface"
        assert "x-request-id" not in page.headers
        assert "cache-control" not in page.headers
        assert client.get("/apiary").text == "the interface"
        assert client.get("/api/nothing").json()["reason"] == "NotFound"
        assert client.request("DELETE", "/api/v1/me").status_code == 405
        assert client.get("/healthz").json() == {"status": "ok"}
