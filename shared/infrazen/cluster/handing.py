"""Writing a connection to the cluster, and going on with a try that broke off half-way.

No Secret is ever read, and nothing is deleted: what an earlier try left is known by its marks.
The resource names the connection for which it was written, and the Secret's name follows from
what is in it by a key that nobody else has.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from infrazen.cluster.api import ClusterApi
from infrazen.errors import Conflict
from infrazen.manifests.names import HANDED_OVER

Document = Mapping[str, Any]


def marked(resource: Document, connection_id: UUID) -> dict[str, Any]:
    """``resource`` as it rests in the cluster first, with the mark of its connection.

    No Job may begin before the connection is known to be the resource's.
    """
    metadata = {**resource["metadata"], "annotations": {HANDED_OVER: str(connection_id)}}
    return {**resource, "metadata": metadata, "spec": {**resource["spec"], "suspend": True}}


def written_for(document: Document, connection_id: UUID) -> bool:
    """Whether a resource in the cluster was written for this connection."""
    annotations = document.get("metadata", {}).get("annotations") or {}
    return bool(annotations.get(HANDED_OVER) == str(connection_id))


def write(api: ClusterApi, *, secret: Document, resource: Document) -> None:
    """Create both, or what an earlier try has left out; ``resource`` is a marked one.

    Raises ``Conflict`` where the resource's name is somebody else's. Nothing is created before
    it is sure that both would be taken.
    """
    mark = UUID(resource["metadata"]["annotations"][HANDED_OVER])
    place = (resource["metadata"]["namespace"], resource["metadata"]["name"])
    begun = api.connection(*place)
    if begun is None or not written_for(begun, mark):
        api.create_connection(resource, only_try=True)
        begun = None
    elif begun["metadata"].get("deletionTimestamp"):
        raise Conflict(f"the CloudConnection {'/'.join(place)} is being deleted: try again then")
    for only_try in (True, False):
        with suppress(Conflict):  # it is there from an earlier try, and the same is in it
            api.create_secret(secret, only_try=only_try)
    if begun is None:
        api.create_connection(resource)
    else:
        api.replace_spec(*place, resource["spec"], uid=begun["metadata"]["uid"])
