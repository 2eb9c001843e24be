"""The lifespan part of ASGI: telling an application that it starts and that it ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


@asynccontextmanager
async def lifespan(application: Application) -> AsyncIterator[None]:
    """Start ``application``, and end it after the block; raise what its start raises."""
    told: asyncio.Queue[Message] = asyncio.Queue()
    heard: asyncio.Queue[Message] = asyncio.Queue()
    running = asyncio.ensure_future(
        application({"type": "lifespan", "asgi": {"version": "3.0"}}, told.get, heard.put)
    )
    await told.put({"type": "lifespan.startup"})
    await _answered(running, heard)
    yield
    await told.put({"type": "lifespan.shutdown"})
    await _answered(running, heard)
    await running


async def _answered(running: asyncio.Future[None], heard: asyncio.Queue[Message]) -> None:
    answer = asyncio.ensure_future(heard.get())
    waiting: set[asyncio.Future[Any]] = {running, answer}
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        answer.cancel()
        running.result()
    elif answer.result()["type"].endswith(".failed"):
        raise RuntimeError(answer.result().get("message") or "the application did not start")
