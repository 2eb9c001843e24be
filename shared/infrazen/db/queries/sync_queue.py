"""Syncs that wait for a worker: at most one a connection, low priority numbers first.

A request stays until the run it asks for has claimed its connection, so a worker that
dies before that loses nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntEnum
from uuid import UUID

from sqlalchemy import delete, exists, func, select
from sqlmodel import Session, col

from infrazen.db.columns import new_id
from infrazen.db.tables.connections import CloudConnectionRow, SyncRequestRow
from infrazen.db.tables.snapshots import SyncSnapshotRow
from infrazen.db.upsert import insert_missing
from infrazen.domain.syncs import SyncStatus, Trigger


class Priority(IntEnum):
    """Whose turn it is: new connections first, periodic refreshes last."""

    NEW = 0
    MANUAL = 10
    SCHEDULED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A waiting sync."""

    organization_id: UUID
    connection_id: UUID
    trigger: Trigger
    priority: int
    not_before: datetime
    requested_by: str


def ask(session: Session, request: Request) -> bool:
    """Put a request into the queue; False where one waits already (it may move forward)."""
    waiting = session.scalars(
        select(SyncRequestRow).where(col(SyncRequestRow.connection_id) == request.connection_id)
    ).one_or_none()
    if waiting is None:
        insert_missing(
            session,
            SyncRequestRow,
            [
                {
                    "id": new_id(),
                    "created_at": request.not_before,
                    **{field.name: getattr(request, field.name) for field in fields(request)},
                }
            ],
        )
        return True
    if request.priority < waiting.priority:
        waiting.priority = request.priority
        waiting.trigger = request.trigger
        waiting.requested_by = request.requested_by
    waiting.not_before = min(waiting.not_before, request.not_before)
    session.add(waiting)
    return False


def next_in_turn(
    session: Session, *, now: datetime, besides: Collection[UUID], priority: int | None = None
) -> Request | None:
    """The request whose turn it is, None where nothing can start.

    Connections in ``besides`` (at work already) and those with a running run wait;
    ``priority`` keeps to requests of at most that number.
    """
    running = exists().where(
        col(SyncSnapshotRow.connection_id) == col(SyncRequestRow.connection_id),
        col(SyncSnapshotRow.status) == SyncStatus.RUNNING,
    )
    statement = (
        select(SyncRequestRow)
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == col(SyncRequestRow.connection_id))
        .where(
            col(SyncRequestRow.not_before) <= now,
            col(SyncRequestRow.connection_id).not_in(list(besides)),
            col(CloudConnectionRow.removed_at).is_(None),
            ~running,
        )
        .order_by(
            col(SyncRequestRow.priority),
            col(SyncRequestRow.not_before),
            col(SyncRequestRow.connection_id),
        )
        .limit(1)
    )
    if priority is not None:
        statement = statement.where(col(SyncRequestRow.priority) <= priority)
    row = session.scalars(statement).one_or_none()
    return None if row is None else _request(row)


def postpone(session: Session, *, connection_id: UUID, asked_by: datetime, until: datetime) -> bool:
    """Let a request that was there at ``asked_by`` wait until ``until``; False for none."""
    found = session.scalars(
        select(SyncRequestRow).where(
            col(SyncRequestRow.connection_id) == connection_id,
            col(SyncRequestRow.created_at) <= asked_by,
        )
    ).one_or_none()
    if found is None:
        return False
    found.not_before = until
    session.add(found)
    return True


def waiting(session: Session, *, connection_id: UUID) -> Request | None:
    """The connection's request, None where it has none."""
    row = session.scalars(
        select(SyncRequestRow).where(col(SyncRequestRow.connection_id) == connection_id)
    ).one_or_none()
    return None if row is None else _request(row)


def forget(session: Session, *, connection_id: UUID) -> None:
    """Drop a connection's request."""
    session.execute(
        delete(SyncRequestRow).where(col(SyncRequestRow.connection_id) == connection_id)
    )


def length(session: Session) -> int:
    """How many syncs wait."""
    return session.scalar(select(func.count()).select_from(SyncRequestRow)) or 0


def _request(row: SyncRequestRow) -> Request:
    return Request(**{field.name: getattr(row, field.name) for field in fields(Request)})


def waiting_connections(session: Session, *, organization_id: UUID) -> set[UUID]:
    """The connections of an organization that wait for a sync."""
    return set(
        session.scalars(
            select(col(SyncRequestRow.connection_id)).where(
                col(SyncRequestRow.organization_id) == organization_id
            )
        )
    )
