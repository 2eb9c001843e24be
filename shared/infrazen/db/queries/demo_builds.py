"""Demo organizations: made, judged by their age and by what visitors did, removed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select
from sqlmodel import Session, col

from infrazen.db.columns import new_id
from infrazen.db.queries import connections, runs
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.people import AuditEventRow, OrganizationRow
from infrazen.domain.people import OrganizationKind

_LASTING = "large-demo-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """When visitors changed something of a demo, first and last."""

    first: datetime
    last: datetime


def add(
    session: Session,
    *,
    name: str,
    time_zone: str,
    currency: str,
    now: datetime,
    lasts: bool = False,
) -> UUID:
    """A demo that nobody sees yet; its id. ``now`` is the moment that it is made for.

    One that ``lasts`` is not removed with those that nobody sees.
    """
    id_ = new_id()
    session.add(
        OrganizationRow(
            id=id_,
            name=name,
            slug=f"{_LASTING if lasts else 'demo-'}{id_.hex[:12]}",
            kind=OrganizationKind.DEMO,
            time_zone=time_zone,
            currency=currency,
            created_at=now,
        )
    )
    session.flush()
    return id_


def made_at(session: Session, organization_id: UUID) -> datetime | None:
    """The moment that a demo was made for; None where it is gone."""
    row = session.get(OrganizationRow, organization_id)
    return None if row is None else row.created_at


def touched(session: Session, organization_id: UUID, *, by: str) -> Touched | None:
    """When actors of the kind ``by`` did something there; None where they only looked."""
    row = AuditEventRow
    first, last = session.execute(
        select(func.min(col(row.created_at)), func.max(col(row.created_at))).where(
            col(row.organization_id) == organization_id,
            col(row.actor_kind) == by,
            col(row.outcome) == "done",
        )
    ).one()
    return None if first is None else Touched(first=first, last=last)


def lasts(session: Session, organization_id: UUID) -> bool:
    """Whether a demo stays until a newer one of its kind takes its place."""
    row = session.get(OrganizationRow, organization_id)
    return row is not None and row.slug.startswith(_LASTING)


def remove_others(session: Session, kept: UUID | None) -> int:
    """Erase every demo but ``kept``, those that last, and those with a sync at work.

    How many went.
    """
    return _remove_all(session, ~_is_lasting(), besides=set() if kept is None else {kept})


def remove_lasting(session: Session, *, besides: Collection[UUID]) -> int:
    """Erase every demo that lasts ``besides`` these and those at work; how many went."""
    return _remove_all(session, _is_lasting(), besides=besides)


def _is_lasting() -> ColumnElement[bool]:
    return col(OrganizationRow.slug).startswith(_LASTING)


def _remove_all(session: Session, which: ColumnElement[bool], *, besides: Collection[UUID]) -> int:
    found = session.scalars(
        select(col(OrganizationRow.id)).where(
            col(OrganizationRow.kind) == OrganizationKind.DEMO,
            which,
            col(OrganizationRow.id).not_in(list(besides)),
        )
    ).all()
    busy = {one.organization_id for one in runs.running(session)}
    gone = [one for one in found if one not in busy]
    for organization_id in gone:
        remove(session, organization_id)
    return len(gone)


def remove(session: Session, organization_id: UUID) -> None:
    """Erase a demo with all that belongs to it."""
    owned = select(col(CloudConnectionRow.id)).where(
        col(CloudConnectionRow.organization_id) == organization_id
    )
    for connection_id in session.scalars(owned).all():
        connections.purge(session, organization_id=organization_id, connection_id=connection_id)
    session.execute(
        delete(OrganizationRow).where(
            col(OrganizationRow.id) == organization_id,
            col(OrganizationRow.kind) == OrganizationKind.DEMO,
        )
    )
