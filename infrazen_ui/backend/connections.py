"""Connections, their syncs and their history, as the visitor may see and change them.

Ids come from a browser: what is no id names nothing, and is answered like it.
"""

from datetime import datetime
from uuid import UUID

from infrazen.db.queries.quarantine import QuarantineEntry
from infrazen.db.queries.snapshot_changes import ChangeLine, ChangePlace, place_of
from infrazen.db.queries.snapshots import Snapshot
from infrazen.domain.roles import Permission
from infrazen.errors import ClosedInDemo, Forbidden, NotFound
from infrazen.provider_kit.contract import Verification
from infrazen.security.access import ActorKind
from infrazen.services import connections, managed, providers, syncs
from infrazen.services.connection_drafts import Draft
from infrazen.services.connection_views import ConnectionCard
from infrazen.services.providers import ProviderCard
from infrazen.services.syncs import Activity
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call, current_actor

HISTORY_PAGE = 20
CHANGES_PAGE = 50
NO_SUCH = Refused(reason=NotFound.reason, message="no such id")


async def refused_to_add(state: HasRouter) -> Refused | None:
    """Why the visitor need not begin with a new connection; None where they may add one."""
    actor = await current_actor(state)
    if actor is not None and actor.may(Permission.CONNECTION_WRITE):
        return None
    is_visitor = actor is not None and actor.kind is ActorKind.DEMO
    return Refused(reason=ClosedInDemo.reason if is_visitor else Forbidden.reason)


def id_of(value: object) -> UUID | None:
    """``value`` as an id, None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


async def every_connection(state: HasRouter) -> list[ConnectionCard] | Refused:
    """The cards of all connections, oldest first."""
    return await call(state, connections.list_connections)


async def one_connection(state: HasRouter, connection_id: object) -> ConnectionCard | Refused:
    """The card of one connection."""
    known = id_of(connection_id)
    if known is None:
        return NO_SUCH
    return await call(state, connections.get_connection, connection_id=known)


async def provider_card(state: HasRouter, slug: object) -> ProviderCard | Refused:
    """A provider, with its trial where a simulator of it runs."""
    return await call(state, providers.get_provider, slug=str(slug))


async def try_draft(
    state: HasRouter, draft: Draft, *, connection_id: str = ""
) -> Verification | Refused:
    """Ask the provider whether it takes ``draft``; nothing is stored."""
    known = id_of(connection_id) if connection_id else None
    if connection_id and known is None:
        return NO_SUCH
    return await call(state, connections.try_connection, draft=draft, connection_id=known)


async def save_draft(
    state: HasRouter, draft: Draft, *, connection_id: str = "", since: str = ""
) -> ConnectionCard | Refused:
    """Add a connection, or change the one with ``connection_id`` as it was at ``since``."""
    if not connection_id:
        return await call(state, connections.add_connection, draft=draft)
    known = id_of(connection_id)
    if known is None:
        return NO_SUCH
    return await call(
        state,
        connections.edit_connection,
        connection_id=known,
        draft=draft,
        unchanged_since=datetime.fromisoformat(since) if since else None,
    )


async def next_syncs(state: HasRouter, schedule: str, time_zone: str) -> list[datetime] | Refused:
    """When a schedule would be due next; nothing for one that never is."""
    return await call(state, syncs.upcoming_syncs, schedule=schedule, time_zone=time_zone)


async def suspend(
    state: HasRouter, connection_id: object, *, suspended: bool
) -> ConnectionCard | Refused:
    """Stop a connection's schedule, or let it go on."""
    known = id_of(connection_id)
    if known is None:
        return NO_SUCH
    return await call(state, connections.set_suspended, connection_id=known, suspended=suspended)


async def remove(state: HasRouter, connection_id: object, *, keep_history: bool) -> Refused | None:
    """Forget a connection; its history stays or goes with it."""
    known = id_of(connection_id)
    if known is None:
        return NO_SUCH
    return await call(
        state, connections.remove_connection, connection_id=known, keep_history=keep_history
    )


async def request_sync(state: HasRouter, connection_id: object) -> bool | Refused:
    """Put a connection's sync into the queue; False where it waits already."""
    known = id_of(connection_id)
    if known is None:
        return NO_SUCH
    return await call(state, managed.ask_sync, connection_id=known)


async def request_all(state: HasRouter) -> int | Refused:
    """Queue every connection that can be; how many those are."""
    return await call(state, managed.ask_all)


async def activity(state: HasRouter) -> Activity | Refused:
    """Which connections wait for a sync or run one now."""
    return await call(state, syncs.sync_activity)


async def history(
    state: HasRouter, connection_id: object, *, before: tuple[datetime, UUID] | None = None
) -> list[Snapshot] | Refused:
    """A page of a connection's syncs, latest first, and one more where there are more."""
    known = id_of(connection_id)
    if known is None:
        return NO_SUCH
    return await call(
        state,
        syncs.list_snapshots,
        connection_id=known,
        before=before,
        limit=HISTORY_PAGE + 1,
    )


async def snapshot(state: HasRouter, snapshot_id: object) -> Snapshot | Refused:
    """One sync."""
    known = id_of(snapshot_id)
    if known is None:
        return NO_SUCH
    return await call(state, syncs.get_snapshot, snapshot_id=known)


async def changes(
    state: HasRouter, snapshot_id: object, *, since: str = "", after: ChangePlace | None = None
) -> list[ChangeLine] | Refused:
    """A page of what a sync changed, or of all that changed after the sync ``since``.

    ``after`` goes on from the last one of the page before. One more than ``CHANGES_PAGE``
    where there are more.
    """
    newer, older = id_of(snapshot_id), id_of(since)
    if newer is None or (since and older is None):
        return NO_SUCH
    page = {"after": after, "limit": CHANGES_PAGE + 1}
    if older is None:
        return await call(state, syncs.list_changes, snapshot_id=newer, **page)
    return await call(state, syncs.compare_snapshots, older=older, newer=newer, **page)


def end_of(page: list[ChangeLine]) -> ChangePlace | None:
    """Where the next page of changes begins; None where this one is empty."""
    return place_of(page[-1]) if page else None


async def unread_records(
    state: HasRouter, connection_id: object
) -> list[QuarantineEntry] | Refused:
    """Records of a connection that could not be read."""
    known = id_of(connection_id)
    if known is None:
        return NO_SUCH
    return await call(state, syncs.list_unread_records, connection_id=known)
