"""A connection made here as a manifest: to be kept in Git, or written to the cluster at once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from infrazen.cluster.access import Cluster, cluster
from infrazen.cluster.handing import marked, write, written_for
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
from infrazen.provider_kit.forms import form_fields
from infrazen.providers import provider
from infrazen.secret_store.connection_secrets import (
    connection_secrets,
    secret_facts,
    secrets_mark,
)
from infrazen.security.access import Actor
from infrazen.services.connection_views import ConnectionCard, cards
from infrazen.services.connections import changeable
from infrazen.services.managed_removal import keeps_secrets
from infrazen.services.organizations import organization_of
from infrazen.services.use_case import Work, log, use_case, waiting_use_case, working
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
    documents = _documents(
        work,
        known,
        name=known.name,
        namespace=where,
        secrets=kept,
        secret_name=f"{known.name}-credentials",
    )
    return Manifest(name=known.name, namespace=where, yaml=yaml_text(documents, notes=_NOTES))


@waiting_use_case(Permission.CONNECTION_WRITE, audit="connection.hand_over")
def hand_over(actor: Actor, *, connection_id: UUID, name: str = "") -> ConnectionCard:
    """Write a connection to the cluster as Secret and CloudConnection, which manages it then.

    ``name`` is the resource's, the connection's own where empty. The stored secrets go into
    the Secret; here they are forgotten once a sync has brought data from there. The history
    stays. Whatever broke off half-way is gone on with by the next call. Raises ``Conflict``
    where the installation writes nothing to a cluster and where the name is taken there,
    ``ClusterRefused`` and ``ClusterUnavailable`` as the cluster answers, ``AlreadyRunning``
    while it syncs, ``ManagedElsewhere`` where it was handed over before, ``Invalid`` where the
    cluster does not take it.
    """
    there, namespace = cluster(), _write_namespace()
    with database().reading() as session:
        work = Work(session, actor, utc_now())
        known = connections.get(
            session, organization_id=actor.organization_id, connection_id=connection_id
        )
        wanted = slug(name, field="name") if name else known.name
        handle = f"{namespace}/{wanted}"
        left_asleep = known.managed_by == handle and keeps_secrets(work, known)
        if not left_asleep:
            _idle(work, connection_id)
        if there is None or not namespace:
            raise Conflict("this installation writes no connections to a cluster")
        secret, resource = _to_be_written(work, known, name=wanted, namespace=namespace)
    if left_asleep:
        return _rouse(actor, there, known)
    with _audited(actor, known, handle):
        write(there.api, secret=secret, resource=marked(resource, connection_id))
        card = _let_go(actor, known, managed_by=handle)
    _wake(there, handle, suspend=known.is_suspended)
    return card


@contextmanager
def _audited(actor: Actor, known: Connection, handle: str) -> Iterator[None]:
    """Log that secrets are about to leave, and how that failed; success is logged with it."""
    with working(actor, audit="connection.begin_hand_over") as work:
        _note(work, known, handle)
    try:
        yield
    except InfraZenError as error:
        with suppress(InfraZenError), database().writing() as session:
            work = Work(session, actor, utc_now())
            _note(work, known, handle)
            log(work, action="connection.hand_over", outcome=error.reason)
        raise


def _note(work: Work, known: Connection, handle: str) -> None:
    work.about(known.name, called=known.display_name, id=known.id)
    work.details["managed_by"] = handle


def _rouse(actor: Actor, there: Cluster, known: Connection) -> ConnectionCard:
    """Wake a resource that was left suspended when the connection had been handed over."""
    namespace, _, name = known.managed_by.partition("/")
    found = there.api.connection(namespace, name) or {}
    with database().reading() as session:
        work = Work(session, actor, utc_now())
        is_asleep = found.get("spec", {}).get("suspend") and not known.is_suspended
        if not is_asleep or not written_for(found, known.id):
            changeable(work, known.id)
        card = cards(work, [known])[0]
    _wake(there, known.managed_by, suspend=False)
    return card


def _wake(there: Cluster, handle: str, *, suspend: bool) -> None:
    """Let the operator begin with a resource, unless the connection was suspended."""
    namespace, _, name = handle.partition("/")
    try:
        there.api.change(namespace, name, {"spec": {"suspend": suspend}})
    except InfraZenError as error:
        raise ClusterUnavailable(
            f"{handle} manages the connection now, but is still suspended: set"
            f" spec.suspend to {str(suspend).lower()} there"
        ) from error
    finally:
        there.recent.forget(namespace)


def _let_go(actor: Actor, known: Connection, *, managed_by: str) -> ConnectionCard:
    """Make the connection the resource's. Its secrets stay until a sync has proved the others."""
    place = {"organization_id": actor.organization_id, "connection_id": known.id}
    with working(actor, audit="connection.hand_over") as work:
        if _idle(work, known.id).updated_at != known.updated_at:
            raise Conflict("somebody has just changed this connection: look, and try again")
        _note(work, known, managed_by)
        connections.change(
            work.session,
            **place,
            values={"managed_by": managed_by, "next_sync_at": None, "updated_at": work.now},
        )
        sync_queue.forget(work.session, connection_id=known.id)
        return cards(work, [connections.get(work.session, **place)])[0]


def _idle(work: Work, connection_id: UUID) -> Connection:
    known = changeable(work, connection_id)
    if runs.running(work.session, connection_id=connection_id):
        raise AlreadyRunning("a sync of this connection is running: wait until it ends")
    return known


def _to_be_written(
    work: Work, known: Connection, *, name: str, namespace: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(Secret, CloudConnection) with the stored secrets, the Secret under a name of its own."""
    place = {"organization_id": known.organization_id, "connection_id": known.id}
    kept = connection_secrets(work.session, **place)
    mark = secrets_mark(work.session, **place, values={**known.credentials, **kept})
    return _documents(
        work, known, name=name, namespace=namespace, secrets=kept, secret_name=f"{name}-{mark}"
    )


def _documents(
    work: Work,
    known: Connection,
    *,
    name: str,
    namespace: str,
    secrets: Mapping[str, str],
    secret_name: str,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """(Secret, CloudConnection) of a connection."""
    fields = form_fields(provider(known.provider).credentials)
    values = {**known.credentials, **secrets}
    entered = {one.name: values.get(one.name, "") for one in fields if one.required}
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
