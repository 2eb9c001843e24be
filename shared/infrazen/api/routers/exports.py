"""What is on a screen as a file."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from infrazen.api.audit_query import AuditQuery
from infrazen.api.caller import Caller
from infrazen.api.permissions import needs
from infrazen.api.recommendation_query import RecommendationQuery
from infrazen.api.resource_query import FileQuery
from infrazen.domain.roles import Permission
from infrazen.services import audit, exports

router = APIRouter(prefix="/exports", tags=["exports"])

_needs = needs(Permission.EXPORT)
_file: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "RFC 4180 with a header and a byte order mark; decimals with a point.",
        "content": {"text/csv": {"schema": {"type": "string"}}},
    }
}


@router.get("/resources.csv", response_class=Response, responses=_file, openapi_extra=_needs)
def export_resources(caller: Caller, query: Annotated[FileQuery, Query()]) -> Response:
    """Every resource that a filter finds, as CSV."""
    text = exports.export_resources(
        caller.actor,
        wanted=query.wanted,
        sort=query.sort,
        descending=query.descending,
        columns=query.column,
    )
    return _csv(text, "infrazen-resources.csv")


@router.get("/recommendations.csv", response_class=Response, responses=_file, openapi_extra=_needs)
def export_recommendations(
    caller: Caller, query: Annotated[RecommendationQuery, Query()]
) -> Response:
    """Every recommendation that a filter finds, the largest savings first, as CSV."""
    text = exports.export_recommendations(caller.actor, wanted=query.wanted)
    return _csv(text, "infrazen-recommendations.csv")


@router.get("/costs.csv", response_class=Response, responses=_file, openapi_extra=_needs)
def export_costs(
    caller: Caller,
    days: Annotated[int, Query(ge=1, le=400, description="The last days, today included.")] = 30,
) -> Response:
    """Expenses by day, connection and currency, as CSV."""
    text = exports.export_costs(caller.actor, days=days)
    return _csv(text, f"infrazen-costs-{days}-days.csv")


@router.get(
    "/audit.csv",
    response_class=Response,
    responses=_file,
    openapi_extra=needs(Permission.AUDIT_READ),
)
def export_audit(caller: Caller, query: Annotated[AuditQuery, Query()]) -> Response:
    """Every event of the audit log that a filter finds, as CSV."""
    text = audit.export_events(caller.actor, wanted=query.wanted)
    return _csv(text, "infrazen-audit.csv")


def _csv(text: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)
