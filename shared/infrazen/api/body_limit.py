"""A bound on what the API reads."""

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infrazen.api import problems
from infrazen.api.envelope import is_ours

MOST_BYTES = 1_048_576
_TOO_LARGE = f"a request body has at most {MOST_BYTES:,} bytes"


class BodyLimit:
    """ASGI middleware: 413 for a larger body, announced or not, on the API's own paths."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse at once what is announced as too large, and stop reading what turns out so."""
        if scope["type"] != "http" or not is_ours(scope["path"]):
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdecimal() and int(announced) > MOST_BYTES:
            await problems.problem(413, "BodyTooLarge", _TOO_LARGE)(scope, receive, send)
            return
        read = 0

        async def receive_bounded() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                raise HTTPException(413, _TOO_LARGE)
            return message

        await self._app(scope, receive_bounded, send)
