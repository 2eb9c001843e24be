"""The history of syncs: runs, what each changed, and what accounts looked like then."""

from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query

from infrazen.api.answers.snapshots import (
    FullSnapshot,
    ResourceChange,
    ResourceState,
    Snapshot,
    change_of,
    full_snapshot_of,
    snapshot_of,
)
from infrazen.api.caller import Caller
from infrazen.api.paging import (
    Cursor,
    Limit,
    LongLimit,
    Moment,
    Page,
    Since,
    at_moment,
    cursor_after,
    moment_of,
    position_at,
)
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.db.queries.snapshot_changes import ChangeLine, ChangePlace, place_of
from infrazen.db.queries.snapshot_states import StateLine
from infrazen.db.queries.snapshots import Snapshot as StoredSnapshot
from infrazen.domain.roles import Permission
from infrazen.domain.syncs import Change
from infrazen.services import syncs
from infrazen.services.sign_in import Principal

router = APIRouter(prefix="/snapshots", tags=["snapshots"])

OfConnection = Annotated[UUID | None, Query(description="Of this connection only.")]

_reads = needs(Permission.CONNECTION_READ)
_reads_resources = needs(Permission.RESOURCE_READ)


class _Change(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    at: Moment
    change: Change
    name: str
    id: UUID


class _State(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    type: str
    name: str
    id: UUID


@router.get("", responses=documented(404), openapi_extra=_reads)
def list_snapshots(
    caller: Caller, connection_id: OfConnection = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[Snapshot]:
    """Sync runs, latest first."""
    return snapshots_page(caller, connection_id, cursor, limit=limit)


@router.get("/compare", responses=documented(404), openapi_extra=_reads_resources)
def compare_snapshots(
    caller: Caller, *, older: UUID, newer: UUID, cursor: Cursor = None, limit: Limit = 50
) -> Page[ResourceChange]:
    """Everything that changed between two syncs of one connection, oldest first."""
    found = syncs.compare_snapshots(
        caller.actor, older=older, newer=newer, after=_after(cursor), limit=limit
    )
    return _changes(found, limit=limit)


@router.get("/{snapshot_id:uuid}", responses=documented(404), openapi_extra=_reads)
def get_snapshot(caller: Caller, snapshot_id: UUID) -> FullSnapshot:
    """One sync run with each endpoint's result."""
    return full_snapshot_of(syncs.get_snapshot(caller.actor, snapshot_id=snapshot_id))


@router.get(
    "/{snapshot_id:uuid}/changes", responses=documented(404), openapi_extra=_reads_resources
)
def list_snapshot_changes(
    caller: Caller, snapshot_id: UUID, cursor: Cursor = None, limit: Limit = 50
) -> Page[ResourceChange]:
    """What a sync changed: resources that went, changed or came, with before and after."""
    found = syncs.list_changes(
        caller.actor, snapshot_id=snapshot_id, after=_after(cursor), limit=limit
    )
    return _changes(found, limit=limit)


@router.get("/{snapshot_id:uuid}/states", responses=documented(404), openapi_extra=_reads_resources)
def list_snapshot_states(
    caller: Caller, snapshot_id: UUID, cursor: Cursor = None, limit: LongLimit = 200
) -> Page[ResourceState]:
    """What the account looked like after a sync: every resource, by type and name."""
    start = position_at(cursor, _State)
    after = None if start is None else (start.type, start.name, start.id)
    found = syncs.list_states(caller.actor, snapshot_id=snapshot_id, after=after, limit=limit)
    return Page(
        items=[ResourceState.model_validate(line) for line in found],
        next_cursor=cursor_after(found, _place_of_state, limit=limit),
    )


def snapshots_page(
    caller: Principal, connection_id: UUID | None, cursor: str | None, *, limit: int
) -> Page[Snapshot]:
    """A page of the history."""
    start = position_at(cursor, Since)
    found = syncs.list_snapshots(
        caller.actor,
        connection_id=connection_id,
        before=None if start is None else (at_moment(start.at), start.id),
        limit=limit,
    )
    return Page(
        items=[snapshot_of(one) for one in found],
        next_cursor=cursor_after(found, _place_of_snapshot, limit=limit),
    )


def _place_of_snapshot(one: StoredSnapshot) -> Since:
    return Since(at=moment_of(one.started_at), id=one.id)


def _place_of_state(line: StateLine) -> _State:
    return _State(type=line.type, name=line.name, id=line.resource_id)


def _after(cursor: str | None) -> ChangePlace | None:
    start = position_at(cursor, _Change)
    if start is None:
        return None
    return ChangePlace(at_moment(start.at), start.change, start.name, start.id)


def _changes(found: list[ChangeLine], *, limit: int) -> Page[ResourceChange]:
    return Page(
        items=[change_of(line) for line in found],
        next_cursor=cursor_after(found, _place_of_change, limit=limit),
    )


def _place_of_change(line: ChangeLine) -> _Change:
    at, change, name, id_ = place_of(line)
    return _Change(moment_of(at), change, name, id_)
