"""A bound on how often one caller may ask the API."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from infrazen.api import problems
from infrazen.api.client import client_address
from infrazen.errors import TooManyAttempts
from infrazen.security.networks import network_of
from infrazen.security.sessions import SESSION_COOKIE
from infrazen.security.tokens import digest
from infrazen.settings import settings

CALLERS_AN_ADDRESS = 10
"""So many times a caller's share goes to one address: an office shares one."""
MOST_KEYS = 20_000
_MINUTE = 60.0
_TOLERANCE = 1e-6  # seconds; sums of fractions are not exact


class RateLimit:
    """ASGI middleware: 429 for who asks too often, on the API's own paths.

    A caller is a token, else a session, else an address. Whatever it sends, an address as a
    whole has a bound too, so that made-up tokens gain nothing. Pages and their websocket
    are not counted, and neither are the probes. Each process counts for itself.
    """

    def __init__(self, app: ASGIApp, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._shares = Shares(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say how long to wait."""
        most = settings().api_requests_per_minute
        if scope["type"] != "http" or not most or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        address = network_of(client_address(request))
        wait = self._shares.take(
            {_caller(request, address): most, address: most * CALLERS_AN_ADDRESS}
        )
        if not wait:
            await self._app(scope, receive, send)
            return
        refusal = TooManyAttempts(
            f"more than {most} requests a minute: ask less often", retry_after=wait
        )
        await problems.of_error(refusal)(scope, receive, send)


class Shares:
    """How much of its share of a minute each key has used; what rests fills up evenly."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def take(self, most: Mapping[str, int]) -> int:
        """Count one request for every key, of which each has so many a minute.

        Whole seconds to wait where one of them has none left, and nothing is counted.
        """
        now = self._clock()
        after = {
            key: max(self._full_at.pop(key, now), now) + _MINUTE / share
            for key, share in most.items()
        }
        late = max(at - now for at in after.values()) - _MINUTE
        is_refused = late > _TOLERANCE
        for key, share in most.items():  # at the end: who was here last
            self._full_at[key] = after[key] - (_MINUTE / share if is_refused else 0.0)
        self._forget(now)
        return max(1, math.ceil(late)) if is_refused else 0

    def _forget(self, now: float) -> None:
        """Let go of the keys that were here longest ago: with their whole share, or too many.

        Only those at the head are looked at, so that a crowd of keys makes nobody slow.
        """
        while self._full_at:
            first = next(iter(self._full_at))
            if self._full_at[first] > now and len(self._full_at) <= MOST_KEYS:
                return
            self._full_at.popitem(last=False)


def _caller(request: Request, address: str) -> str:
    """Whoever ``caller.principal`` takes it for, whatever else the request says."""
    scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "bearer" or not token:
        token = request.cookies.get(SESSION_COOKIE, "")
    return digest(token) if token else f"nobody at {address}"
