"""How the whole installation is doing, in counts: for health checks and metrics.

The demo is left out: nobody is to be woken for a made-up company.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from infrazen.db.tables.connections import CloudConnectionRow, SyncRequestRow
from infrazen.db.tables.people import OrganizationRow
from infrazen.db.tables.resources import ResourceTotalRow
from infrazen.db.tables.snapshots import SyncSnapshotRow
from infrazen.domain.people import OrganizationKind
from infrazen.domain.syncs import SyncStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncTotal:
    """Syncs of one provider that stand alike, and the seconds that they took in all."""

    provider: str
    status: SyncStatus
    count: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionTotal:
    """A provider's connections: how many, and the success that lies back the longest."""

    provider: str
    count: int
    oldest_success: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Syncs that wait for a worker, and since when the first of them."""

    length: int
    oldest: datetime | None


def sync_totals(session: Session) -> list[SyncTotal]:
    """All syncs on record, by provider and status."""
    provider, status = col(CloudConnectionRow.provider), col(SyncSnapshotRow.status)
    rows = session.exec(
        select(provider, status, func.count(), func.sum(SyncSnapshotRow.duration_ms))
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == SyncSnapshotRow.connection_id)
        .where(_of_people())
        .group_by(provider, status)
    )
    return [
        SyncTotal(provider=slug, status=stood, count=count, seconds=float(took or 0) / 1000)
        for slug, stood, count, took in rows
    ]


def active_resources(session: Session) -> dict[str, int]:
    """How many resources exist now, by provider."""
    provider = col(CloudConnectionRow.provider)
    rows = session.exec(
        select(provider, func.sum(ResourceTotalRow.resources))
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == ResourceTotalRow.connection_id)
        .where(col(ResourceTotalRow.is_active), _of_people())
        .group_by(provider)
    )
    return {slug: int(count) for slug, count in rows}


def connection_totals(session: Session) -> list[ConnectionTotal]:
    """The connections that are not removed, by provider."""
    provider = col(CloudConnectionRow.provider)
    rows = session.exec(
        select(provider, func.count(), func.min(CloudConnectionRow.last_success_at))
        .where(col(CloudConnectionRow.removed_at).is_(None), _of_people())
        .group_by(provider)
    )
    return [
        ConnectionTotal(provider=slug, count=count, oldest_success=oldest)
        for slug, count, oldest in rows
    ]


def queue(session: Session) -> Queue:
    """What waits to be synced."""
    length, oldest = session.exec(
        select(func.count(), func.min(SyncRequestRow.created_at)).select_from(SyncRequestRow)
    ).one()
    return Queue(length=length, oldest=oldest)


def _of_people() -> ColumnElement[bool]:
    demos = select(OrganizationRow.id).where(OrganizationRow.kind == OrganizationKind.DEMO)
    return col(CloudConnectionRow.organization_id).not_in(demos)
