"""Syncs by hand, how they go, and what came of them."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from infrazen.db.queries import (
    connections,
    quarantine,
    runs,
    snapshot_changes,
    snapshot_states,
    snapshots,
    sync_queue,
)
from infrazen.db.queries.quarantine import QuarantineEntry
from infrazen.db.queries.snapshot_changes import ChangeLine, ChangePlace
from infrazen.db.queries.snapshot_states import StateLine, StatePlace
from infrazen.db.queries.snapshots import Snapshot
from infrazen.db.queries.sync_queue import Priority, Request
from infrazen.db.session import database
from infrazen.domain.roles import Permission
from infrazen.domain.syncs import Trigger
from infrazen.errors import AlreadyRunning, ManagedElsewhere, NotFound
from infrazen.security.access import Actor, ActorKind
from infrazen.services.use_case import Work, register, use_case
from infrazen.sync import schedule as schedules
from infrazen.sync.engine import Ended, Listener, Order
from infrazen.sync.engine import run as run_engine

LONGEST_PAGE = 500
MOST_STATES = 100_000
MOST_UPCOMING = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SyncStatusView:
    """Whether a connection waits or syncs, and its last finished run."""

    waiting: bool
    running: Snapshot | None
    last: Snapshot | None
    next_sync_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Which connections wait for a worker, and the runs at work by connection."""

    waiting: frozenset[UUID]
    running: dict[UUID, Snapshot]


@use_case(Permission.CONNECTION_SYNC, audit="sync.request")
def request_sync(work: Work, *, connection_id: UUID, provider: str | None = None) -> bool:
    """Put a connection's sync into the queue, before the scheduled ones.

    False where it waits already. Raises ``AlreadyRunning`` while one runs, ``NotFound``
    where the connection is not one of ``provider``, if that is given, and
    ``ManagedElsewhere`` where a custom resource manages it: ``managed.ask_sync`` asks that.
    """
    known = connections.get(
        work.session, organization_id=work.organization_id, connection_id=connection_id
    )
    if provider not in (None, known.provider):
        raise NotFound(f"no such {provider} connection in this organization")
    work.about(known.name, called=known.display_name, id=known.id)
    if known.managed_by:
        raise ManagedElsewhere(f"the custom resource {known.managed_by} starts its syncs")
    if runs.running(work.session, connection_id=connection_id):
        raise AlreadyRunning("a sync of this connection is running")
    return sync_queue.ask(
        work.session,
        Request(
            organization_id=work.organization_id,
            connection_id=connection_id,
            trigger=Trigger.MANUAL,
            priority=_turn(work) if known.last_sync_at else Priority.NEW,
            not_before=work.now,
            requested_by=work.actor.name,
        ),
    )


@use_case(Permission.CONNECTION_SYNC, audit="sync.request")
def request_all(work: Work) -> int:
    """Queue every connection that is not suspended, waiting or running; how many those are.

    Those that custom resources manage are not among them: ``managed.ask_all`` asks these too.
    """
    asked = 0
    busy = snapshots.running(work.session, organization_id=work.organization_id)
    for known in connections.every(work.session, organization_id=work.organization_id):
        if known.id in busy or known.is_suspended or known.managed_by:
            continue
        asked += sync_queue.ask(
            work.session,
            Request(
                organization_id=work.organization_id,
                connection_id=known.id,
                trigger=Trigger.MANUAL,
                priority=_turn(work),
                not_before=work.now,
                requested_by=work.actor.name,
            ),
        )
    return asked


def _turn(work: Work) -> Priority:
    """Whoever looks at the demo waits until nobody else does."""
    is_visitor = work.actor.kind is ActorKind.DEMO
    return Priority.SCHEDULED if is_visitor else Priority.MANUAL


def run_sync(actor: Actor | None, order: Order, *, listener: Listener) -> Ended:
    """Sync in this process and wait for the end: what the command line and workers do.

    Raises ``ManagedElsewhere`` for a connection whose credentials only its own Jobs have.
    """
    is_given = order.credentials is not None
    allowed = permit_sync(actor, connection_id=order.connection_id, with_credentials=is_given)
    return run_engine(database(), replace(order, organization_id=allowed), listener=listener)


# It lasts too long for one transaction, so ``permit_sync`` asks for the permission.
register(run_sync, Permission.CONNECTION_SYNC, writes=True, audit=None, call=run_sync)


@use_case(Permission.CONNECTION_READ)
def sync_status(work: Work, *, connection_id: UUID) -> SyncStatusView:
    """How a connection's sync stands now."""
    known = connections.get(
        work.session, organization_id=work.organization_id, connection_id=connection_id
    )
    place = {"organization_id": work.organization_id}
    running = snapshots.running(work.session, **place).get(connection_id)
    last = None
    if known.last_snapshot_id is not None:
        last = snapshots.get(work.session, **place, snapshot_id=known.last_snapshot_id)
    return SyncStatusView(
        waiting=sync_queue.waiting(work.session, connection_id=connection_id) is not None,
        running=running,
        last=last,
        next_sync_at=known.next_sync_at,
    )


@use_case(Permission.CONNECTION_READ)
def sync_activity(work: Work) -> Activity:
    """All that goes on now; cheap enough to be asked every second."""
    place = {"organization_id": work.organization_id}
    return Activity(
        waiting=frozenset(sync_queue.waiting_connections(work.session, **place)),
        running=snapshots.running(work.session, **place),
    )


@use_case(Permission.CONNECTION_READ)
def upcoming_syncs(work: Work, *, schedule: str, time_zone: str, limit: int = 2) -> list[datetime]:
    """When a schedule (cron line, IANA zone) would be due next; nothing for an empty one.

    Raises ``Invalid`` for a schedule that no connection may have.
    """
    schedules.check(schedule, time_zone, now=work.now)
    found: list[datetime] = []
    while schedule and len(found) < min(limit, MOST_UPCOMING):
        due = schedules.next_due(schedule, time_zone, after=found[-1] if found else work.now)
        if due is None:
            break
        found.append(due)
    return found


@use_case(Permission.CONNECTION_READ)
def list_snapshots(
    work: Work,
    *,
    connection_id: UUID | None = None,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 20,
) -> list[Snapshot]:
    """The latest syncs, of one connection or of all; ``before`` goes on from (start, id)."""
    if connection_id is not None:
        connections.get(
            work.session, organization_id=work.organization_id, connection_id=connection_id
        )
    return snapshots.history(
        work.session,
        organization_id=work.organization_id,
        connection_id=connection_id,
        before=before,
        limit=_page(limit),
    )


@use_case(Permission.CONNECTION_READ)
def get_snapshot(work: Work, *, snapshot_id: UUID) -> Snapshot:
    """One sync, or ``NotFound``."""
    return snapshots.get(
        work.session, organization_id=work.organization_id, snapshot_id=snapshot_id
    )


@use_case(Permission.RESOURCE_READ)
def list_changes(
    work: Work, *, snapshot_id: UUID, after: ChangePlace | None = None, limit: int = 50
) -> list[ChangeLine]:
    """What a sync changed: resources that came, changed or went, with before and after.

    ``after`` goes on from the last one of the page before.
    """
    snapshots.get(work.session, organization_id=work.organization_id, snapshot_id=snapshot_id)
    return snapshot_changes.changes(
        work.session,
        organization_id=work.organization_id,
        snapshot_id=snapshot_id,
        after=after,
        limit=_page(limit),
    )


@use_case(Permission.RESOURCE_READ)
def list_states(
    work: Work, *, snapshot_id: UUID, after: StatePlace | None = None, limit: int = MOST_STATES
) -> list[StateLine]:
    """What the account looked like after a sync: every resource, unchanged ones too.

    ``after`` (type, name, id) goes on from the last one of the page before.
    """
    return snapshot_states.states_at(
        work.session,
        organization_id=work.organization_id,
        snapshot_id=snapshot_id,
        after=after,
        limit=max(1, min(limit, MOST_STATES)),
    )


@use_case(Permission.RESOURCE_READ)
def compare_snapshots(
    work: Work,
    *,
    older: UUID,
    newer: UUID,
    after: ChangePlace | None = None,
    limit: int | None = None,
) -> list[ChangeLine]:
    """Everything that changed between two syncs of one connection, oldest first.

    ``after`` goes on from the last one of the page before.
    """
    return snapshot_changes.changes_between(
        work.session,
        organization_id=work.organization_id,
        older=older,
        newer=newer,
        after=after,
        limit=None if limit is None else _page(limit),
    )


@use_case(Permission.CONNECTION_READ)
def list_unread_records(
    work: Work,
    *,
    connection_id: UUID,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 200,
) -> list[QuarantineEntry]:
    """Records that could not be read, latest first; ``before`` goes on from (last seen, id).

    The next sync that reads one takes it off.
    """
    connections.get(work.session, organization_id=work.organization_id, connection_id=connection_id)
    return quarantine.unresolved(
        work.session,
        organization_id=work.organization_id,
        connection_id=connection_id,
        before=before,
        limit=_page(limit),
    )


@use_case(Permission.CONNECTION_SYNC)
def permit_sync(work: Work, *, connection_id: UUID, with_credentials: bool = False) -> UUID:
    """That the actor may sync the connection here and now; its organization's id."""
    known = connections.get(
        work.session, organization_id=work.organization_id, connection_id=connection_id
    )
    if known.managed_by and not with_credentials:
        raise ManagedElsewhere(
            f"the credentials are where the custom resource {known.managed_by} is: ask for a"
            " sync there, with its annotation reconcile.infrazen.io/requestedAt"
        )
    return work.organization_id


def _page(limit: int) -> int:
    return max(1, min(limit, LONGEST_PAGE))
