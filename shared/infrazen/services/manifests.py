"""A connection made here as a manifest: to be kept in Git, or written to the cluster at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from infrazen.cluster.access import Cluster, cluster
from infrazen.db.queries import connections, runs, sync_queue
from infrazen.db.queries.connections import Connection
from infrazen.db.session import database
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Permission
from infrazen.domain.text import slug
from infrazen.errors import (
    AlreadyRunning,
    ClusterUnavailable,
    Conflict,
    InfraZenError,
)
from infrazen.manifests.connection import manifest
from infrazen.manifests.names import CONNECTION
from infrazen.manifests.spec import SecretReference, Spec, settings_document
from infrazen.manifests.yaml_text import yaml_text
from infrazen.provider_kit.forms import form_fields, secret_fields
from infrazen.providers import provider
from infrazen.secret_store.connection_secrets import (
    connection_secrets,
    secret_facts,
    store_connection_secrets,
)
from infrazen.security.access import Actor
from infrazen.services.connection_views import ConnectionCard, cards
from infrazen.services.connections import changeable
from infrazen.services.organizations import organization_of
from infrazen.services.use_case import Work, use_case, waiting_use_case, working
from infrazen.settings import settings

_NOTES = """\
Fill in the empty values of the Secret, or let your own tool make a Secret of this name.
Never commit a Secret with values to Git."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A connection as YAML: a Secret whose secret values are empty, and a CloudConnection."""

    name: str
    namespace: str
    yaml: str


@use_case(Permission.CONNECTION_READ)
def export_manifest(
    work: Work, *, connection_id: UUID | None = None, name: str = "", namespace: str = ""
) -> Manifest:
    """The connection with this id, or called ``name``, as a manifest for ``namespace``.

    Secrets never leave: their values are empty. Where ``namespace`` is empty it is the one
    that the installation writes to, and left out where it writes to none. Raises ``NotFound``,
    and ``ManagedElsewhere`` where a custom resource is there already.
    """
    if connection_id is None:
        known = connections.by_name(work.session, organization_id=work.organization_id, name=name)
        connection_id = known.id
    known = changeable(work, connection_id)
    where = slug(namespace, field="namespace") if namespace else _write_namespace()
    facts = secret_facts(
        work.session, organization_id=work.organization_id, connections=[connection_id]
    )
    kept = {fact.field: "" for fact in facts.get(connection_id, ())}
    documents = _documents(work, known, name=known.name, namespace=where, secrets=kept)
    return Manifest(name=known.name, namespace=where, yaml=yaml_text(documents, notes=_NOTES))


@waiting_use_case(Permission.CONNECTION_WRITE, audit="connection.hand_over")
def hand_over(actor: Actor, *, connection_id: UUID, name: str = "") -> ConnectionCard:
    """Write a connection to the cluster as Secret and CloudConnection, which manages it then.

    ``name`` is the resource's, the connection's own where empty. The stored secrets go into
    the Secret and are forgotten here; the history stays. Raises ``Conflict`` where the
    installation writes nothing to a cluster and where the name is taken there,
    ``ClusterRefused`` and ``ClusterUnavailable`` as the cluster answers, ``AlreadyRunning``
    while it syncs, ``ManagedElsewhere`` where it was handed over before, ``Invalid`` where the
    cluster does not take it.
    """
    there, namespace = cluster(), _write_namespace()
    with database().reading() as session:
        work = Work(session, actor, utc_now())
        known = _idle(work, connection_id)
        if there is None or not namespace:
            raise Conflict("this installation writes no connections to a cluster")
        place = {"organization_id": actor.organization_id, "connection_id": connection_id}
        wanted = slug(name, field="name") if name else known.name
        secret, resource = _documents(
            work,
            known,
            name=wanted,
            namespace=namespace,
            secrets=connection_secrets(session, **place),
        )
    _write(there, secret, resource)
    with working(actor, audit="connection.hand_over") as work:
        if _idle(work, connection_id).updated_at != known.updated_at:
            raise Conflict("somebody has just changed this connection: look, and try again")
        work.target = known.name
        work.details["managed_by"] = f"{namespace}/{wanted}"
        _let_go(work, known, managed_by=f"{namespace}/{wanted}")
        card = cards(work, [connections.get(work.session, **place)])[0]
    _wake(there, namespace, wanted, suspend=known.is_suspended)
    return card


def _write(there: Cluster, secret: Mapping[str, Any], resource: Mapping[str, Any]) -> None:
    """Create both, after it is sure that both would be taken.

    The resource rests at first: no Job may begin before the connection is known to be its.
    """
    resting = {**resource, "spec": {**resource["spec"], "suspend": True}}
    there.api.create_secret(secret, only_try=True)
    there.api.create_connection(resting, only_try=True)
    there.api.create_secret(secret)
    there.api.create_connection(resting)


def _wake(there: Cluster, namespace: str, name: str, *, suspend: bool) -> None:
    """Let the operator begin with a resource, unless the connection was suspended."""
    try:
        there.api.change(namespace, name, {"spec": {"suspend": suspend}})
    except InfraZenError as error:
        raise ClusterUnavailable(
            f"{namespace}/{name} manages the connection now, but is still suspended: set"
            f" spec.suspend to {str(suspend).lower()} there"
        ) from error
    finally:
        there.recent.forget(namespace)


def _let_go(work: Work, known: Connection, *, managed_by: str) -> None:
    place = {"organization_id": work.organization_id, "connection_id": known.id}
    connections.change(
        work.session,
        **place,
        values={"managed_by": managed_by, "next_sync_at": None, "updated_at": work.now},
    )
    sync_queue.forget(work.session, connection_id=known.id)
    fields = secret_fields(provider(known.provider).credentials)
    store_connection_secrets(work.session, **place, values={}, remove=fields)


def _idle(work: Work, connection_id: UUID) -> Connection:
    known = changeable(work, connection_id)
    if runs.running(work.session, connection_id=connection_id):
        raise AlreadyRunning("a sync of this connection is running: wait until it ends")
    return known


def _documents(
    work: Work, known: Connection, *, name: str, namespace: str, secrets: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(Secret, CloudConnection) of a connection."""
    fields = form_fields(provider(known.provider).credentials)
    values = {**known.credentials, **secrets}
    entered = {one.name: values.get(one.name, "") for one in fields if one.required}
    secret_name = f"{name}-credentials"
    spec = Spec(
        provider=known.provider,
        display_name=known.display_name,
        organization=organization_of(work).slug,
        credentials_secret_ref=SecretReference(name=secret_name),
        endpoint=known.endpoint,
        settings=settings_document(known.settings),
        schedule=known.schedule,
        time_zone=known.time_zone,
        suspend=known.is_suspended,
        starting_deadline_seconds=known.starting_deadline_seconds,
        timeout_seconds=known.timeout_seconds,
    )
    place = {"namespace": namespace} if namespace else {}
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": secret_name, **place, "labels": {CONNECTION: name}},
        "type": "Opaque",
        "stringData": {**entered, **values},
    }
    resource = manifest(spec, name=name, namespace=namespace)
    resource["metadata"] = {"name": name, **place}
    return secret, resource


def _write_namespace() -> str:
    return settings().cluster_write_namespace
