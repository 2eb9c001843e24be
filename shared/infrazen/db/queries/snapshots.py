"""Sync history: snapshots, what each changed, and what an account looked like then.

A resource without a state in a snapshot was unchanged in it: its state is the latest one
before, and "as of" queries read it so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select, tuple_
from sqlmodel import Session, col

from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.resources import ResourceRow
from infrazen.db.tables.snapshots import (
    CHANGED_SOMETHING,
    ResourceStateRow,
    SyncSnapshotRow,
)
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.syncs import Change, SyncStatus, Trigger
from infrazen.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One sync run as stored; money per day and month in ``currency``, times UTC.

    ``progress`` is set while it runs, ``endpoints`` when it has read the account.
    """

    id: UUID
    organization_id: UUID
    connection_id: UUID
    trigger: Trigger
    requested_by: str
    status: SyncStatus
    started_at: datetime
    finished_at: datetime | None
    duration_ms: int | None
    beat_at: datetime
    progress: dict[str, Any] | None
    found: int
    created: int
    updated: int
    deleted: int
    unchanged: int
    quarantined: int
    by_type: dict[str, int] | None
    by_status: dict[str, int] | None
    currency: str | None
    listed_daily: Decimal | None
    listed_monthly: Decimal | None
    payable_daily: Decimal | None
    payable_monthly: Decimal | None
    endpoints: list[dict[str, Any]] | None
    error_reason: str | None
    error_message: str | None
    config: dict[str, Any]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class StateLine:
    """A resource as it was at some snapshot."""

    resource_id: UUID
    name: str
    type: str
    change: Change
    status: ResourceStatus
    daily_cost: Decimal | None
    currency: str | None


StatePlace = tuple[str, str, UUID]
"""Type, name and id of the state that a page ends with."""


def get(session: Session, *, organization_id: UUID, snapshot_id: UUID) -> Snapshot:
    """One snapshot of the organization, or ``NotFound``."""
    row = session.get(SyncSnapshotRow, snapshot_id)
    if row is None or row.organization_id != organization_id:
        raise NotFound("no such snapshot in this organization")
    return _snapshot(row)


def by_ids(session: Session, *, organization_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Snapshot]:
    """Some snapshots of the organization, by id."""
    rows = session.scalars(
        select(SyncSnapshotRow).where(
            col(SyncSnapshotRow.organization_id) == organization_id,
            col(SyncSnapshotRow.id).in_(ids),
        )
    )
    return {row.id: _snapshot(row) for row in rows}


def history(
    session: Session,
    *,
    organization_id: UUID,
    connection_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 20,
) -> list[Snapshot]:
    """The latest snapshots, or those that started before (moment, id)."""
    started, id_ = col(SyncSnapshotRow.started_at), col(SyncSnapshotRow.id)
    statement = (
        select(SyncSnapshotRow)
        .where(col(SyncSnapshotRow.organization_id) == organization_id)
        .order_by(started.desc(), id_.desc())
        .limit(limit)
    )
    if connection_id is not None:
        statement = statement.where(col(SyncSnapshotRow.connection_id) == connection_id)
    if before is not None:
        moment, last = before
        statement = statement.where(or_(started < moment, and_(started == moment, id_ < last)))
    return [_snapshot(row) for row in session.scalars(statement)]


def changing(
    session: Session, *, organization_id: UUID, since: datetime, limit: int = 5
) -> list[Snapshot]:
    """The latest snapshots that changed something, of all connections in use."""
    row = SyncSnapshotRow
    rows = session.scalars(
        select(row)
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == col(row.connection_id))
        .where(
            col(row.organization_id) == organization_id,
            col(row.started_at) >= since,
            CHANGED_SOMETHING,
            col(CloudConnectionRow.removed_at).is_(None),
        )
        .order_by(col(row.started_at).desc(), col(row.id).desc())
        .limit(limit)
    )
    return [_snapshot(row) for row in rows]


def running(session: Session, *, organization_id: UUID) -> dict[UUID, Snapshot]:
    """The runs at work now, by connection."""
    rows = session.scalars(
        select(SyncSnapshotRow).where(
            col(SyncSnapshotRow.organization_id) == organization_id,
            col(SyncSnapshotRow.status) == SyncStatus.RUNNING,
        )
    )
    return {row.connection_id: _snapshot(row) for row in rows}


def changes(
    session: Session,
    *,
    organization_id: UUID,
    snapshot_id: UUID,
    offset: int = 0,
    limit: int = 50,
) -> list[ChangeLine]:
    """What a snapshot changed: deleted, then updated, then created, by name."""
    state = ResourceStateRow
    rows = session.execute(
        select(*_change_columns())
        .join(ResourceRow, col(ResourceRow.id) == col(state.resource_id))
        .where(
            col(state.organization_id) == organization_id,
            col(state.snapshot_id) == snapshot_id,
        )
        .order_by(col(state.change).desc(), col(ResourceRow.name), col(state.resource_id))
        .offset(offset)
        .limit(limit)
    )
    return [_change(row) for row in rows]


def some_changes(
    session: Session, *, organization_id: UUID, snapshot_ids: Sequence[UUID], each: int = 3
) -> list[ChangeLine]:
    """The first few changes of several snapshots, in the order of ``changes``."""
    state = ResourceStateRow
    order = (col(state.change).desc(), col(ResourceRow.name), col(state.resource_id))
    place = func.row_number().over(partition_by=col(state.snapshot_id), order_by=order)
    ranked = (
        select(*_change_columns(), place.label("place"))
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
    return [_change(row) for row in rows]


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
        select(*_change_columns())
        .join(ResourceRow, col(ResourceRow.id) == col(state.resource_id))
        .where(col(state.organization_id) == organization_id, col(state.resource_id) == resource_id)
        .order_by(seen.desc(), snapshot.desc())
        .limit(limit)
    )
    if before is not None:
        moment, last = before
        statement = statement.where(or_(seen < moment, and_(seen == moment, snapshot < last)))
    return [_change(row) for row in session.execute(statement)]


def states_at(
    session: Session,
    *,
    organization_id: UUID,
    snapshot_id: UUID,
    after: StatePlace | None = None,
    limit: int = 100_000,
) -> list[StateLine]:
    """Every resource as it stood after a snapshot; unchanged ones by their latest state.

    By type, name and id; ``after`` goes on from the last line of the page before.
    """
    snapshot = get(session, organization_id=organization_id, snapshot_id=snapshot_id)
    state = ResourceStateRow
    latest = (
        select(
            col(state.resource_id).label("resource"), func.max(col(state.observed_at)).label("at")
        )
        .join(SyncSnapshotRow, col(SyncSnapshotRow.id) == col(state.snapshot_id))
        .where(
            col(SyncSnapshotRow.connection_id) == snapshot.connection_id,
            col(SyncSnapshotRow.started_at) <= snapshot.started_at,
        )
        .group_by(col(state.resource_id))
        .subquery()
    )
    order = (col(ResourceRow.type), col(ResourceRow.name), col(state.resource_id))
    statement = (
        select(
            col(state.resource_id),
            col(ResourceRow.name),
            col(ResourceRow.type),
            col(state.change),
            col(state.status),
            col(state.daily_cost),
            col(state.currency),
            col(state.snapshot_id),
        )
        .join(
            latest,
            and_(
                latest.c.resource == col(state.resource_id), latest.c.at == col(state.observed_at)
            ),
        )
        .join(ResourceRow, col(ResourceRow.id) == col(state.resource_id))
        .where(
            col(state.organization_id) == organization_id,
            or_(col(state.change) != Change.DELETED, col(state.snapshot_id) == snapshot_id),
        )
        .order_by(*order)
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(*order) > after)
    return [
        StateLine(
            resource_id=id_,
            name=name,
            type=type_,
            change=change if changed_in == snapshot_id else Change.UNCHANGED,
            status=status,
            daily_cost=cost,
            currency=currency,
        )
        for id_, name, type_, change, status, cost, currency, changed_in in session.execute(
            statement
        )
    ]


def changes_between(
    session: Session,
    *,
    organization_id: UUID,
    older: UUID,
    newer: UUID,
    offset: int = 0,
    limit: int | None = None,
) -> list[ChangeLine]:
    """Everything that changed after one snapshot up to and with another, oldest first.

    Raises ``NotFound`` where the two are not of one connection.
    """
    first = get(session, organization_id=organization_id, snapshot_id=older)
    last = get(session, organization_id=organization_id, snapshot_id=newer)
    if first.connection_id != last.connection_id:
        raise NotFound("the two snapshots are of different connections")
    start, end = sorted((first.started_at, last.started_at))
    state = ResourceStateRow
    rows = session.execute(
        select(*_change_columns())
        .join(ResourceRow, col(ResourceRow.id) == col(state.resource_id))
        .join(SyncSnapshotRow, col(SyncSnapshotRow.id) == col(state.snapshot_id))
        .where(
            col(state.organization_id) == organization_id,
            col(SyncSnapshotRow.connection_id) == first.connection_id,
            col(SyncSnapshotRow.started_at) > start,
            col(SyncSnapshotRow.started_at) <= end,
        )
        .order_by(col(state.observed_at), col(ResourceRow.name), col(state.resource_id))
        .offset(offset)
        .limit(limit)
    )
    return [_change(row) for row in rows]


def _change_columns() -> tuple[Any, ...]:
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


def _change(row: Any) -> ChangeLine:
    return ChangeLine(
        **{one.name: value for one, value in zip(fields(ChangeLine), row, strict=True)}
    )


def _snapshot(row: SyncSnapshotRow) -> Snapshot:
    return Snapshot(**{one.name: getattr(row, one.name) for one in fields(Snapshot)})
