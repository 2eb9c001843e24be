"""Sync runs as stored: one, the latest, those at work."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.snapshots import CHANGED_SOMETHING, SyncSnapshotRow
from infrazen.domain.syncs import SyncStatus, Trigger
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


def _snapshot(row: SyncSnapshotRow) -> Snapshot:
    return Snapshot(**{one.name: getattr(row, one.name) for one in fields(Snapshot)})
