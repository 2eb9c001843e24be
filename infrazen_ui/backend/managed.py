"""Connections that custom resources manage, and connections as manifests."""

from infrazen.db.queries.connections import Released
from infrazen.services import managed, manifests
from infrazen.services.connection_views import ConnectionCard
from infrazen.services.managed import ClusterStatus
from infrazen.services.manifests import Manifest
from infrazen_ui.backend.browsers import HasRouter
from infrazen_ui.backend.calls import Refused, call
from infrazen_ui.backend.connections import NO_SUCH, id_of


async def cluster_status(state: HasRouter) -> ClusterStatus | Refused:
    """What the cluster says of the managed connections; asked off the event loop."""
    return await call(state, managed.cluster_status)


async def released(state: HasRouter) -> list[Released] | Refused:
    """Connections that their resources have left with their history."""
    return await call(state, managed.list_released)


async def manifest(state: HasRouter, connection_id: object) -> Manifest | Refused:
    """A connection as YAML, without its secrets."""
    known = id_of(connection_id)
    if known is None:
        return NO_SUCH
    return await call(state, manifests.export_manifest, connection_id=known)


async def hand_over(state: HasRouter, connection_id: object) -> ConnectionCard | Refused:
    """Write a connection to the cluster, which manages it then."""
    known = id_of(connection_id)
    if known is None:
        return NO_SUCH
    return await call(state, manifests.hand_over, connection_id=known)
