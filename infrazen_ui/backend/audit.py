"""What the screens ask of the audit log."""

from dataclasses import dataclass

from infrazen.db.queries.audit import AuditEvent
from infrazen.services import audit
from infrazen_ui.backend.audit_query import SIZE, AuditQuery
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """A page of the log, latest first, and whether there is more on either side."""

    events: list[AuditEvent]
    actors: list[str]
    has_newer: bool
    has_older: bool


async def read_log(state: HasRouter, query: AuditQuery) -> AuditPage | Refused:
    """The page that ``query`` means; one event more is asked for to know whether it goes on."""
    found = await call(
        state,
        audit.list_events,
        wanted=query.wanted,
        before=query.before,
        after=query.after,
        limit=SIZE + 1,
    )
    if isinstance(found, Refused):
        return found
    actors = await call(state, audit.list_actors)
    if isinstance(actors, Refused):
        return actors
    goes_on = len(found) > SIZE
    if query.after is not None:
        return AuditPage(
            events=found[-SIZE:], actors=actors, has_newer=goes_on, has_older=bool(found)
        )
    return AuditPage(
        events=found[:SIZE], actors=actors, has_newer=query.before is not None, has_older=goes_on
    )


async def first_break(state: HasRouter) -> int | Refused | None:
    """The first event that is not as it was written; None where the log is whole."""
    return await call(state, audit.verify_log)
