"""What an account looked like after a sync.

A resource without a state in a snapshot was unchanged in it: its state is the latest one
before.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, and_, func, or_, select, tuple_
from sqlmodel import Session, col

from infrazen.db.queries import snapshots
from infrazen.db.queries.snapshots import Snapshot
from infrazen.db.tables.resources import ResourceRow
from infrazen.db.tables.snapshots import ResourceStateRow, SyncSnapshotRow
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.syncs import Change


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
    snapshot = snapshots.get(session, organization_id=organization_id, snapshot_id=snapshot_id)
    state, order = ResourceStateRow, _order()
    latest = _latest(snapshot)
    statement = (
        select(*_columns())
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
    return [_line(row, snapshot_id) for row in session.execute(statement)]


def _latest(snapshot: Snapshot) -> Subquery:
    """When each resource of the connection last changed, up to and with ``snapshot``."""
    state = ResourceStateRow
    return (
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


def _order() -> tuple[Any, ...]:
    return (col(ResourceRow.type), col(ResourceRow.name), col(ResourceStateRow.resource_id))


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
        col(state.snapshot_id),
    )


def _line(row: Any, snapshot_id: UUID) -> StateLine:
    id_, name, type_, change, status, cost, currency, changed_in = row
    return StateLine(
        resource_id=id_,
        name=name,
        type=type_,
        change=change if changed_in == snapshot_id else Change.UNCHANGED,
        status=status,
        daily_cost=cost,
        currency=currency,
    )
