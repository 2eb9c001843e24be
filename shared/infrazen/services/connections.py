"""Connecting clouds: add, look at, test, change and remove connections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from sqlmodel import Session

from infrazen.db.queries import connections, resource_detail, runs, sync_queue
from infrazen.db.queries.connections import Connection
from infrazen.db.queries.resource_detail import Component
from infrazen.db.queries.sync_queue import Priority, Request
from infrazen.db.session import database
from infrazen.domain.roles import Permission
from infrazen.domain.syncs import Trigger
from infrazen.domain.text import one_line, slug, slug_of
from infrazen.errors import AlreadyRunning, Conflict, Invalid, ManagedElsewhere
from infrazen.provider_kit.contract import Credentials, ProviderSpec, Verification
from infrazen.provider_kit.forms import (
    parse_credentials,
    parse_settings,
    secret_fields,
    split_credentials,
)
from infrazen.provider_kit.opening import check_endpoint, open_provider
from infrazen.providers import provider
from infrazen.secret_store.connection_secrets import (
    connection_secrets,
    forget_connection_secrets,
    store_connection_secrets,
)
from infrazen.security.access import Actor
from infrazen.services.connection_views import ConnectionCard, cards
from infrazen.services.use_case import Work, remote_use_case, use_case, working
from infrazen.sync import schedule

DEFAULT_SCHEDULE = "0 */6 * * *"
LONGEST_TIMEOUT = 24 * 3600
LONGEST_DEADLINE = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A connection as somebody enters it.

    A secret left blank keeps the stored one; ``forget`` names secrets to erase. ``endpoint``
    empty means the provider's own address. ``schedule`` is a cron line in ``time_zone``,
    empty for syncs by hand only.
    """

    provider: str
    display_name: str
    name: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict, repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)
    endpoint: str = ""
    schedule: str = DEFAULT_SCHEDULE
    time_zone: str = "Europe/Moscow"
    is_suspended: bool = False
    timeout_seconds: int = 1800
    starting_deadline_seconds: int = 3600
    forget: tuple[str, ...] = ()


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
    the field that is wrong, ``EndpointNotAllowed``, or the provider's own ``ProviderError``.
    """
    spec = provider(draft.provider)
    with database().reading() as session:
        stored = _stored_secrets(session, actor, draft, connection_id)
    credentials = parse_credentials(spec, draft.credentials, stored=stored, forget=draft.forget)
    settings = parse_settings(spec, draft.settings)
    async with open_provider(spec, credentials, settings, draft.endpoint or None) as account:
        found = await account.verify()
    with working(actor, audit="connection.test") as work:
        work.target = draft.name or draft.display_name
        work.details["provider"] = spec.slug
    return found


@remote_use_case(Permission.CONNECTION_WRITE, audit="connection.add")
async def add_connection(actor: Actor, *, draft: Draft, sync_now: bool = True) -> ConnectionCard:
    """Store a new connection and, with ``sync_now``, put its first sync before all others.

    Raises ``Invalid`` with the field that is wrong, ``EndpointNotAllowed``, and ``Conflict``
    where the name is taken or the account is connected already.
    """
    spec = provider(draft.provider)
    endpoint = await _endpoint(spec, draft)
    credentials = parse_credentials(spec, draft.credentials)
    public, secret = split_credentials(credentials)
    with working(actor, audit="connection.add") as work:
        _refuse_duplicate(work, spec, public=public, endpoint=endpoint)
        values = {**_values(work, draft, spec), "endpoint": endpoint, "credentials": public}
        values["name"] = _free_name(work, draft)
        work.target = values["name"]
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
    endpoint = await _endpoint(spec, draft)
    with working(actor, audit="connection.edit") as work:
        known = _changeable(work, connection_id, spec)
        if unchanged_since not in (None, known.updated_at):
            raise Conflict("somebody else has just changed this connection: look, and try again")
        stored = _stored_secrets(work.session, actor, draft, connection_id)
        credentials = parse_credentials(spec, draft.credentials, stored=stored, forget=draft.forget)
        public, secret = split_credentials(credentials)
        if public != known.credentials:
            _refuse_duplicate(work, spec, public=public, endpoint=endpoint)
        values = {**_values(work, draft, spec), "endpoint": endpoint, "credentials": public}
        if draft.name:
            values["name"] = slug(draft.name, field="name")
        work.target = str(values.get("name", known.name))
        work.details["changed"] = _changed(known, values, draft)
        connections.change(
            work.session,
            organization_id=work.organization_id,
            connection_id=connection_id,
            values={**values, "updated_at": work.now},
        )
        _replace_secrets(work, connection_id, credentials, secret)
        return _card(work, connection_id)


@use_case(Permission.CONNECTION_WRITE, audit="connection.suspend")
def set_suspended(work: Work, *, connection_id: UUID, suspended: bool) -> ConnectionCard:
    """Stop a connection's schedule, or let it go on."""
    known = _changeable(work, connection_id)
    work.target = known.name
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
    known = _changeable(work, connection_id)
    work.target = known.name
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


def _changeable(work: Work, connection_id: UUID, spec: ProviderSpec | None = None) -> Connection:
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


async def _endpoint(spec: ProviderSpec, draft: Draft) -> str | None:
    """The address to ask, checked against the allow-list; None for the provider's own."""
    if not draft.endpoint.strip():
        return None
    return str(await check_endpoint(spec, draft.endpoint)).rstrip("/")


def _stored_secrets(
    session: Session, actor: Actor, draft: Draft, connection_id: UUID | None
) -> dict[str, str]:
    """The secrets that blank fields stand for: none for a new connection or address."""
    if connection_id is None:
        return {}
    place = {"organization_id": actor.organization_id, "connection_id": connection_id}
    known = connections.get(session, **place)
    stored = connection_secrets(session, **place)
    if draft.endpoint.strip().rstrip("/") == (known.endpoint or ""):
        return stored
    left_blank = [name for name in stored if not draft.credentials.get(name, "").strip()]
    for name in left_blank:
        if name not in draft.forget:
            raise Invalid(
                "the address has changed: enter the secrets again, stored ones go only to"
                " the address they were meant for",
                field=name,
            )
    return {}


def _values(work: Work, draft: Draft, spec: ProviderSpec) -> dict[str, Any]:
    """The columns that a draft decides, each checked."""
    schedule.check(draft.schedule, draft.time_zone, now=work.now)
    if not 1 <= draft.timeout_seconds <= LONGEST_TIMEOUT:
        raise Invalid("a sync's time limit is 1 s to 24 h", field="timeout_seconds")
    if not 0 <= draft.starting_deadline_seconds <= LONGEST_DEADLINE:
        raise Invalid("the deadline is 0 s to 7 days", field="starting_deadline_seconds")
    settings = parse_settings(spec, draft.settings)
    following = None
    if draft.schedule and not draft.is_suspended:
        following = schedule.next_due(draft.schedule, draft.time_zone, after=work.now)
    return {
        "display_name": one_line(draft.display_name, field="display_name", longest=200),
        "settings": settings.model_dump(mode="json", exclude_unset=True),
        "schedule": draft.schedule,
        "time_zone": draft.time_zone,
        "is_suspended": draft.is_suspended,
        "timeout_seconds": draft.timeout_seconds,
        "starting_deadline_seconds": draft.starting_deadline_seconds,
        "next_sync_at": following,
    }


def _free_name(work: Work, draft: Draft) -> str:
    """The name that was asked for, or one made from the display name and not taken."""
    if draft.name:
        return slug(draft.name, field="name")
    every = connections.every(work.session, organization_id=work.organization_id)
    taken = {known.name for known in every}
    base = slug_of(draft.display_name)[:58]
    candidates = (base if n == 1 else f"{base}-{n}" for n in count(1))
    return next(name for name in candidates if name not in taken)


def _refuse_duplicate(
    work: Work, spec: ProviderSpec, *, public: Mapping[str, str], endpoint: str | None
) -> None:
    """Two connections to one account would count its money twice."""
    for known in connections.every(work.session, organization_id=work.organization_id):
        same = (known.provider, known.credentials, known.endpoint)
        if same == (spec.slug, public, endpoint):
            raise Conflict(f"this account is connected already as {known.display_name!r}")


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


def _changed(known: Connection, values: Mapping[str, Any], draft: Draft) -> list[str]:
    """Names of what an edit changes, for the audit log; of secrets the names alone."""
    plain = [
        name
        for name, value in values.items()
        if name != "next_sync_at" and getattr(known, name) != value
    ]
    entered = [name for name, value in draft.credentials.items() if value.strip()]
    secrets = [
        name for name in entered if name in secret_fields(provider(known.provider).credentials)
    ]
    return sorted({*plain, *secrets, *draft.forget})


def _request(work: Work, connection_id: UUID, *, priority: Priority) -> Request:
    return Request(
        organization_id=work.organization_id,
        connection_id=connection_id,
        trigger=Trigger.MANUAL,
        priority=priority,
        not_before=work.now,
        requested_by=work.actor.name,
    )
