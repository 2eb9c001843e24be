"""The audit log: append-only, each row's hash over the one before it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlmodel import Session, col, desc, func, select

from infrazen.db.tables.people import AuditEventRow, OrganizationRow
from infrazen.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One row of the log, as people read it; times are UTC."""

    sequence: int
    at: datetime
    actor: str
    actor_kind: str
    action: str
    target: str
    outcome: str
    address: str
    details: dict[str, Any]


def append(
    session: Session,
    *,
    organization_id: UUID,
    actor: str,
    actor_kind: str,
    action: str,
    target: str,
    outcome: str,
    address: str,
    details: dict[str, Any],
    at: datetime,
) -> None:
    """Add an event after the organization's last one.

    The organization's row is locked meanwhile, so that the chain cannot fork.
    """
    organization = session.exec(
        select(OrganizationRow).where(OrganizationRow.id == organization_id).with_for_update()
    ).one_or_none()
    if organization is None:
        raise NotFound("no such organization")
    last = session.exec(
        select(func.max(AuditEventRow.sequence)).where(
            AuditEventRow.organization_id == organization_id
        )
    ).one()
    event = AuditEventRow(
        organization_id=organization_id,
        sequence=(last or 0) + 1,
        created_at=at,
        actor=actor,
        actor_kind=actor_kind,
        action=action,
        target=target,
        outcome=outcome,
        address=address,
        details=details,
        previous_hash=organization.audit_head,
        hash="",
    )
    event.hash = _digest(event)
    organization.audit_head = event.hash
    session.add(event)
    session.add(organization)


def events(
    session: Session, *, organization_id: UUID, before: int | None = None, limit: int = 50
) -> list[AuditEvent]:
    """The newest events, or the ones before sequence ``before``."""
    statement = (
        select(AuditEventRow)
        .where(AuditEventRow.organization_id == organization_id)
        .order_by(desc(AuditEventRow.sequence))
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(col(AuditEventRow.sequence) < before)
    return [_event(row) for row in session.exec(statement)]


def first_break(session: Session, *, organization_id: UUID) -> int | None:
    """The sequence of the first event that was changed, removed or put in; None if none."""
    rows: Sequence[AuditEventRow] = session.exec(
        select(AuditEventRow)
        .where(AuditEventRow.organization_id == organization_id)
        .order_by(col(AuditEventRow.sequence))
    ).all()
    previous = ""
    for expected, row in enumerate(rows, start=1):
        if (row.sequence, row.previous_hash, row.hash) != (expected, previous, _digest(row)):
            return expected
        previous = row.hash
    organization = session.get(OrganizationRow, organization_id)
    if organization is not None and organization.audit_head != previous:
        return len(rows) + 1
    return None


def _digest(row: AuditEventRow) -> str:
    facts = [
        row.organization_id.hex,
        row.sequence,
        row.created_at.isoformat(),
        row.actor,
        row.actor_kind,
        row.action,
        row.target,
        row.outcome,
        row.address,
        row.details,
        row.previous_hash,
    ]
    return hashlib.sha256(msgspec.json.encode(facts, order="deterministic")).hexdigest()


def _event(row: AuditEventRow) -> AuditEvent:
    return AuditEvent(
        sequence=row.sequence,
        at=row.created_at,
        actor=row.actor,
        actor_kind=row.actor_kind,
        action=row.action,
        target=row.target,
        outcome=row.outcome,
        address=row.address,
        details=row.details,
    )
