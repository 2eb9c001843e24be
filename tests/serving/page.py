"""A small application to be served: a page, a websocket, and a note of its lifespan."""

import os
from pathlib import Path


async def _application(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        _note("started")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        _note("ended")
        await send({"type": "lifespan.shutdown.complete"})
    elif scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "hello"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})


def _note(word):
    with Path(os.environ["NOTES"]).open("a") as notes:
        notes.write(f"{word}\n")


def app():
    return _application
