"""A CloudConnection as a page needs it: what it wants, and what the operator says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infrazen.manifests.connection import Metadata
from infrazen.manifests.names import REQUESTED_AT
from infrazen.manifests.status import Condition, Status, Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedResource:
    """One CloudConnection. ``organization`` is the slug in its spec, empty for the only one."""

    metadata: Metadata
    status: Status
    organization: str = ""
    is_suspended: bool = False

    @property
    def name(self) -> str:
        """Its name in its namespace."""
        return self.metadata.name

    @property
    def is_waiting(self) -> bool:
        """Whether a sync by hand was asked for and its Job is not there yet."""
        asked = self.metadata.annotations.get(REQUESTED_AT, "")
        return bool(asked) and asked != self.status.last_handled_reconcile_at

    @property
    def is_at_work(self) -> bool:
        """Whether a sync waits for its turn, or its Job is there."""
        return bool(self.is_waiting or self.status.active_job or self.status.queued_since)

    def belongs_to(self, organization: str, connection_id: str, *, uid: str) -> bool:
        """Whether it is the resource of this connection: names may be used again.

        ``uid`` is that of the connection's resource, empty where it was not told yet.
        """
        if uid and uid != self.metadata.uid:
            return False
        if self.organization:
            return self.organization == organization
        return self.status.connection_id == connection_id

    def says(self, type: str) -> Condition | None:
        """The condition called ``type`` where it is true, else None."""
        found = self.status.condition(type)
        return found if found is not None and found.status is Truth.TRUE else None


def resource_of(document: Mapping[str, Any]) -> ManagedResource:
    """A document of the API server; a spec that makes no sense is the operator's to tell."""
    spec = document.get("spec")
    wanted: Mapping[str, Any] = spec if isinstance(spec, Mapping) else {}
    return ManagedResource(
        metadata=Metadata.model_validate(document["metadata"]),
        status=Status.read(document.get("status")),
        organization=str(wanted.get("organization") or ""),
        is_suspended=wanted.get("suspend") is True,
    )
