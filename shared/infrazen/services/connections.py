"""Connecting clouds: add, look at, test, change and remove connections."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from infrazen.db.queries import connections, resource_detail, runs, sync_queue
from infrazen.db.queries.connections import Connection
from infrazen.db.queries.resource_detail import Component
from infrazen.db.queries.sync_queue import Priority, Request
from infrazen.db.session import database
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Permission
from infrazen.domain.syncs import Trigger
from infrazen.domain.text import slug
from infrazen.errors import AlreadyRunning, Conflict, Invalid, ManagedElsewhere
from infrazen.provider_kit.contract import Credentials, ProviderSpec, Verification
from infrazen.provider_kit.forms import (
    parse_credentials,
    parse_settings,
    secret_fields,
    split_credentials,
)
from infrazen.provider_kit.opening import open_provider
from infrazen.providers import provider
from infrazen.secret_store.connection_secrets import (
    forget_connection_secrets,
    store_connection_secrets,
)
from infrazen.security.access import Actor
from infrazen.services.connection_drafts import (
    Draft,
    Reads,
    changed_names,
    endpoint_of,
    free_name,
    new_rival,
    refuse_second,
    rival,
    stored_secrets,
    values_of,
)
from infrazen.services.connection_views import ConnectionCard, cards
from infrazen.services.use_case import Work, remote_use_case, use_case, working
from infrazen.sync import schedule


@use_case(Permission.CONNECTION_READ)
def list_connections(work: Work) -> list[ConnectionCard]:
    """Every connection with what its card shows, oldest first."""
    return cards(work)


@use_case(Permission.CONNECTION_READ)
def get_connection(work: Work, *, connection_id: UUID) -> ConnectionCard:
    """One connection, or ``NotFound``."""
    return _card(work, connection_id)


@use_case(Permission.CONNECTION_READ)
def find_connection(work: Work, *, name: str) -> ConnectionCard:
    """The connection called ``name``, or ``NotFound``."""
    found = connections.by_name(work.session, organization_id=work.organization_id, name=name)
    return cards(work, [found])[0]


@use_case(Permission.CONNECTION_READ)
def look_up(
    work: Work, *, name: str | None = None, connection_id: UUID | None = None
) -> Connection:
    """The connection called ``name``, or with this id, without what its card adds to it.

    Raises ``NotFound``.
    """
    if connection_id is not None:
        return _connection(work, connection_id)
    return connections.by_name(work.session, organization_id=work.organization_id, name=name or "")


@use_case(Permission.CONNECTION_READ)
def list_account_components(work: Work, *, connection_id: UUID) -> list[Component]:
    """What belongs to a connection's account but to none of its resources."""
    _connection(work, connection_id)
    return resource_detail.account_components(work.session, connection_id)


@remote_use_case(Permission.CONNECTION_WRITE, audit="connection.test")
async def try_connection(
    actor: Actor, *, draft: Draft, connection_id: UUID | None = None
) -> Verification:
    """Ask the provider whether it takes what was entered; nothing is stored.

    With ``connection_id`` secrets left blank are the stored ones. Raises ``Invalid`` with
    the field that is wrong, ``EndpointNotAllowed``, ``ManagedElsewhere`` where the secrets are
    in a cluster, or the provider's own ``ProviderError``.
    """
    spec = provider(draft.provider)
    with database().reading() as session:
        if connection_id is not None:
            changeable(Work(session, actor, utc_now()), connection_id, spec)
        stored = stored_secrets(session, actor, draft, connection_id)
    credentials = parse_credentials(spec, draft.credentials, stored=stored, forget=draft.forget)
    settings = parse_settings(spec, draft.settings)
    async with open_provider(spec, credentials, settings, draft.endpoint or None) as account:
        found = await account.verify()
    with working(actor, audit="connection.test") as work:
        work.about(draft.name or draft.display_name, called=draft.display_name or draft.name)
        work.details["provider"] = spec.slug
    return found


@remote_use_case(Permission.CONNECTION_WRITE, audit="connection.add")
async def add_connection(actor: Actor, *, draft: Draft, sync_now: bool = True) -> ConnectionCard:
    """Store a new connection and, with ``sync_now``, put its first sync before all others.

    Raises ``Invalid`` with the field that is wrong, ``EndpointNotAllowed``, and ``Conflict``
    where the name is taken or the account is connected already.
    """
    spec = provider(draft.provider)
    endpoint = await endpoint_of(spec, draft)
    credentials = parse_credentials(spec, draft.credentials)
    public, secret = split_credentials(credentials)
    with working(actor, audit="connection.add") as work:
        mark = spec.account_mark(credentials)
        values = {**values_of(work, draft, spec), "endpoint": endpoint, "credentials": public}
        reads = Reads(mark=mark, endpoint=endpoint, settings=values["settings"])
        refuse_second(rival(work, spec, reads))
        values["account_mark"] = mark
        values["name"] = free_name(work, draft)
        work.about(values["name"], called=values["display_name"])
        work.details["provider"] = spec.slug
        id_ = connections.add(
            work.session,
            organization_id=work.organization_id,
            values={**values, "provider": spec.slug},
        )
        store_connection_secrets(
            work.session,
            organization_id=work.organization_id,
            connection_id=id_,
            values=secret,
        )
        if sync_now:
            sync_queue.ask(work.session, _request(work, id_, priority=Priority.NEW))
        return _card(work, id_)


@remote_use_case(Permission.CONNECTION_WRITE, audit="connection.edit")
async def edit_connection(
    actor: Actor, *, connection_id: UUID, draft: Draft, unchanged_since: datetime | None = None
) -> ConnectionCard:
    """Change a connection; a secret left blank stays as it is.

    Another address wants its secrets anew: a stored secret goes only where it was meant
    to go. Raises as ``add_connection`` does, ``ManagedElsewhere`` where Git manages the
    connection, and ``Conflict`` where it was changed after ``unchanged_since``, if given.
    """
    spec = provider(draft.provider)
    endpoint = await endpoint_of(spec, draft)
    with working(actor, audit="connection.edit") as work:
        known = changeable(work, connection_id, spec)
        if unchanged_since not in (None, known.updated_at):
            raise Conflict("somebody else has just changed this connection: look, and try again")
        stored = stored_secrets(work.session, actor, draft, connection_id)
        credentials = parse_credentials(spec, draft.credentials, stored=stored, forget=draft.forget)
        public, secret = split_credentials(credentials)
        mark = spec.account_mark(credentials)
        values = {**values_of(work, draft, spec), "endpoint": endpoint, "credentials": public}
        reads = Reads(mark=mark, endpoint=endpoint, settings=values["settings"])
        refuse_second(new_rival(work, known, spec, reads))
        if draft.name:
            values["name"] = slug(draft.name, field="name")
        handle = str(values.get("name", known.name))
        work.about(handle, called=values["display_name"], id=known.id)
        work.details["changed"] = changed_names(known, values, draft)
        connections.change(
            work.session,
            organization_id=work.organization_id,
            connection_id=connection_id,
            values={**values, "account_mark": mark, "updated_at": work.now},
        )
        _replace_secrets(work, connection_id, credentials, secret)
        return _card(work, connection_id)


@use_case(Permission.CONNECTION_WRITE, audit="connection.suspend")
def set_suspended(work: Work, *, connection_id: UUID, suspended: bool) -> ConnectionCard:
    """Stop a connection's schedule, or let it go on."""
    known = changeable(work, connection_id)
    work.about(known.name, called=known.display_name, id=known.id)
    work.details["suspended"] = suspended
    following = None
    if not suspended and known.schedule:
        following = schedule.next_due(known.schedule, known.time_zone, after=work.now)
    connections.change(
        work.session,
        organization_id=work.organization_id,
        connection_id=connection_id,
        values={"is_suspended": suspended, "next_sync_at": following, "updated_at": work.now},
    )
    return _card(work, connection_id)


@use_case(Permission.CONNECTION_WRITE, audit="connection.remove")
def remove_connection(work: Work, *, connection_id: UUID, keep_history: bool) -> None:
    """Forget a connection's secrets and schedule; its history stays or goes with it.

    Raises ``AlreadyRunning`` while it syncs, ``ManagedElsewhere`` where Git manages it.
    """
    known = changeable(work, connection_id)
    work.about(known.name, called=known.display_name, id=known.id)
    work.details["keep_history"] = keep_history
    if _is_running(work, connection_id):
        raise AlreadyRunning("a sync of this connection is running: wait until it ends")
    if keep_history:
        forget_connection_secrets(
            work.session, organization_id=work.organization_id, connection_id=connection_id
        )
        connections.retire(
            work.session,
            organization_id=work.organization_id,
            connection_id=connection_id,
            now=work.now,
        )
    else:
        connections.purge(
            work.session, organization_id=work.organization_id, connection_id=connection_id
        )


def _card(work: Work, connection_id: UUID) -> ConnectionCard:
    return cards(work, [_connection(work, connection_id)])[0]


def _connection(work: Work, connection_id: UUID) -> Connection:
    return connections.get(
        work.session, organization_id=work.organization_id, connection_id=connection_id
    )


def changeable(work: Work, connection_id: UUID, spec: ProviderSpec | None = None) -> Connection:
    """A connection that people manage, still with the provider ``spec``, if that is given.

    Raises ``NotFound``, ``ManagedElsewhere`` and ``Invalid``.
    """
    known = _connection(work, connection_id)
    if known.managed_by:
        raise ManagedElsewhere(
            f"the custom resource {known.managed_by} manages this connection: change it there"
        )
    if spec is not None and spec.slug != known.provider:
        raise Invalid("a connection keeps its provider: add a new one instead", field="provider")
    return known


def _is_running(work: Work, connection_id: UUID) -> bool:
    return bool(runs.running(work.session, connection_id=connection_id))


def _replace_secrets(
    work: Work, connection_id: UUID, credentials: Credentials, secret: Mapping[str, str]
) -> None:
    place = {"organization_id": work.organization_id, "connection_id": connection_id}
    gone = secret_fields(type(credentials))
    store_connection_secrets(
        work.session,
        **place,
        values=secret,
        remove=[name for name in gone if name not in secret],
    )


def _request(work: Work, connection_id: UUID, *, priority: Priority) -> Request:
    return Request(
        organization_id=work.organization_id,
        connection_id=connection_id,
        trigger=Trigger.MANUAL,
        priority=priority,
        not_before=work.now,
        requested_by=work.actor.name,
    )
