"""The HTTP gate: sign-in or the demo before pages, safe headers, caching, and no way to upload.

Reflex's own upload route believes whoever knows a tab's token; InfraZen uploads nothing
through it, so it is closed altogether.
"""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infrazen.api import envelope
from infrazen.settings import settings
from infrazen_ui.gate.demo import DEMO, at_the_door, is_stranger, let_in
from infrazen_ui.gate.policy import content_policy
from infrazen_ui.layout.page import PUBLIC_ROUTES

_NOT_PAGES = frozenset({"assets", "_event", "ping", "_health"})
_IMMUTABLE = "public, max-age=31536000, immutable"
_YEAR = 31_536_000


def gate(app: ASGIApp) -> ASGIApp:
    """Put the gate before ``app``."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        send = _with_headers(scope, send)
        if _segment(scope) == "_upload":
            await _closed(scope, receive, send)
        elif _is_page(scope) and _path(scope) == DEMO.strip("/"):
            await at_the_door(app, scope, receive, send)
        elif _needs_somebody(scope) and await is_stranger(scope):
            await let_in(app, scope, receive, send)
        else:
            await app(scope, receive, send)

    return guarded


def _segment(scope: Scope) -> str:
    return scope["path"].lstrip("/").partition("/")[0]


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.strip("/")


def _is_page(scope: Scope) -> bool:
    return (
        scope["method"] in ("GET", "HEAD")
        and "text/html" in Headers(scope=scope).get("accept", "")
        and _segment(scope) not in _NOT_PAGES
        and not envelope.is_ours(scope["path"])
        and "." not in _path(scope).rpartition("/")[2]
    )


def _needs_somebody(scope: Scope) -> bool:
    """Whether a page is not for strangers; what a stale cookie opens stays empty."""
    return _is_page(scope) and _path(scope) not in {route.strip("/") for route in PUBLIC_ROUTES}


async def _closed(scope: Scope, receive: Receive, send: Send) -> None:
    problem = {"type": "about:blank", "title": "Not found", "status": 404}
    answer = JSONResponse(problem, 404, media_type="application/problem+json")
    await answer(scope, receive, send)


def _with_headers(scope: Scope, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            _secure(scope, MutableHeaders(scope=message))
        await send(message)

    return sending


def _secure(scope: Scope, headers: MutableHeaders) -> None:
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    public = settings().public_url
    if public is not None and public.scheme == "https":
        headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if headers.get("content-type", "").startswith("text/html"):
        host = Headers(scope=scope).get("host", "")
        headers.setdefault("Content-Security-Policy", content_policy(host))
    if _segment(scope) == "assets":
        headers["Cache-Control"] = _IMMUTABLE
    else:
        headers.setdefault("Cache-Control", "no-cache")
