"""The FastAPI application."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from infrazen import __version__
from infrazen.api import documentation, problems
from infrazen.api.body_limit import BodyLimit
from infrazen.api.envelope import Envelope
from infrazen.api.leftovers import answer_the_rest
from infrazen.api.rate_limit import RateLimit
from infrazen.api.routers import (
    audit,
    auth,
    connection_facts,
    connections,
    costs,
    demo,
    exports,
    founding,
    me,
    operations,
    organization,
    providers,
    recommendations,
    resource_changes,
    resource_notes,
    resource_overrides,
    resources,
    snapshots,
    syncs,
    tokens,
    users,
    views,
)

ROUTERS: tuple[APIRouter, ...] = (
    providers.router,
    connections.router,
    connection_facts.router,
    syncs.router,
    snapshots.router,
    resources.router,
    resource_notes.router,
    resource_changes.router,
    resource_overrides.router,
    recommendations.router,
    costs.router,
    exports.router,
    me.router,
    organization.router,
    users.router,
    tokens.router,
    views.router,
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
    api.add_middleware(RateLimit)
    api.add_middleware(Envelope)
    api.include_router(auth.router)
    usual = problems.documented(400, 401, 403, 413, 422, 429, 503)
    for router in ROUTERS:
        api.include_router(router, prefix="/api/v1", responses=usual)
    api.include_router(founding.router, prefix="/api", responses=usual)
    api.include_router(demo.router)
    api.include_router(operations.router)
    _document(api)
    answer_the_rest(api)
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


def _operation_id(route: APIRoute) -> str:
    first, *rest = route.name.split("_")
    return first + "".join(part.capitalize() for part in rest)
