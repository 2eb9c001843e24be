"""What was done to resources at their provider."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.queries.scope import Scope
from infrazen.db.tables.resources import ResourceLogRow
from infrazen.domain.resources import LogEntry, LoggedOperation


def append(session: Session, scope: Scope, entries: Iterable[LogEntry]) -> None:
    """Write entries; one that is there already stays."""
    bulk.insert(
        session,
        ResourceLogRow,
        ("resource_id", "at", "operation", "failed"),
        ((scope.id_of(one.resource), one.at, one.operation, one.failed) for one in entries),
        constants={"organization_id": scope.organization_id},
        on_conflict=bulk.ignore(),
    )


def entries(
    session: Session,
    *,
    organization_id: UUID,
    resource_id: UUID,
    before: tuple[datetime, str] | None = None,
    limit: int,
) -> list[LoggedOperation]:
    """A resource's log, latest first, or what came before (moment, operation)."""
    row = ResourceLogRow
    at, operation = col(row.at), col(row.operation)
    statement = (
        select(at, operation, col(row.failed))
        .where(col(row.organization_id) == organization_id, col(row.resource_id) == resource_id)
        .order_by(at.desc(), operation.desc())
        .limit(limit)
    )
    if before is not None:
        moment, last = before
        statement = statement.where(or_(at < moment, and_(at == moment, operation < last)))
    return [
        LoggedOperation(at=moment, operation=word, failed=failed)
        for moment, word, failed in session.execute(statement)
    ]
