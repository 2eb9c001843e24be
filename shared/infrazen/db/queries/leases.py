"""Leases on work that only one process of many may do."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete, update
from sqlmodel import Session, col

from infrazen.db.tables.connections import LeaseRow
from infrazen.db.upsert import insert_missing


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds a lease, and its last sign of life."""

    holder: str
    beat: int


def current(session: Session, name: str) -> Lease | None:
    """Who holds the lease ``name``, None where nobody does."""
    row = session.get(LeaseRow, name)
    return None if row is None else Lease(row.holder, row.beat)


def take(session: Session, name: str, *, holder: str, now: datetime) -> None:
    """Take a free lease; who comes second finds it taken."""
    row = {"name": name, "holder": holder, "beat": 0, "renewed_at": now}
    insert_missing(session, LeaseRow, [row])


def renew(session: Session, name: str, *, holder: str, now: datetime) -> bool:
    """Show a sign of life; False where somebody else holds the lease."""
    result = session.execute(
        update(LeaseRow)
        .where(col(LeaseRow.name) == name, col(LeaseRow.holder) == holder)
        .values(beat=col(LeaseRow.beat) + 1, renewed_at=now)
    )
    assert isinstance(result, CursorResult)  # noqa: S101
    return result.rowcount == 1


def free(session: Session, name: str, *, holder: str, beat: int | None = None) -> None:
    """Give a lease up, or take it from a holder that is dead since ``beat``."""
    statement = delete(LeaseRow).where(col(LeaseRow.name) == name, col(LeaseRow.holder) == holder)
    if beat is not None:
        statement = statement.where(col(LeaseRow.beat) == beat)
    session.execute(statement)
