"""The audit log: append-only, each row's hash over the one before it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import or_
from sqlmodel import Session, col, desc, func, select

from infrazen.db.tables.people import AuditEventRow, OrganizationRow
from infrazen.domain.periods import start_of
from infrazen.domain.text import without_controls
from infrazen.errors import NotFound

_LONGEST = 400
_STEP = 1_000
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One row of the log, as people read it; times are UTC.

    ``called`` is what people call the target, and ``subject`` the id of what it names, where that
    is known; neither is a column.
    """

    sequence: int
    at: datetime
    actor: str
    actor_kind: str
    action: str
    target: str
    outcome: str
    address: str
    details: dict[str, Any]
    called: str = ""
    subject: str = ""

    @property
    def area(self) -> str:
        """The word before the dot of its action."""
        return self.action.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which events are meant; what is empty does not narrow.

    ``areas`` are the words before the dot of an action (``user`` of ``user.add``);
    ``since`` and ``until`` are the first and the last day, in the organization's time zone.
    """

    actors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    target: str = ""
    is_done: bool | None = None
    since: date | None = None
    until: date | None = None


_ALL = AuditFilter()


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
        select(OrganizationRow)
        .where(OrganizationRow.id == organization_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if organization is None:
        raise NotFound("no such organization")
    event = AuditEventRow(
        organization_id=organization_id,
        sequence=length(session, organization_id=organization_id) + 1,
        created_at=at,
        actor=without_controls(actor, longest=_LONGEST),
        actor_kind=actor_kind,
        action=action,
        target=without_controls(target, longest=_LONGEST),
        outcome=outcome,
        address=address,
        details={key: _plain(value) for key, value in details.items()},
        previous_hash=organization.audit_head,
        hash="",
    )
    event.hash = _digest(event)
    organization.audit_head = event.hash
    session.add(event)
    session.add(organization)


def length(session: Session, *, organization_id: UUID) -> int:
    """How many events the organization's log has."""
    last = session.exec(
        select(func.max(AuditEventRow.sequence)).where(
            AuditEventRow.organization_id == organization_id
        )
    ).one()
    return last or 0


def events(
    session: Session,
    *,
    organization_id: UUID,
    wanted: AuditFilter = _ALL,
    zone: str = "UTC",
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[AuditEvent]:
    """The newest events that ``wanted`` means, days being those of ``zone``; latest first.

    With ``before`` those that come right before this sequence, with ``after`` right after.
    """
    sequence = col(AuditEventRow.sequence)
    statement = (
        select(AuditEventRow)
        .where(AuditEventRow.organization_id == organization_id, *_conditions(wanted, zone))
        .order_by(desc(sequence) if after is None else sequence)
        .limit(limit)
    )
    if before is not None:
        statement = statement.where(sequence < before)
    if after is not None:
        statement = statement.where(sequence > after)
    found = [_event(row) for row in session.exec(statement)]
    return found if after is None else found[::-1]


def actors(session: Session, *, organization_id: UUID) -> list[str]:
    """Everybody in the log, by name."""
    names = select(AuditEventRow.actor).where(AuditEventRow.organization_id == organization_id)
    return sorted(session.exec(names.distinct()))


def first_break(session: Session, *, organization_id: UUID) -> int | None:
    """The sequence of the first event that was changed, removed or put in; None if none."""
    rows = session.exec(
        select(AuditEventRow)
        .where(AuditEventRow.organization_id == organization_id)
        .order_by(col(AuditEventRow.sequence))
        .execution_options(yield_per=_STEP)
    )
    previous, expected = "", 1
    for row in rows:
        if (row.sequence, row.previous_hash, row.hash) != (expected, previous, _digest(row)):
            return expected
        previous, expected = row.hash, expected + 1
    head = session.exec(
        select(OrganizationRow.audit_head).where(OrganizationRow.id == organization_id)
    ).one()
    return None if head == previous else expected


def _conditions(wanted: AuditFilter, zone: str) -> list[Any]:
    found: list[Any] = []
    action = col(AuditEventRow.action)
    if wanted.actors:
        found.append(col(AuditEventRow.actor).in_(wanted.actors))
    if wanted.areas:
        found.append(
            or_(*(action.startswith(f"{area}.", autoescape=True) for area in wanted.areas))
        )
    if wanted.target:
        found.append(col(AuditEventRow.target) == wanted.target)
    if wanted.is_done is not None:
        done = col(AuditEventRow.outcome) == "done"
        found.append(done if wanted.is_done else ~done)
    if wanted.since is not None:
        found.append(col(AuditEventRow.created_at) >= start_of(wanted.since, zone))
    if wanted.until is not None:
        found.append(col(AuditEventRow.created_at) < start_of(wanted.until + _A_DAY, zone))
    return found


def _plain(value: Any) -> Any:
    """``value`` as JSON that every database gives back as it was: no floats, no control codes."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return without_controls(str(value), longest=_LONGEST)


def _digest(row: AuditEventRow) -> str:
    facts = [
        row.organization_id.hex,
        row.sequence,
        row.created_at.astimezone(UTC).isoformat(),
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
        called=str(row.details.get("called", "")),
        subject=str(row.details.get("id", "")),
    )
