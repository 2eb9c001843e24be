"""Usage by the day: what a sync adds, and windows of it for rules."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.scope import Scope
from infrazen.db.tables.recommendations import UsageDayRow
from infrazen.domain.facts import Window
from infrazen.domain.usage import UsageDay

_KEY = ("connection_id", "resource_id", "metric", "day")
_FACTS = ("unit", "capacity", "points", "total", "maximum", "p95", "hours", "last_at")
_Metric = tuple[UUID, str]


def put(session: Session, scope: Scope, days: Iterable[tuple[UUID, str, date, UsageDay]]) -> None:
    """Write days of (resource, metric, day), over those that are there."""
    bulk.insert(
        session,
        UsageDayRow,
        ("resource_id", "metric", "day", *_FACTS),
        (
            (resource_id, metric, day, *(getattr(found, name) for name in _FACTS))
            for resource_id, metric, day, found in days
        ),
        constants={
            "organization_id": scope.organization_id,
            "connection_id": scope.connection_id,
        },
        on_conflict=bulk.replace(_KEY, (*_KEY, *_FACTS)),
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
) -> Mapping[UUID, Mapping[str, Window]]:
    """Each resource's metrics over the days from ``since`` on, read in one pass."""
    row = UsageDayRow
    rows = session.execute(
        select(
            col(row.resource_id),
            col(row.metric),
            col(row.day),
            col(row.unit),
            col(row.capacity),
            col(row.points),
            col(row.total),
            col(row.maximum),
            col(row.p95),
            col(row.hours),
        )
        .where(
            col(row.connection_id) == connection_id,
            col(row.day) >= since,
            col(row.metric).in_(list(metrics)),
        )
        .order_by(col(row.resource_id), col(row.metric), col(row.day))
    )
    gathered: dict[_Metric, list[tuple[date, str, float | None, int, float, float, float, int]]]
    gathered = {}
    for resource_id, metric, *facts in rows:
        gathered.setdefault((resource_id, metric), []).append(tuple(facts))
    found: dict[UUID, dict[str, Window]] = {}
    for (resource_id, metric), days in gathered.items():
        found.setdefault(resource_id, {})[metric] = _window(days)
    return found


def _window(
    days: list[tuple[date, str, float | None, int, float, float, float, int]],
) -> Window:
    """Days, in order, as one window; unit and capacity are the last day's."""
    last = days[-1]
    points = sum(day[3] for day in days)
    return Window(
        unit=last[1],
        capacity=last[2],
        points=points,
        hours=sum(day[7].bit_count() for day in days),
        average=sum(day[4] for day in days) / points,
        maximum=max(day[5] for day in days),
        peak=max(day[6] for day in days),
        since=days[0][0],
        until=last[0],
    )
