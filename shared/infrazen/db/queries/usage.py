"""Usage readings and their summaries: what a sync writes of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.inventory import Scope
from infrazen.db.tables.resources import ResourceMetricRow, ResourceUsageSummaryRow
from infrazen.domain.resources import UsageSeries
from infrazen.domain.usage import UsageSummary

_SUMMARY = (
    "resource_id",
    "metric",
    "unit",
    "capacity",
    "weight",
    "average",
    "maximum",
    "minimum",
    "latest",
    "average_percent",
    "maximum_percent",
    "trend",
    "tier",
    "points",
    "since",
    "until",
)


def insert_readings(session: Session, scope: Scope, series: Iterable[UsageSeries]) -> None:
    """Write readings; one that is there already stays."""
    rows = (
        (scope.id_of(one.resource), one.metric, point.at, point.value)
        for one in series
        for point in one.points
    )
    bulk.insert(
        session,
        ResourceMetricRow,
        ("resource_id", "metric", "at", "value"),
        rows,
        constants={"organization_id": scope.organization_id},
        on_conflict=bulk.ignore(),
    )


def replace_summaries(
    session: Session, scope: Scope, summaries: Iterable[tuple[str, UsageSummary]]
) -> None:
    """Write the summary of each (resource key, metric), over the one before."""
    rows = (
        (scope.id_of(key), *(getattr(summary, name) for name in _SUMMARY[1:]))
        for key, summary in summaries
    )
    common = {
        "organization_id": scope.organization_id,
        "connection_id": scope.connection_id,
        "snapshot_id": scope.snapshot_id,
    }
    conflict = bulk.replace(("resource_id", "metric"), (*_SUMMARY, *common))
    bulk.insert(
        session, ResourceUsageSummaryRow, _SUMMARY, rows, constants=common, on_conflict=conflict
    )


def drop_readings(session: Session, *, before: datetime) -> None:
    """Erase readings older than ``before``."""
    session.execute(delete(ResourceMetricRow).where(col(ResourceMetricRow.at) < before))
