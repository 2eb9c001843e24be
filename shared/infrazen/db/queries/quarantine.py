"""Records that could not be read: kept until a later sync reads them."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update
from sqlmodel import Session, col

from infrazen.db import bulk
from infrazen.db.columns import new_id
from infrazen.db.queries.scope import Scope
from infrazen.db.tables.snapshots import QuarantinedRecordRow
from infrazen.domain.syncs import Quarantined

_COLUMNS = (
    "id",
    "created_at",
    "organization_id",
    "connection_id",
    "endpoint",
    "record_key",
    "reason",
    "raw",
    "times_seen",
    "last_snapshot_id",
    "last_seen_at",
    "resolved_at",
)
_SEEN_AGAIN = (
    "(connection_id, endpoint, record_key) DO UPDATE SET reason = excluded.reason,"
    " raw = excluded.raw, times_seen = quarantined_record.times_seen + 1,"
    " last_snapshot_id = excluded.last_snapshot_id, last_seen_at = excluded.last_seen_at,"
    " resolved_at = NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineEntry:
    """A quarantined record as people see it; ``raw`` is redacted."""

    id: UUID
    connection_id: UUID
    endpoint: str
    key: str
    reason: str
    raw: str
    times_seen: int
    first_seen_at: datetime
    last_seen_at: datetime


def keep(
    session: Session, scope: Scope, records: Iterable[Quarantined], *, read: Iterable[str]
) -> None:
    """Keep ``records``; what the endpoints in ``read`` no longer stumble over is resolved."""
    bulk.insert(
        session,
        QuarantinedRecordRow,
        _COLUMNS,
        (
            (
                new_id(),
                scope.now,
                scope.organization_id,
                scope.connection_id,
                record.endpoint,
                record_key(record),
                record.reason[:1000],
                record.raw,
                1,
                scope.snapshot_id,
                scope.now,
                None,
            )
            for record in {(r.endpoint, record_key(r)): r for r in records}.values()
        ),
        on_conflict=_SEEN_AGAIN,
    )
    session.execute(
        update(QuarantinedRecordRow)
        .where(
            col(QuarantinedRecordRow.connection_id) == scope.connection_id,
            col(QuarantinedRecordRow.endpoint).in_(list(read)),
            col(QuarantinedRecordRow.resolved_at).is_(None),
            col(QuarantinedRecordRow.last_snapshot_id) != scope.snapshot_id,
        )
        .values(resolved_at=scope.now)
    )


def record_key(record: Quarantined) -> str:
    """The record's own key, or a hash of what came where it has none."""
    if record.key:
        return record.key[:300]
    return hashlib.blake2b(record.raw.encode(), digest_size=12).hexdigest()


def unresolved(
    session: Session,
    *,
    organization_id: UUID,
    connection_id: UUID,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 200,
) -> list[QuarantineEntry]:
    """The records that still can't be read, latest first, or those before (last seen, id)."""
    seen, id_ = col(QuarantinedRecordRow.last_seen_at), col(QuarantinedRecordRow.id)
    statement = (
        select(QuarantinedRecordRow)
        .where(
            col(QuarantinedRecordRow.organization_id) == organization_id,
            col(QuarantinedRecordRow.connection_id) == connection_id,
            col(QuarantinedRecordRow.resolved_at).is_(None),
        )
        .order_by(seen.desc(), id_.desc())
        .limit(limit)
    )
    if before is not None:
        moment, last = before
        statement = statement.where(or_(seen < moment, and_(seen == moment, id_ < last)))
    return [
        QuarantineEntry(
            id=row.id,
            connection_id=row.connection_id,
            endpoint=row.endpoint,
            key=row.record_key,
            reason=row.reason,
            raw=row.raw,
            times_seen=row.times_seen,
            first_seen_at=row.created_at,
            last_seen_at=row.last_seen_at,
        )
        for row in session.scalars(statement)
    ]


def counts(session: Session, *, organization_id: UUID) -> dict[UUID, int]:
    """How many records of each connection can't be read."""
    rows = session.execute(
        select(col(QuarantinedRecordRow.connection_id), func.count())
        .where(
            col(QuarantinedRecordRow.organization_id) == organization_id,
            col(QuarantinedRecordRow.resolved_at).is_(None),
        )
        .group_by(col(QuarantinedRecordRow.connection_id))
    )
    return dict(rows.all())
