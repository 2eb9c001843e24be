"""The routes that InfraZen was first described with; `/api/v1` has the same and more."""

from uuid import UUID

from fastapi import APIRouter, Response

from infrazen.api.answers.snapshots import Snapshot
from infrazen.api.caller import Caller
from infrazen.api.paging import Cursor, Limit, Page
from infrazen.api.problems import documented
from infrazen.api.routers.snapshots import OfConnection, snapshots_page
from infrazen.api.routers.syncs import (
    RequestedSync,
    SyncState,
    reads,
    requested,
    requests,
    sync_state,
)

router = APIRouter(tags=["founding routes"], responses=documented(404))


@router.post(
    "/providers/beget/{id:uuid}/sync",
    status_code=202,
    responses=documented(409),
    openapi_extra=requests,
)
def sync_beget_provider(caller: Caller, response: Response, id: UUID) -> RequestedSync:
    """Put a Beget connection's sync into the queue; `id` is the connection's.

    The same as `POST /api/v1/connections/{connection_id}/sync`.
    """
    return requested(caller, response, id, provider="beget")


@router.get("/providers/{id:uuid}/sync/status", openapi_extra=reads)
def get_provider_sync_status(caller: Caller, id: UUID) -> SyncState:
    """How a connection's sync stands now; `id` is the connection's.

    The same as `GET /api/v1/connections/{connection_id}/sync`.
    """
    return sync_state(caller, id)


@router.get("/sync/snapshots", openapi_extra=reads)
def list_sync_snapshots(
    caller: Caller, connection_id: OfConnection = None, cursor: Cursor = None, limit: Limit = 50
) -> Page[Snapshot]:
    """Sync runs, latest first. The same as `GET /api/v1/snapshots`."""
    return snapshots_page(caller, connection_id, cursor, limit=limit)
