"""Cloud connections: finding, adding, changing and removing them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Table, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel, col

from infrazen.db.columns import new_id
from infrazen.db.queries import resource_totals, usage
from infrazen.db.tables.connections import (
    CloudConnectionRow,
    ConnectionKeyRow,
    ConnectionSecretRow,
    SyncRequestRow,
)
from infrazen.db.tables.costs import (
    ChargeRow,
    CostRecordRow,
    CostTotalRow,
    CostTrendRow,
    ReconciliationRow,
)
from infrazen.db.tables.resources import ResourceRow, ResourceSecretRow
from infrazen.db.tables.snapshots import (
    QuarantinedRecordRow,
    ResourceStateRow,
    SyncSnapshotRow,
)
from infrazen.domain.accounts import AccountInfo
from infrazen.domain.syncs import SyncStatus
from infrazen.errors import Conflict, NotFound

_FIELDS = (
    "id",
    "organization_id",
    "name",
    "display_name",
    "provider",
    "endpoint",
    "credentials",
    "settings",
    "schedule",
    "time_zone",
    "is_suspended",
    "starting_deadline_seconds",
    "timeout_seconds",
    "account_mark",
    "managed_by",
    "managed_uid",
    "created_at",
    "updated_at",
    "next_sync_at",
    "last_scheduled_at",
    "last_snapshot_id",
    "last_status",
    "last_sync_at",
    "last_success_at",
    "account",
    "account_at",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """A connection as stored; ``credentials`` are public ones, no secret is in it."""

    id: UUID
    organization_id: UUID
    name: str
    display_name: str
    provider: str
    endpoint: str | None
    credentials: dict[str, str]
    settings: dict[str, Any]
    schedule: str
    time_zone: str
    is_suspended: bool
    starting_deadline_seconds: int
    timeout_seconds: int
    account_mark: str
    managed_by: str
    managed_uid: str
    created_at: datetime
    updated_at: datetime
    next_sync_at: datetime | None
    last_scheduled_at: datetime | None
    last_snapshot_id: UUID | None
    last_status: SyncStatus | None
    last_sync_at: datetime | None
    last_success_at: datetime | None
    account: dict[str, Any] | None
    account_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A connection as what a resource comes from."""

    id: UUID
    display_name: str
    provider: str
    is_removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A connection whose custom resource was deleted and left its history here."""

    id: UUID
    display_name: str
    provider: str
    managed_by: str
    released_at: datetime


def stored_account(connection: Connection) -> AccountInfo | None:
    """What the provider said last of the account."""
    if connection.account is None:
        return None
    return msgspec.convert(connection.account, AccountInfo, strict=False)


def sources(session: Session, *, organization_id: UUID) -> list[Source]:
    """Every connection by name, oldest first, those removed with their history kept last."""
    rows = session.scalars(
        select(CloudConnectionRow)
        .where(col(CloudConnectionRow.organization_id) == organization_id)
        .order_by(
            col(CloudConnectionRow.removed_at).is_not(None),
            col(CloudConnectionRow.created_at),
            col(CloudConnectionRow.id),
        )
    )
    return [
        Source(
            id=row.id,
            display_name=row.display_name,
            provider=row.provider,
            is_removed=row.removed_at is not None,
        )
        for row in rows
    ]


def released(session: Session, *, organization_id: UUID) -> list[Released]:
    """Connections that their custom resources have left with their history, latest first."""
    row = CloudConnectionRow
    found = session.scalars(
        select(row)
        .where(
            col(row.organization_id) == organization_id,
            col(row.removed_at).is_not(None),
            col(row.managed_by) != "",
        )
        .order_by(col(row.removed_at).desc(), col(row.id))
    )
    return [
        Released(
            id=one.id,
            display_name=one.display_name,
            provider=one.provider,
            managed_by=one.managed_by,
            released_at=one.removed_at,
        )
        for one in found
        if one.removed_at is not None
    ]


def every(session: Session, *, organization_id: UUID | None = None) -> list[Connection]:
    """Every connection in use, oldest first, of one organization or of all."""
    statement = select(CloudConnectionRow).where(col(CloudConnectionRow.removed_at).is_(None))
    if organization_id is not None:
        statement = statement.where(col(CloudConnectionRow.organization_id) == organization_id)
    rows = session.scalars(
        statement.order_by(col(CloudConnectionRow.created_at), col(CloudConnectionRow.id))
    )
    return [_connection(row) for row in rows]


def names(session: Session, *, organization_id: UUID) -> dict[UUID, str]:
    """What every connection is called, also those that were removed and left their history."""
    rows = session.execute(
        select(col(CloudConnectionRow.id), col(CloudConnectionRow.display_name)).where(
            col(CloudConnectionRow.organization_id) == organization_id
        )
    )
    return dict(rows.all())


def get(session: Session, *, organization_id: UUID, connection_id: UUID) -> Connection:
    """One connection of the organization, or ``NotFound``."""
    row = _row(session, organization_id, connection_id)
    return _connection(row)


def find(session: Session, connection_id: UUID) -> Connection | None:
    """A connection in use of whichever organization, for the schedule; None if it is gone."""
    row = session.get(CloudConnectionRow, connection_id)
    return None if row is None or row.removed_at is not None else _connection(row)


def even_removed(session: Session, *, organization_id: UUID, connection_id: UUID) -> Connection:
    """A connection of the organization, also one that was removed, or ``NotFound``."""
    row = session.get(CloudConnectionRow, connection_id)
    if row is None or row.organization_id != organization_id:
        raise NotFound("no such connection in this organization")
    return _connection(row)


def by_name(session: Session, *, organization_id: UUID, name: str) -> Connection:
    """The connection called ``name``, or ``NotFound``."""
    row = session.scalars(
        select(CloudConnectionRow).where(
            col(CloudConnectionRow.organization_id) == organization_id,
            col(CloudConnectionRow.name) == name,
            col(CloudConnectionRow.removed_at).is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"no connection called {name!r} in this organization")
    return _connection(row)


def add(session: Session, *, organization_id: UUID, values: Mapping[str, Any]) -> UUID:
    """Write a new connection and return its id; ``Conflict`` where the name is taken."""
    row = CloudConnectionRow(id=new_id(), organization_id=organization_id, **values)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(f"a connection called {values['name']!r} exists already") from error
    return row.id


def change(
    session: Session, *, organization_id: UUID, connection_id: UUID, values: Mapping[str, Any]
) -> None:
    """Overwrite some of a connection's columns, or ``NotFound``."""
    row = _row(session, organization_id, connection_id)
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(f"a connection called {values.get('name')!r} exists already") from error


def retire(session: Session, *, organization_id: UUID, connection_id: UUID, now: datetime) -> None:
    """Forget a connection's secrets and close its resources; its history stays."""
    row = _row(session, organization_id, connection_id)
    row.removed_at = now
    row.next_sync_at = None
    session.add(row)
    for model in (ConnectionSecretRow, ResourceSecretRow, ConnectionKeyRow, SyncRequestRow):
        _erase(session, model, connection_id)
    session.execute(
        update(ResourceRow)
        .where(col(ResourceRow.connection_id) == connection_id, col(ResourceRow.is_active))
        .values(is_active=False, deleted_at=now, changed_at=now)
    )
    resource_totals.refresh(session, connection_id)
    usage.refresh_totals(session, connection_id)


def purge(session: Session, *, organization_id: UUID, connection_id: UUID) -> None:
    """Erase a connection with everything it brought.

    Facts go before what they refer to: a cascade would look every charge up in them.
    """
    _row(session, organization_id, connection_id)
    session.execute(
        delete(CostRecordRow).where(
            col(CostRecordRow.organization_id) == organization_id,
            col(CostRecordRow.connection_id) == connection_id,
        )
    )
    its_snapshots = select(col(SyncSnapshotRow.id)).where(
        col(SyncSnapshotRow.connection_id) == connection_id
    )
    session.execute(
        delete(ResourceStateRow).where(col(ResourceStateRow.snapshot_id).in_(its_snapshots))
    )
    for model in (
        CostTrendRow,
        CostTotalRow,
        ReconciliationRow,
        ChargeRow,
        QuarantinedRecordRow,
        ResourceSecretRow,
        ResourceRow,
        SyncSnapshotRow,
    ):
        _erase(session, model, connection_id)
    session.execute(delete(CloudConnectionRow).where(col(CloudConnectionRow.id) == connection_id))


def note_schedule(
    session: Session,
    *,
    connection_id: UUID,
    next_sync_at: datetime | None,
    scheduled_at: datetime | None = None,
) -> None:
    """Remember when the next sync is due, and when the last one was."""
    values: dict[str, Any] = {"next_sync_at": next_sync_at}
    if scheduled_at is not None:
        values["last_scheduled_at"] = scheduled_at
    session.execute(
        update(CloudConnectionRow)
        .where(col(CloudConnectionRow.id) == connection_id)
        .values(**values)
    )


def note_account(
    session: Session, *, connection_id: UUID, account: Mapping[str, Any], now: datetime
) -> None:
    """Keep what the provider says of the account."""
    session.execute(
        update(CloudConnectionRow)
        .where(col(CloudConnectionRow.id) == connection_id)
        .values(account=dict(account), account_at=now)
    )


def _erase(session: Session, model: type[SQLModel], connection_id: UUID) -> None:
    table: Table = model.__table__  # type: ignore[attr-defined]
    session.execute(delete(table).where(table.c.connection_id == connection_id))


def _row(session: Session, organization_id: UUID, connection_id: UUID) -> CloudConnectionRow:
    row = session.get(CloudConnectionRow, connection_id)
    if row is None or row.organization_id != organization_id or row.removed_at is not None:
        raise NotFound("no such connection in this organization")
    return row


def _connection(row: CloudConnectionRow) -> Connection:
    return Connection(**{name: getattr(row, name) for name in _FIELDS})
