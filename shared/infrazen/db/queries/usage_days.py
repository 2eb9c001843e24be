"""Usage by the day: what a sync adds, and windows of it for rules."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.scope import Scope
from infrazen.db.tables.recommendations import UsageDayRow
from infrazen.domain.facts import Window
from infrazen.domain.usage import UsageDay

_KEY = ("connection_id", "resource_id", "metric", "day")
_FACTS = ("unit", "capacity", "points", "total", "maximum", "p95", "hours", "last_at")
_WRITTEN = (*_FACTS, "hour_count")
_Metric = tuple[UUID, str]


def put(session: Session, scope: Scope, days: Iterable[tuple[UUID, str, date, UsageDay]]) -> None:
    """Write days of (resource, metric, day), over those that are there."""
    bulk.insert(
        session,
        UsageDayRow,
        ("resource_id", "metric", "day", *_WRITTEN),
        (
            (resource_id, metric, day, *(getattr(found, name) for name in _WRITTEN))
            for resource_id, metric, day, found in days
        ),
        constants={
            "organization_id": scope.organization_id,
            "connection_id": scope.connection_id,
        },
        on_conflict=bulk.replace(_KEY, (*_KEY, *_WRITTEN)),
    )


def known(
    session: Session, connection_id: UUID, *, since: date
) -> dict[_Metric, dict[date, UsageDay]]:
    """Days from ``since`` on, by resource and metric."""
    found: dict[_Metric, dict[date, UsageDay]] = {}
    row = UsageDayRow
    rows = session.execute(
        select(
            col(row.resource_id),
            col(row.metric),
            col(row.day),
            *(col(getattr(row, name)) for name in _FACTS),
        ).where(col(row.connection_id) == connection_id, col(row.day) >= since)
    )
    for resource_id, metric, day, *facts in rows:
        stored = UsageDay(**dict(zip(_FACTS, facts, strict=True)))
        found.setdefault((resource_id, metric), {})[day] = stored
    return found


def windows(
    session: Session, connection_id: UUID, metrics: Iterable[str], *, since: date
) -> dict[UUID, dict[str, Window]]:
    """Each resource's metrics over the days from ``since`` on, added up by the database."""
    row = UsageDayRow.__table__.c  # type: ignore[attr-defined]
    rows = session.execute(
        # Columns of the table: the ORM would handle each row once more.
        select(
            row.resource_id,
            row.metric,
            func.max(row.unit),
            func.max(row.capacity),
            func.sum(row.points),
            func.sum(row.hour_count),
            func.sum(row.total),
            func.max(row.maximum),
            func.max(row.p95),
            func.min(row.day),
            func.max(row.day),
        )
        .where(
            row.connection_id == connection_id,
            row.day >= since,
            row.metric.in_(list(metrics)),
        )
        .group_by(row.resource_id, row.metric)
    )
    found: dict[UUID, dict[str, Window]] = {}
    for id_, metric, unit, capacity, points, hours, total, maximum, peak, first, last in rows:
        found.setdefault(id_, {})[metric] = Window(
            unit=unit,
            capacity=capacity,
            points=int(points),
            hours=int(hours),
            average=total / int(points),
            maximum=maximum,
            peak=peak,
            since=first,
            until=last,
        )
    return found
