"""Who sits behind a browser's session cookie, looked up anew every few seconds."""

import asyncio
import dataclasses
import time
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import Protocol

from infrazen.security.sessions import SESSION_COOKIE
from infrazen.security.tokens import digest
from infrazen.services.sign_in import Principal, principal_for_session

TRUST_SECONDS = 5.0
_MOST_REMEMBERED = 10_000


class Lookup(Protocol):
    """Finds whom a raw session token belongs to; None where it is unknown or has ended."""

    def __call__(self, token: str, /) -> Principal | None:
        """Look in the database."""


class Visitors:
    """Remembers who a token belongs to for ``trust`` seconds, by its digest only.

    Whoever is disabled or signed out elsewhere is therefore out that soon.
    """

    def __init__(self, lookup: Lookup, *, trust: float = TRUST_SECONDS) -> None:
        self._lookup = lookup
        self._trust = trust
        self._known: dict[str, tuple[float, Principal | None]] = {}

    async def find(self, token: str, *, address: str = "") -> Principal | None:
        """Whose raw session token this is, acting from ``address``; None for nobody."""
        if not token:
            return None
        key = digest(token)
        known = self._known.get(key)
        if known is None or known[0] <= time.monotonic():
            found = await asyncio.to_thread(self._lookup, token)
            self._remember(key, found)
        else:
            found = known[1]
        return found and _from(found, address)

    def forget(self, token: str | None = None) -> None:
        """Look up anew whose raw session token this is; everybody where None."""
        if token is None:
            self._known.clear()
        else:
            self._known.pop(digest(token), None)

    def _remember(self, key: str, found: Principal | None) -> None:
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        self._known[key] = (time.monotonic() + self._trust, found)


@cache
def visitors() -> Visitors:
    """Who is signed in, of this process."""
    return Visitors(principal_for_session)


def session_cookie(header: str) -> str:
    """The raw session token in a ``Cookie`` header, empty where there is none."""
    jar = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return ""
    return jar[SESSION_COOKIE].value if SESSION_COOKIE in jar else ""


def _from(principal: Principal, address: str) -> Principal:
    if principal.actor.address == address:
        return principal
    return dataclasses.replace(
        principal, actor=dataclasses.replace(principal.actor, address=address)
    )
