"""What syncs changed: in one, between two, in some, and of one resource over time."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, or_, select, tuple_
from sqlmodel import Session, col

from infrazen.db.queries import snapshots
from infrazen.db.tables.resources import ResourceRow
from infrazen.db.tables.snapshots import ResourceStateRow, SyncSnapshotRow
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.syncs import Change
from infrazen.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """What one snapshot changed in one resource, with before and after."""

    resource_id: UUID
    name: str
    type: str
    change: Change
    status: ResourceStatus
    daily_cost: Decimal | None
    currency: str | None
    changed_fields: Sequence[str]
    previous: dict[str, Any] | None
    current: dict[str, Any] | None
    snapshot_id: UUID
    observed_at: datetime


class ChangePlace(NamedTuple):
    """Where a page of changes ends."""

    observed_at: datetime
    change: Change
    name: str
    resource_id: UUID


def changes(
    session: Session,
    *,
    organization_id: UUID,
    snapshot_id: UUID,
    after: ChangePlace | None = None,
    limit: int = 50,
) -> list[ChangeLine]:
    """What a snapshot changed: updated, then deleted, then created, by name.

    ``after`` goes on from the last line of the page before.
    """
    state = ResourceStateRow
    statement = (
        select(*_columns())
        .join(ResourceRow, col(ResourceRow.id) == col(state.resource_id))
        .where(
            col(state.organization_id) == organization_id,
            col(state.snapshot_id) == snapshot_id,
        )
        .order_by(*_order())
        .limit(limit)
    )
    if after is not None:
        kind = col(state.change)
        further = tuple_(*_named()) > (after.name, after.resource_id)
        statement = statement.where(or_(kind < after.change, and_(kind == after.change, further)))
    return [_line(row) for row in session.execute(statement)]


def some_changes(
    session: Session, *, organization_id: UUID, snapshot_ids: Sequence[UUID], each: int = 3
) -> list[ChangeLine]:
    """The first few changes of several snapshots, in the order of ``changes``."""
    state = ResourceStateRow
    place = func.row_number().over(partition_by=col(state.snapshot_id), order_by=_order())
    ranked = (
        select(*_columns(), place.label("place"))
        .join(ResourceRow, col(ResourceRow.id) == col(state.resource_id))
        .where(
            col(state.organization_id) == organization_id,
            col(state.snapshot_id).in_(snapshot_ids),
        )
        .subquery()
    )
    columns = [column for column in ranked.c if column.name != "place"]
    rows = session.execute(
        select(*columns)
        .where(ranked.c.place <= each)
        .order_by(ranked.c.snapshot_id, ranked.c.place)
    )
    return [_line(row) for row in rows]


def timeline(
    session: Session,
    *,
    organization_id: UUID,
    resource_id: UUID,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> list[ChangeLine]:
    """A resource's history, latest first, or what came before (moment, snapshot id)."""
    state = ResourceStateRow
    seen, snapshot = col(state.observed_at), col(state.snapshot_id)
    statement = (
        select(*_columns())
        .join(ResourceRow, col(ResourceRow.id) == col(state.resource_id))
        .where(col(state.organization_id) == organization_id, col(state.resource_id) == resource_id)
        .order_by(seen.desc(), snapshot.desc())
        .limit(limit)
    )
    if before is not None:
        moment, last = before
        statement = statement.where(or_(seen < moment, and_(seen == moment, snapshot < last)))
    return [_line(row) for row in session.execute(statement)]


def changes_between(
    session: Session,
    *,
    organization_id: UUID,
    older: UUID,
    newer: UUID,
    after: ChangePlace | None = None,
    limit: int | None = None,
) -> list[ChangeLine]:
    """Everything that changed after one snapshot up to and with another, oldest first.

    ``after`` goes on from the last line of the page before. Raises ``NotFound`` where the
    two are not of one connection.
    """
    first = snapshots.get(session, organization_id=organization_id, snapshot_id=older)
    last = snapshots.get(session, organization_id=organization_id, snapshot_id=newer)
    if first.connection_id != last.connection_id:
        raise NotFound("the two snapshots are of different connections")
    start, end = sorted((first.started_at, last.started_at))
    state = ResourceStateRow
    seen = col(state.observed_at)
    statement = (
        select(*_columns())
        .join(ResourceRow, col(ResourceRow.id) == col(state.resource_id))
        .join(SyncSnapshotRow, col(SyncSnapshotRow.id) == col(state.snapshot_id))
        .where(
            col(state.organization_id) == organization_id,
            col(SyncSnapshotRow.connection_id) == first.connection_id,
            col(SyncSnapshotRow.started_at) > start,
            col(SyncSnapshotRow.started_at) <= end,
        )
        .order_by(seen, *_named())
        .limit(limit)
    )
    if after is not None:
        further = tuple_(*_named()) > (after.name, after.resource_id)
        statement = statement.where(
            or_(seen > after.observed_at, and_(seen == after.observed_at, further))
        )
    return [_line(row) for row in session.execute(statement)]


def place_of(line: ChangeLine) -> ChangePlace:
    """Where ``line`` stands in a list of changes."""
    return ChangePlace(line.observed_at, line.change, line.name, line.resource_id)


def _named() -> tuple[Any, Any]:
    return col(ResourceRow.name), col(ResourceStateRow.resource_id)


def _order() -> tuple[Any, ...]:
    return (col(ResourceStateRow.change).desc(), *_named())


def _columns() -> tuple[Any, ...]:
    state = ResourceStateRow
    return (
        col(state.resource_id),
        col(ResourceRow.name),
        col(ResourceRow.type),
        col(state.change),
        col(state.status),
        col(state.daily_cost),
        col(state.currency),
        col(state.changed_fields),
        col(state.previous),
        col(state.current),
        col(state.snapshot_id),
        col(state.observed_at),
    )


def _line(row: Any) -> ChangeLine:
    return ChangeLine(
        **{one.name: value for one, value in zip(fields(ChangeLine), row, strict=True)}
    )
