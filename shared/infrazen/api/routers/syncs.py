"""Syncs by hand, and how they go."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from infrazen.api.answers.snapshots import Snapshot, snapshot_of
from infrazen.api.caller import Caller
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import Answer
from infrazen.domain.roles import Permission
from infrazen.services import managed, syncs
from infrazen.services.sign_in import Principal

router = APIRouter(tags=["syncs"])

requests = needs(Permission.CONNECTION_SYNC)
reads = needs(Permission.CONNECTION_READ)


class RequestedSync(Answer):
    """A sync that waits for a worker; `status_url` tells how it goes.

    `is_new` is false where it had been waiting already.
    """

    connection_id: UUID
    is_new: bool
    status_url: Annotated[
        str, Field(examples=["/api/v1/connections/3b241101-e2bb-4255-8caf-4136c566a962/sync"])
    ]


class RequestedSyncs(Answer):
    """How many connections were put into the queue."""

    requested: int


class SyncState(Answer):
    """Whether a connection waits or syncs, with live progress, and its last finished run."""

    is_waiting: bool
    running: Snapshot | None
    last: Snapshot | None
    next_sync_at: datetime | None


@router.post(
    "/connections/{connection_id:uuid}/sync",
    status_code=202,
    responses=documented(404, 409, 502, 503),
    openapi_extra=requests,
)
def request_sync(caller: Caller, response: Response, connection_id: UUID) -> RequestedSync:
    """Put a connection's sync into the queue, before the scheduled ones.

    409 while one runs: it may have begun before what you want to see. A connection that a
    custom resource manages is asked through its annotation; 409 `ManagedElsewhere` with the
    command to do so where this installation does not know the cluster.
    """
    return requested(caller, response, connection_id)


@router.get(
    "/connections/{connection_id:uuid}/sync", responses=documented(404), openapi_extra=reads
)
def get_sync(caller: Caller, connection_id: UUID) -> SyncState:
    """How a connection's sync stands now; ask every second or so while it runs."""
    return sync_state(caller, connection_id)


@router.post("/syncs", status_code=202, openapi_extra=requests)
def request_all_syncs(caller: Caller) -> RequestedSyncs:
    """Put every connection into the queue that is not suspended, waiting or running."""
    return RequestedSyncs(requested=managed.ask_all(caller.actor))


def requested(
    caller: Principal, response: Response, connection_id: UUID, *, provider: str | None = None
) -> RequestedSync:
    """Ask for a sync (of a connection to ``provider``, if given) and say where to look."""
    is_new = managed.ask_sync(caller.actor, connection_id=connection_id, provider=provider)
    where = f"/api/v1/connections/{connection_id}/sync"
    response.headers["Location"] = where
    return RequestedSync(connection_id=connection_id, is_new=is_new, status_url=where)


def sync_state(caller: Principal, connection_id: UUID) -> SyncState:
    """How the connection's sync stands now."""
    found = syncs.sync_status(caller.actor, connection_id=connection_id)
    return SyncState(
        is_waiting=found.waiting,
        running=snapshot_of(found.running) if found.running else None,
        last=snapshot_of(found.last) if found.last else None,
        next_sync_at=found.next_sync_at,
    )
