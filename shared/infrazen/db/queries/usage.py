"""Usage readings and their summaries: what a sync writes, and how much is used in all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, delete, func, insert, select
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.scope import Scope
from infrazen.db.tables.resources import (
    ResourceMetricRow,
    ResourceRow,
    ResourceUsageSummaryRow,
    UsageTotalRow,
)
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


_TOTAL = (
    "organization_id",
    "connection_id",
    "metric",
    "unit",
    "resources",
    "used",
    "available",
    "weighted",
    "weights",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilisation:
    """How much of what is available active resources use of one metric.

    ``used`` and ``available`` are in ``unit`` where resources have a capacity; ``percent``
    is their ratio, or the average percentage by weight where they have none. ``weights`` is
    what all of them weigh: for processors, how many cores there are.
    """

    metric: str
    unit: str
    resources: int
    used: float | None
    available: float | None
    percent: float
    weights: float = 0


def refresh_totals(session: Session, connection_id: UUID) -> None:
    """Add up anew what a connection's active resources use, metric by metric."""
    session.execute(delete(UsageTotalRow).where(col(UsageTotalRow.connection_id) == connection_id))
    row = ResourceUsageSummaryRow
    weight, percent = col(row.weight), col(row.average_percent)
    keys = (col(row.organization_id), col(row.connection_id), col(row.metric))
    added = (
        select(
            *keys,
            func.min(col(row.unit)),
            func.count(),
            func.sum(case((col(row.capacity).is_not(None), col(row.average)))),
            func.sum(col(row.capacity)),
            func.sum(percent * weight),
            func.sum(weight),
        )
        .join(ResourceRow, col(ResourceRow.id) == col(row.resource_id))
        .where(
            col(row.connection_id) == connection_id,
            col(ResourceRow.is_active),
            percent.is_not(None),
        )
        .group_by(*keys)
    )
    session.execute(insert(UsageTotalRow).from_select(_TOTAL, added))


def utilisation(session: Session, organization_id: UUID) -> list[Utilisation]:
    """Use of active resources by metric; metrics that nothing bounds are left out."""
    row = UsageTotalRow
    found = session.execute(
        select(
            col(row.metric),
            func.min(col(row.unit)),
            func.sum(col(row.resources)),
            func.sum(col(row.used)),
            func.sum(col(row.available)),
            func.sum(col(row.weighted)),
            func.sum(col(row.weights)),
        )
        .where(col(row.organization_id) == organization_id)
        .group_by(col(row.metric))
        .order_by(col(row.metric))
    )
    return [
        Utilisation(
            metric=metric,
            unit=unit,
            resources=count,
            used=used,
            available=capacity,
            percent=100 * used / capacity if capacity else weighted / weights,
            weights=weights or 0,
        )
        for metric, unit, count, used, capacity, weighted, weights in found
        if capacity or weights
    ]
