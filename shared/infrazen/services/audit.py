"""Reading the audit log, and checking that nobody changed it."""

from infrazen.db.queries import audit
from infrazen.db.queries.audit import AuditEvent
from infrazen.domain.roles import Permission
from infrazen.services.use_case import Work, use_case

MOST_EVENTS = 200


@use_case(Permission.AUDIT_READ)
def list_events(work: Work, *, before: int | None = None, limit: int = 50) -> list[AuditEvent]:
    """The newest events, or those before sequence ``before``; at most 200."""
    return audit.events(
        work.session,
        organization_id=work.organization_id,
        before=before,
        limit=max(1, min(limit, MOST_EVENTS)),
    )


@use_case(Permission.AUDIT_READ)
def verify_log(work: Work) -> int | None:
    """The sequence of the first event that was changed, removed or put in; None if none."""
    return audit.first_break(work.session, organization_id=work.organization_id)
