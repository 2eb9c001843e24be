"""Usage readings and their summaries: what a sync writes of them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.inventory import Scope, resource_id
from infrazen.db.tables.resources import ResourceMetricRow, ResourceUsageSummaryRow
from infrazen.domain.resources import UsageSeries
from infrazen.domain.usage import UsageSummary

_METRIC = ("organization_id", "resource_id", "metric", "at", "value")
_SUMMARY = (
    "organization_id",
    "resource_id",
    "metric",
    "connection_id",
    "unit",
    "capacity",
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
    "snapshot_id",
)


def insert_readings(session: Session, scope: Scope, series: Iterable[UsageSeries]) -> None:
    """Write readings; one that is there already stays."""
    rows = (
        (
            scope.organization_id,
            resource_id(scope.connection_id, one.resource),
            one.metric,
            point.at,
            point.value,
        )
        for one in series
        for point in one.points
    )
    bulk.insert(session, ResourceMetricRow, _METRIC, rows, on_conflict=bulk.ignore())


def replace_summaries(
    session: Session, scope: Scope, summaries: Iterable[tuple[str, UsageSummary]]
) -> None:
    """Write the summary of each (resource key, metric), over the one before."""
    rows = (
        (
            scope.organization_id,
            resource_id(scope.connection_id, key),
            summary.metric,
            scope.connection_id,
            summary.unit,
            summary.capacity,
            summary.average,
            summary.maximum,
            summary.minimum,
            summary.latest,
            summary.average_percent,
            summary.maximum_percent,
            summary.trend,
            summary.tier.value,
            summary.points,
            summary.since,
            summary.until,
            scope.snapshot_id,
        )
        for key, summary in summaries
    )
    conflict = bulk.replace(("resource_id", "metric"), _SUMMARY)
    bulk.insert(session, ResourceUsageSummaryRow, _SUMMARY, rows, on_conflict=conflict)


def drop_readings(session: Session, *, before: datetime) -> None:
    """Erase readings older than ``before``."""
    session.execute(delete(ResourceMetricRow).where(col(ResourceMetricRow.at) < before))
