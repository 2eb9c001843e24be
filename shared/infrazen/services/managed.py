"""Connections that custom resources manage: what the cluster says of them, and syncs by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from infrazen.cluster.access import Cluster, cluster
from infrazen.cluster.recent import Said
from infrazen.cluster.resources import ManagedResource
from infrazen.db.queries import connections, snapshots
from infrazen.db.queries.connections import Connection, Released
from infrazen.db.session import database
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Permission
from infrazen.errors import (
    AlreadyRunning,
    ClusterRefused,
    ClusterUnavailable,
    InfraZenError,
    ManagedElsewhere,
    NotFound,
)
from infrazen.manifests.commands import sync_command
from infrazen.manifests.names import REQUESTED_AT
from infrazen.security.access import Actor
from infrazen.services import syncs
from infrazen.services.organizations import organization_of
from infrazen.services.use_case import Work, use_case, waiting_use_case, working
from infrazen.settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagedConnection:
    """A connection and the custom resource that manages it.

    ``resource`` is None where the cluster has none of this name for the organization, or
    where it is not known: ``trouble`` is the reason then. With a trouble, a resource is as
    it was last seen.
    """

    connection_id: UUID
    display_name: str
    namespace: str
    name: str
    resource: ManagedResource | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterStatus:
    """The organization's managed connections by id.

    ``is_known`` is false where the installation was not told of its cluster: then nothing is
    known of the resources. ``writes_to`` is the namespace that connections may be written to.
    """

    is_known: bool
    writes_to: str
    managed: Mapping[UUID, ManagedConnection]

    @property
    def waiting(self) -> frozenset[UUID]:
        """Those whose sync waits for its Job, or for what that does to be seen."""
        return frozenset(
            id_
            for id_, one in self.managed.items()
            if one.resource is not None and one.resource.is_at_work
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ours:
    """An organization's managed connections, its slug, and what syncs now."""

    organization: str
    connections: tuple[Connection, ...]
    busy: frozenset[UUID]


@use_case(Permission.CONNECTION_READ)
def list_released(work: Work) -> list[Released]:
    """Connections whose custom resources were deleted and left their history, latest first."""
    return connections.released(work.session, organization_id=work.organization_id)


@waiting_use_case(Permission.CONNECTION_READ)
def cluster_status(actor: Actor) -> ClusterStatus:
    """What the cluster says of the organization's managed connections.

    Asks each namespace at most once in a few seconds; what goes wrong there is part of the
    answer.
    """
    ours, there = _ours(actor), cluster()
    namespaces = {_place(one)[0] for one in ours.connections}
    said = there.recent.of(namespaces) if there and namespaces else {}
    return ClusterStatus(
        is_known=there is not None,
        writes_to=settings().cluster_write_namespace if there else "",
        managed={one.id: _seen(one, ours.organization, said) for one in ours.connections},
    )


@waiting_use_case(Permission.CONNECTION_SYNC, audit="sync.request")
def ask_sync(actor: Actor, *, connection_id: UUID, provider: str | None = None) -> bool:
    """Ask for a sync by hand, wherever it will run; False where one waits already.

    A managed connection's resource is asked by its annotation. Raises ``AlreadyRunning``
    while one runs, ``ManagedElsewhere`` where the cluster is not known here,
    ``ClusterUnavailable`` and ``ClusterRefused`` as it answers, ``NotFound`` where the
    connection, as one of ``provider``, or its resource is gone.
    """
    ours = _ours(actor)
    known = next((one for one in ours.connections if one.id == connection_id), None)
    if known is None:
        return syncs.request_sync(actor, connection_id=connection_id, provider=provider)
    if provider not in {None, known.provider}:
        raise NotFound(f"no such {provider} connection in this organization")
    if known.id in ours.busy:
        raise AlreadyRunning("a sync of this connection is running")
    there = cluster()
    if there is None:
        raise ManagedElsewhere(
            f"the custom resource {known.managed_by} manages this connection, and this"
            f" installation may not ask its cluster: {sync_command(known.managed_by)}"
        )
    seen = _seen(known, ours.organization, there.recent.of([_place(known)[0]]))
    return _annotate(actor, there, known, seen)


@waiting_use_case(Permission.CONNECTION_SYNC, audit="sync.request")
def ask_all(actor: Actor) -> int:
    """Ask for a sync of every connection that is not suspended, waiting or running.

    How many those are. Managed ones whose cluster gives no answer are left out.
    """
    asked = syncs.request_all(actor)
    ours, there = _ours(actor), cluster()
    if there is None or not ours.connections:
        return asked
    said = there.recent.of({_place(one)[0] for one in ours.connections})
    for one in ours.connections:
        if one.is_suspended or one.id in ours.busy:
            continue
        try:
            asked += _annotate(actor, there, one, _seen(one, ours.organization, said))
        except InfraZenError:  # it says so on its card
            continue
    return asked


def _ours(actor: Actor) -> _Ours:
    with database().reading() as session:
        work = Work(session, actor, utc_now())
        found = connections.every(session, organization_id=work.organization_id)
        return _Ours(
            organization=organization_of(work).slug,
            connections=tuple(one for one in found if one.managed_by),
            busy=frozenset(snapshots.running(session, organization_id=work.organization_id)),
        )


def _seen(one: Connection, organization: str, said: Mapping[str, Said]) -> ManagedConnection:
    namespace, name = _place(one)
    answer = said.get(namespace, Said())
    found = answer.resources.get(name)
    return ManagedConnection(
        connection_id=one.id,
        display_name=one.display_name,
        namespace=namespace,
        name=name,
        resource=found if found and _is_its(found, one, organization) else None,
        trouble=answer.trouble,
    )


def _is_its(found: ManagedResource, one: Connection, organization: str) -> bool:
    return found.belongs_to(organization, str(one.id), uid=one.managed_uid)


def _annotate(
    actor: Actor, there: Cluster, connection: Connection, seen: ManagedConnection
) -> bool:
    """Write the annotation, unless an earlier one waits; the audit log has it too."""
    if seen.trouble:
        refusals = {ClusterRefused.reason: ClusterRefused}
        kind = refusals.get(seen.trouble, ClusterUnavailable)
        raise kind("the cluster does not tell of this connection")
    if seen.resource is None:
        raise NotFound(f"the cluster has no custom resource {connection.managed_by} any more")
    if seen.resource.is_waiting:
        return False
    with working(actor, audit="sync.request") as work:
        work.about(connection.name, called=connection.display_name, id=connection.id)
        work.details["managed_by"] = connection.managed_by
    there.api.annotate(seen.namespace, seen.name, {REQUESTED_AT: utc_now().isoformat()})
    there.recent.forget(seen.namespace)
    return True


def _place(one: Connection) -> tuple[str, str]:
    namespace, _, name = one.managed_by.partition("/")
    return namespace, name
