"""From which pages a browser may talk to us: our own, and no other site's."""

from typing import Any
from urllib.parse import urlsplit

from reflex.constants import Env
from reflex_base.environment import environment

from infrazen.settings import settings

_DEVELOPMENT = ("http://localhost:3000", "http://127.0.0.1:3000")


def allowed_origins() -> list[str]:
    """Other origins than the server's own: the public address, and the page of ``make dev``."""
    public = settings().public_url
    origins = [] if public is None else [_origin(str(public))]
    if environment.REFLEX_ENV_MODE.get() == Env.DEV:
        origins += _DEVELOPMENT
    return origins


def may_connect(origin: str | None, request: dict[str, Any]) -> bool:
    """Whether a page of ``origin`` may open a socket; engine.io asks with its WSGI environ.

    A page may always talk to the host that it came from, whatever name or port that has.
    Programs send no origin: they need the session cookie, which no page can steal.
    """
    if origin is None:
        return True
    return urlsplit(origin).netloc == request.get("HTTP_HOST") or origin in allowed_origins()


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
