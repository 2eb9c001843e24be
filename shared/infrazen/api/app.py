"""The FastAPI application."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from infrazen import __version__
from infrazen.api import documentation, problems
from infrazen.api.body_limit import BodyLimit
from infrazen.api.envelope import Envelope
from infrazen.api.routers import audit, auth, me, operations, organization, tokens, users

_ALL_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
ROUTERS: tuple[APIRouter, ...] = (
    me.router,
    organization.router,
    users.router,
    tokens.router,
    audit.router,
)
"""Everything under ``/api/v1``; each route needs a caller."""


def create_api() -> FastAPI:
    """The API: ``/api``, ``/healthz``, ``/readyz`` and ``/metrics``.

    Other applications may be mounted after it; it leaves their paths alone.
    """
    api = FastAPI(
        title="InfraZen API",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_operation_id,
    )
    problems.handle_problems(api)
    api.add_middleware(BodyLimit)
    api.add_middleware(Envelope)
    api.include_router(auth.router)
    usual = problems.documented(401, 403, 413, 422, 503)
    for router in ROUTERS:
        api.include_router(router, prefix="/api/v1", responses=usual)
    api.include_router(operations.router)
    _document(api)
    for path in ("/api", "/api/{path:path}"):
        api.add_api_route(path, _unknown, methods=_ALL_METHODS, include_in_schema=False)
    api.openapi = lambda: documentation.describe(api)  # type: ignore[method-assign]
    return api


def _document(api: FastAPI) -> None:
    @api.get("/api/openapi.json", include_in_schema=False)
    def openapi() -> dict[str, Any]:
        return documentation.describe(api)

    @api.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
        return HTMLResponse(
            documentation.page(documentation.describe(api)),
            headers={"Content-Security-Policy": policy},
        )


def _unknown(request: Request) -> None:
    """Say 405 for a path that other methods know and 404 for the rest.

    Without it these would fall through to what is mounted behind the API.
    """
    for route in request.app.routes:
        match, _ = route.matches(request.scope)
        if match is Match.PARTIAL:
            raise HTTPException(405, "this path takes other methods")
    raise HTTPException(404, "the API has no such path")


def _operation_id(route: APIRoute) -> str:
    first, *rest = route.name.split("_")
    return first + "".join(part.capitalize() for part in rest)
