"""What becomes of a managed connection when its custom resource goes: history, or nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from infrazen.db.queries import connection_purge, connections, managed_connections, runs
from infrazen.db.queries.connection_purge import Erased
from infrazen.db.queries.connections import Connection
from infrazen.db.session import database
from infrazen.domain.roles import Permission
from infrazen.errors import AlreadyRunning, NotFound
from infrazen.secret_store.connection_secrets import secret_facts
from infrazen.security.access import Actor, system_actor
from infrazen.services.open_doors import local
from infrazen.services.use_case import Work, use_case
from infrazen.sync import schedule
from infrazen.sync.lease import make_way

ROWS_A_BATCH = 10_000
_WHY = "carries out what the cluster decided, which whoever runs the installation owns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """How far a purge is: connections that are gone, rows erased of about so many.

    ``rows`` are those of every call since it began, ``now`` those of this call. ``left`` is 0
    when all is gone, and not before.
    """

    connections: int = 0
    rows: int = 0
    of: int = 0
    now: int = 0
    left: int = 0

    def after(self, erased: int) -> "Erasure":
        """How far it is when ``erased`` more rows are gone."""
        rows = self.rows + erased
        of = max(self.of, rows)
        return replace(self, rows=rows, of=of, now=self.now + erased, left=max(of - rows, 1))


OnErasure = Callable[[Erasure], None]


@use_case(Permission.CONNECTION_WRITE, audit="connection.release")
def release_connection(work: Work, *, connection_id: UUID) -> None:
    """Let a connection go that its resource has left; what it brought stays as history.

    One that the resource had taken over and never synced is managed here again, as it was.
    Raises ``AlreadyRunning`` while it syncs.
    """
    leave(work, _managed(work, connection_id))


@use_case(Permission.CONNECTION_WRITE, audit="connection.purge")
def begin_purge(work: Work, *, connection_id: UUID) -> Erased:
    """Take a managed connection out of all sums; none of so many rows of it is erased yet.

    Raises ``AlreadyRunning`` while it syncs.
    """
    known = _managed(work, connection_id)
    _note(work, known)
    return connection_purge.begin(work.session, connection_id)


@use_case(Permission.CONNECTION_WRITE, writes=True)
def purge_rows(work: Work, *, connection_id: UUID, limit: int) -> int:
    """Erase at most ``limit`` rows of a managed connection; 0 once it is gone itself."""
    known = _managed(work, connection_id)
    _refuse_running(work, known)
    erased = connection_purge.erase(work.session, connection_id, limit=limit)
    if not erased:
        connections.purge(
            work.session, organization_id=work.organization_id, connection_id=connection_id
        )
    return erased


def leave(work: Work, known: Connection) -> None:
    """Retire a managed connection within ``work``'s transaction; ``AlreadyRunning`` if it syncs.

    One that still has the secrets that were entered here is given back instead.
    """
    _note(work, known)
    if keeps_secrets(work, known):
        _give_back(work, known)
        return
    connections.retire(
        work.session,
        organization_id=work.organization_id,
        connection_id=known.id,
        now=work.now,
    )


def keeps_secrets(work: Work, known: Connection) -> bool:
    """Whether secrets of a connection are stored here."""
    facts = secret_facts(work.session, organization_id=work.organization_id, connections=[known.id])
    return bool(facts.get(known.id))


def _give_back(work: Work, known: Connection) -> None:
    following = None
    if known.schedule and not known.is_suspended:
        following = schedule.next_due(known.schedule, known.time_zone, after=work.now)
    work.details["given_back"] = True
    connections.change(
        work.session,
        organization_id=work.organization_id,
        connection_id=known.id,
        values={
            "managed_by": "",
            "managed_uid": "",
            "next_sync_at": following,
            "updated_at": work.now,
        },
    )


@local(_WHY)
def release(managed_by: str, *, uid: str = "", besides: UUID | None = None) -> int:
    """Release what a resource manages, but in the organization ``besides``; how many it was.

    With ``uid`` what that very resource manages, and no other one that is called alike.
    """
    found = [one for one in _in_use(managed_by, uid) if one.organization_id != besides]
    for one in found:
        make_way(database(), one.id)
        release_connection(_actor(one), connection_id=one.id)
    return len(found)


@local(_WHY)
def list_handles() -> list[str]:
    """Every resource, as ``namespace/name``, that manages a connection here."""
    with database().reading() as session:
        return managed_connections.handles(session)


@local(_WHY)
def purge(
    managed_by: str,
    *,
    uid: str = "",
    seconds: float | None = None,
    on_progress: OnErasure = lambda _far: None,
) -> Erasure:
    """Erase what a resource manages with all that it brought, in batches.

    With ``seconds`` no batch begins later than that, but one in any case: each call comes on.
    Where it is broken off, what was erased stays so, and the next call goes on from there.
    """
    began = time.monotonic()
    found = _in_use(managed_by, uid)
    known = [_begun(one) for one in found]
    far = Erasure(rows=sum(one.rows for one in known), of=sum(one.of for one in known)).after(0)
    on_progress(far)
    for one in found:
        while erased := purge_rows(_actor(one), connection_id=one.id, limit=ROWS_A_BATCH):
            far = far.after(erased)
            on_progress(far)
            if seconds is not None and time.monotonic() - began >= seconds:
                return far
        far = replace(far, connections=far.connections + 1)
    return replace(far, of=far.rows, left=0)


def _begun(one: Connection) -> Erased:
    """How far a connection is erased already; where that has not begun, it does."""
    make_way(database(), one.id)
    with database().reading() as session:
        known = connection_purge.erased(session, one.id)
    return known or begin_purge(_actor(one), connection_id=one.id)


def _in_use(managed_by: str, uid: str) -> list[Connection]:
    with database().reading() as session:
        return managed_connections.in_use(session, managed_by, uid=uid)


def _actor(known: Connection) -> Actor:
    return system_actor(known.organization_id, name=known.managed_by)


def _managed(work: Work, connection_id: UUID) -> Connection:
    known = connections.get(
        work.session, organization_id=work.organization_id, connection_id=connection_id
    )
    if not known.managed_by:
        raise NotFound("no custom resource manages this connection")
    return known


def _note(work: Work, known: Connection) -> None:
    _refuse_running(work, known)
    work.about(known.name, called=known.display_name, id=known.id)
    work.details["managed_by"] = known.managed_by


def _refuse_running(work: Work, known: Connection) -> None:
    if runs.running(work.session, connection_id=known.id):
        raise AlreadyRunning("a sync of this connection is running: wait until it ends")
