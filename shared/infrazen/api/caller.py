"""Who calls: a session cookie or an API token, turned into a principal."""

from typing import Annotated

from fastapi import Cookie, Depends, Request, Response, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from infrazen.api.client import check_origin, client_address
from infrazen.domain.periods import utc_now
from infrazen.errors import Unauthenticated
from infrazen.security.sessions import SESSION_COOKIE
from infrazen.services.sign_in import (
    Principal,
    SignedIn,
    principal_for_session,
    principal_for_token,
)
from infrazen.settings import settings

_cookie = APIKeyCookie(
    name=SESSION_COOKIE,
    scheme_name="session",
    description="The browser's session; changes also need the page's own `Origin`.",
    auto_error=False,
)
_bearer = HTTPBearer(
    scheme_name="token",
    description="An API token from the settings page, within its scopes and until it expires.",
    auto_error=False,
)


def principal(
    request: Request,
    cookie: Annotated[str | None, Security(_cookie)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Principal:
    """Who calls, or ``Unauthenticated``; a token goes before a cookie."""
    address = client_address(request)
    found = None
    if bearer is not None:
        found = principal_for_token(bearer.credentials, address=address)
    elif cookie:
        check_origin(request, required=True)
        found = principal_for_session(cookie, address=address)
    if found is None:
        raise Unauthenticated("sign in, or send a valid API token")
    return found


Caller = Annotated[Principal, Depends(principal)]
"""A route's signed-in caller: ``caller.actor`` goes to the use case."""

SessionCookie = Annotated[str, Cookie(alias=SESSION_COOKIE, include_in_schema=False)]
"""The raw session cookie, for the few routes that act on the session itself."""


def set_session_cookie(response: Response, signed_in: SignedIn) -> None:
    """Hand a fresh session to the browser; no script can read it."""
    response.set_cookie(
        SESSION_COOKIE,
        signed_in.cookie,
        max_age=max(0, int((signed_in.expires_at - utc_now()).total_seconds())),
        path="/",
        secure=_is_https(),
        httponly=True,
        samesite="lax",
    )


def clear_session_cookie(response: Response) -> None:
    """Take the session away from the browser."""
    response.delete_cookie(
        SESSION_COOKIE, path="/", secure=_is_https(), httponly=True, samesite="lax"
    )


def _is_https() -> bool:
    public = settings().public_url
    return public is not None and public.scheme == "https"
