"""What goes around every answer of the API: a request id, safe headers, a last resort."""

import logging
import re
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infrazen.api import problems
from infrazen.logs import request_id
from infrazen.settings import settings

logger = logging.getLogger(__name__)

_OURS = re.compile(r"/(?:api(?:/.*)?|healthz|readyz|metrics)")
_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


def is_ours(path: str) -> bool:
    """Whether ``path`` belongs to the API; the interface lives under all others."""
    return _OURS.fullmatch(path) is not None


class Envelope:
    """ASGI middleware for the API's own paths; leaves the interface's alone."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request under its id; an unexpected error becomes a problem."""
        if scope["type"] != "http" or not is_ours(scope["path"]):
            await self._app(scope, receive, send)
            return
        started = False

        async def send_sealed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _seal(message)
            await send(message)

        mark = request_id.set(_id_for(scope))
        try:
            await self._app(scope, receive, send_sealed)
        except Exception:
            logger.exception("%s %s failed unexpectedly", scope["method"], scope["path"])
            if started:
                raise
            await problems.unexpected()(scope, receive, send_sealed)
        finally:
            request_id.reset(mark)


def _id_for(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _SANE_ID.fullmatch(given) else uuid4().hex


def _seal(start: Message) -> None:
    headers = MutableHeaders(scope=start)
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    headers["x-request-id"] = request_id.get()
    public = settings().public_url
    if public is not None and public.scheme == "https":
        headers.setdefault("strict-transport-security", "max-age=31536000")
