"""The demo's door: a browser without a sign-in is let in where there is a demo to look at."""

import asyncio
import re
from urllib.parse import parse_qs, quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infrazen.api.caller import set_session_cookie
from infrazen.api.client import client_address
from infrazen.errors import NotFound, StorageUnavailable, TooManyAttempts
from infrazen.security.sessions import is_visit
from infrazen.services.demo import enter_demo
from infrazen.services.sign_in import SignedIn
from infrazen.settings import settings
from infrazen_ui.backend.visitors import session_cookie, visitors

DEMO, SIGN_IN = "/demo", "/login"


def way_in(path: str, query: str, cookie: str) -> str:
    """Where nobody's browser goes: to the demo, or to sign in again who was signed in."""
    if settings().demo and (not cookie or is_visit(cookie)):
        return _by_way_of(DEMO, path, query)
    return _by_way_of(SIGN_IN, path, query)


def _by_way_of(page: str, path: str, query: str) -> str:
    """The address of ``page`` that goes on to ``path`` with ``query``; home needs no saying."""
    wanted = f"{path}?{query}" if query else path
    if wanted.strip("/") == "" or path.strip("/") == page.strip("/"):
        return page
    return f"{page}?next={quote(wanted, safe='/')}"


async def is_stranger(scope: Scope) -> bool:
    """Whether a browser has no session, or a visit to the demo that has ended.

    While the database is silent a visit is believed: the page comes, and says so itself.
    """
    cookie = session_cookie(Headers(scope=scope).get("cookie", ""))
    return not cookie or (is_visit(cookie) and await _is_known(cookie) is False)


async def let_in(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Show a stranger the page they came for, in the demo; else the way in."""
    visit = await _visit(scope)
    if visit is not None:
        await app(scope, receive, _with_cookie(send, visit))
        return
    cookie = session_cookie(Headers(scope=scope).get("cookie", ""))
    target = way_in(scope["path"], scope["query_string"].decode(errors="replace"), cookie)
    await RedirectResponse(target, status_code=303)(scope, receive, send)


async def at_the_door(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Somebody asks for the demo: they go in, unless they are signed in; else they wait."""
    cookie = session_cookie(Headers(scope=scope).get("cookie", ""))
    target = own_page(scope["query_string"].decode(errors="replace"))
    if await _is_known(cookie):
        await RedirectResponse(target, status_code=303)(scope, receive, send)
        return
    visit = await _visit(scope)
    if visit is None:
        await app(scope, receive, send)
        return
    answer = RedirectResponse(target, status_code=303)
    set_session_cookie(answer, visit)
    await answer(scope, receive, send)


def own_page(query: str) -> str:
    """The page of ours that ``next`` in ``query`` names, home for anything else.

    Browsers take any number of slashes at the head for the start of a host's name.
    """
    wanted = parse_qs(query).get("next", ["/"])[0]
    is_ours = re.fullmatch(r"/(?![/\\])[^\\\x00-\x1f]*", wanted)
    return quote(wanted, safe="/?&=%") if is_ours else "/"


async def _is_known(cookie: str) -> bool | None:
    """Whether a cookie is somebody's; None while the database does not say."""
    try:
        return await visitors().find(cookie) is not None
    except StorageUnavailable:
        return None


async def _visit(scope: Scope) -> SignedIn | None:
    if scope["method"] != "GET":
        return None
    address = client_address(Request(scope))
    try:
        return await asyncio.to_thread(enter_demo, address=address)
    except (NotFound, TooManyAttempts, StorageUnavailable):
        return None


def _with_cookie(send: Send, visit: SignedIn) -> Send:
    answer = Response()
    set_session_cookie(answer, visit)
    cookie = answer.headers["set-cookie"]

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.append("set-cookie", cookie)
            headers["cache-control"] = "no-store"
        await send(message)

    return sending
