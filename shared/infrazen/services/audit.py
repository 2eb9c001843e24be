"""Reading the audit log, exporting it, and checking that nobody changed it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from infrazen.db.queries import audit
from infrazen.db.queries.audit import AuditEvent, AuditFilter
from infrazen.domain.roles import Permission
from infrazen.services.audit_names import with_names
from infrazen.services.exports import CHUNK, as_csv
from infrazen.services.organizations import organization_of
from infrazen.services.use_case import Work, use_case

MOST_EVENTS = 200
_ALL = AuditFilter()
_COLUMNS = (
    "sequence",
    "at",
    "actor",
    "actor_kind",
    "action",
    "target",
    "outcome",
    "address",
    "details",
)


@use_case(Permission.AUDIT_READ)
def list_events(
    work: Work,
    *,
    wanted: AuditFilter = _ALL,
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> list[AuditEvent]:
    """The newest events that ``wanted`` means, latest first; at most 200.

    Or those right before the sequence ``before``, or right after ``after``.
    """
    most = max(1, min(limit, MOST_EVENTS))
    return with_names(work, _events(work, wanted, before=before, after=after, limit=most))


@use_case(Permission.AUDIT_READ)
def list_actors(work: Work) -> list[str]:
    """Everybody who is in the log, by name: people, their tokens, the operator."""
    return audit.actors(work.session, organization_id=work.organization_id)


@use_case(Permission.AUDIT_READ)
def verify_log(work: Work) -> int | None:
    """The sequence of the first event that was changed, removed or put in; None if none."""
    return audit.first_break(work.session, organization_id=work.organization_id)


@use_case(Permission.AUDIT_READ, audit="export.audit")
def export_events(work: Work, *, wanted: AuditFilter) -> str:
    """Every event that ``wanted`` means, latest first, as CSV with a header."""
    events = list(_every(work, wanted))
    work.details["rows"] = len(events)
    return as_csv(_COLUMNS, ([_cell(event, name) for name in _COLUMNS] for event in events))


def _events(
    work: Work,
    wanted: AuditFilter,
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int,
) -> list[AuditEvent]:
    """The newest events of the actor's organization, days in its time zone."""
    return audit.events(
        work.session,
        organization_id=work.organization_id,
        wanted=wanted,
        zone=organization_of(work).time_zone,
        before=before,
        after=after,
        limit=limit,
    )


def _every(work: Work, wanted: AuditFilter) -> Iterator[AuditEvent]:
    before: int | None = None
    while True:
        events = _events(work, wanted, before=before, limit=CHUNK)
        yield from events
        if len(events) < CHUNK:
            return
        before = events[-1].sequence


def _cell(event: AuditEvent, name: str) -> Any:
    value = getattr(event, name)
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if name == "details" else value
