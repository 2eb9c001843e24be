"""What to answer under ``/api`` where no route does."""

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.routing import Match

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def answer_the_rest(api: FastAPI) -> None:
    """405 for a path that other methods know, with ``Allow``; 404 for the rest.

    Call it after all routes are there. Without it these requests would fall through to
    whatever is mounted behind the API.
    """
    known = tuple(api.routes)

    def refuse(request: Request) -> None:
        allowed = [
            method
            for method in _METHODS
            if any(
                route.matches({**request.scope, "method": method})[0] is Match.FULL
                for route in known
            )
        ]
        if allowed:
            raise HTTPException(
                405, f"this path takes {', '.join(allowed)}", {"Allow": ", ".join(allowed)}
            )
        raise HTTPException(404, "the API has no such path")

    for path in ("/api", "/api/{path:path}"):
        api.add_api_route(
            path, refuse, methods=[*_METHODS, "HEAD", "OPTIONS", "TRACE"], include_in_schema=False
        )
