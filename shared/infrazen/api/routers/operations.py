"""Probes and metrics for whoever runs the installation; nothing here names a customer."""

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import Field

from infrazen.api.client import is_this_machine
from infrazen.api.metrics import Exposition
from infrazen.api.problems import documented
from infrazen.api.schemas import Answer
from infrazen.errors import Unauthenticated
from infrazen.security.tokens import digest, matches
from infrazen.services.operations import Check, readiness
from infrazen.settings import settings

router = APIRouter(tags=["operations"])

_exposition = Exposition()
_monitor = HTTPBearer(
    scheme_name="metrics",
    description="INFRAZEN_METRICS_TOKEN; without one, only this machine itself may ask.",
    auto_error=False,
)


class Health(Answer):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(Answer):
    """What every request needs, and how it stands."""

    database: Check
    schema_: Annotated[Check, Field(serialization_alias="schema")]
    keys: Check


@router.get("/healthz")
def get_health() -> Health:
    """Whether the process is alive."""
    return Health()


@router.get(
    "/readyz", responses={503: {"model": Readiness, "description": "Not ready for requests."}}
)
def get_readiness(response: Response) -> Readiness:
    """Whether the database answers, its schema is current and the key ring is readable."""
    found = readiness()
    response.status_code = 200 if found.is_ready else 503
    return Readiness(database=found.database, schema_=found.schema, keys=found.keys)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, **documented(401, 503)},
    openapi_extra={"security": [{"metrics": []}, {}]},
)
def get_metrics(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_monitor)],
) -> Response:
    """Metrics in Prometheus' text format."""
    wanted = settings().metrics_token
    if wanted:
        allowed = bearer is not None and matches(
            bearer.credentials, digest(wanted.get_secret_value())
        )
    else:
        allowed = is_this_machine(request)
    if not allowed:
        raise Unauthenticated("send INFRAZEN_METRICS_TOKEN as a bearer token")
    return Response(_exposition.text(), media_type=CONTENT_TYPE_LATEST)
