"""The lease of a sync run: claim, beat, close. One running run a connection.

The partial unique index on ``sync_snapshot`` lets the database itself refuse a second
running run. ``fence`` is the run's token: every write checks it in the same transaction,
so a run that was closed from outside writes nothing more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from infrazen.db.tables.connections import CloudConnectionRow, SyncRequestRow
from infrazen.db.tables.snapshots import SyncSnapshotRow
from infrazen.domain.syncs import SyncStatus, Trigger
from infrazen.errors import AlreadyRunning, LeaseLost

ABANDONED = "WorkerDied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A claimed run."""

    snapshot_id: UUID
    organization_id: UUID
    connection_id: UUID
    fence: UUID
    started_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A run that says it is running, and its last sign of life."""

    snapshot_id: UUID
    organization_id: UUID
    connection_id: UUID
    worker: str
    beat: int
    beat_at: datetime


def claim(
    session: Session,
    run: Run,
    *,
    trigger: Trigger,
    requested_by: str,
    worker: str,
    config: dict[str, Any],
) -> None:
    """Write the snapshot as running and take the connection out of the queue.

    Raises ``AlreadyRunning`` where another run holds the lease.
    """
    session.add(
        SyncSnapshotRow(
            id=run.snapshot_id,
            organization_id=run.organization_id,
            connection_id=run.connection_id,
            fence=run.fence,
            trigger=trigger,
            requested_by=requested_by,
            status=SyncStatus.RUNNING,
            started_at=run.started_at,
            beat_at=run.started_at,
            worker=worker,
            config=config,
        )
    )
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyRunning("a sync of this connection is running") from error
    session.execute(
        delete(SyncRequestRow).where(col(SyncRequestRow.connection_id) == run.connection_id)
    )


def beat(session: Session, run: Run, *, now: datetime, progress: dict[str, Any] | None) -> bool:
    """Show a sign of life; False where the run is no longer ours."""
    result = session.execute(
        update(SyncSnapshotRow)
        .where(*_held(run))
        .values(beat=col(SyncSnapshotRow.beat) + 1, beat_at=now, progress=progress)
    )
    return _touched(result) == 1


def close(session: Session, run: Run, *, now: datetime, values: dict[str, Any]) -> None:
    """End a run with its results, or raise ``LeaseLost`` (the transaction must roll back)."""
    result = session.execute(
        update(SyncSnapshotRow)
        .where(*_held(run))
        .values(**{**_ended(run.started_at, now), **values}, progress=None)
    )
    if _touched(result) != 1:
        raise LeaseLost("another worker closed this run; nothing of it was written")
    _remember(
        session,
        connection_id=run.connection_id,
        snapshot_id=run.snapshot_id,
        status=values["status"],
        now=now,
    )


def running(session: Session, *, connection_id: UUID | None = None) -> list[Running]:
    """Every run that says it is running."""
    statement = select(SyncSnapshotRow).where(col(SyncSnapshotRow.status) == SyncStatus.RUNNING)
    if connection_id is not None:
        statement = statement.where(col(SyncSnapshotRow.connection_id) == connection_id)
    return [
        Running(
            snapshot_id=row.id,
            organization_id=row.organization_id,
            connection_id=row.connection_id,
            worker=row.worker,
            beat=row.beat,
            beat_at=row.beat_at,
        )
        for row in session.scalars(statement)
    ]


def close_dead(session: Session, dead: Running, *, now: datetime) -> bool:
    """Close a run whose worker died; False where it shows life or has ended meanwhile."""
    row = session.get(SyncSnapshotRow, dead.snapshot_id)
    if row is None:
        return False
    result = session.execute(
        update(SyncSnapshotRow)
        .where(
            col(SyncSnapshotRow.id) == dead.snapshot_id,
            col(SyncSnapshotRow.status) == SyncStatus.RUNNING,
            col(SyncSnapshotRow.beat) == dead.beat,
        )
        .values(
            status=SyncStatus.ERROR,
            error_reason=ABANDONED,
            error_message="the worker of this sync stopped without a word; nothing was written",
            error_details={"worker": dead.worker, "stage": (row.progress or {}).get("stage")},
            progress=None,
            **_ended(row.started_at, now),
        )
    )
    if _touched(result) != 1:
        return False
    _remember(
        session,
        connection_id=dead.connection_id,
        snapshot_id=dead.snapshot_id,
        status=SyncStatus.ERROR,
        now=now,
    )
    return True


def _held(run: Run) -> tuple[Any, ...]:
    return (
        col(SyncSnapshotRow.id) == run.snapshot_id,
        col(SyncSnapshotRow.fence) == run.fence,
        col(SyncSnapshotRow.status) == SyncStatus.RUNNING,
    )


def _ended(started_at: datetime, now: datetime) -> dict[str, Any]:
    elapsed = int((now - started_at).total_seconds() * 1000)
    return {"finished_at": now, "duration_ms": max(0, elapsed)}


def _remember(
    session: Session,
    *,
    connection_id: UUID,
    snapshot_id: UUID,
    status: SyncStatus,
    now: datetime,
) -> None:
    values: dict[str, Any] = {
        "last_snapshot_id": snapshot_id,
        "last_status": status,
        "last_sync_at": now,
    }
    if status in (SyncStatus.SUCCESS, SyncStatus.PARTIAL):
        values["last_success_at"] = now
    session.execute(
        update(CloudConnectionRow)
        .where(col(CloudConnectionRow.id) == connection_id)
        .values(**values)
    )


def _touched(result: Any) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101
    return result.rowcount
