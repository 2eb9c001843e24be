"""Changing some of a connection, as programs do: what is not named stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from infrazen.db.queries import connections
from infrazen.db.queries.connections import Connection
from infrazen.db.session import database
from infrazen.domain.roles import Permission
from infrazen.errors import Invalid
from infrazen.provider_kit.contract import Verification
from infrazen.providers import provider
from infrazen.security.access import Actor
from infrazen.services.connection_drafts import Draft
from infrazen.services.connection_views import ConnectionCard
from infrazen.services.connections import edit_connection, try_connection
from infrazen.services.use_case import remote_use_case


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to change of a connection; what is None stays.

    Of ``credentials`` and ``settings`` every entry counts by itself: a credential left
    blank stays, None forgets it, and a setting of None goes back to the default.
    """

    name: str | None = None
    display_name: str | None = None
    credentials: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    settings: Mapping[str, Any] = field(default_factory=dict)
    endpoint: str | None = None
    schedule: str | None = None
    time_zone: str | None = None
    timeout_seconds: int | None = None
    starting_deadline_seconds: int | None = None


_PLAIN = (
    "name",
    "display_name",
    "schedule",
    "time_zone",
    "timeout_seconds",
    "starting_deadline_seconds",
)


@remote_use_case(Permission.CONNECTION_WRITE, audit="connection.edit")
async def change_connection(
    actor: Actor, *, connection_id: UUID, changes: Changes
) -> ConnectionCard:
    """Change some of a connection.

    Raises as ``edit_connection`` does; ``Conflict`` also where somebody else changes it
    at the same moment.
    """
    known = _stored(actor, connection_id)
    draft = _changed(known, changes)
    return await edit_connection(
        actor, connection_id=connection_id, draft=draft, unchanged_since=known.updated_at
    )


@remote_use_case(Permission.CONNECTION_WRITE, audit="connection.test")
async def try_changes(actor: Actor, *, connection_id: UUID, changes: Changes) -> Verification:
    """Ask the provider whether it takes a connection as it would be with ``changes``.

    Nothing is stored. Raises as ``try_connection`` does.
    """
    draft = _changed(_stored(actor, connection_id), changes)
    return await try_connection(actor, draft=draft, connection_id=connection_id)


def _stored(actor: Actor, connection_id: UUID) -> Connection:
    with database().reading() as session:
        return connections.get(
            session, organization_id=actor.organization_id, connection_id=connection_id
        )


def _changed(known: Connection, changes: Changes) -> Draft:
    """A connection with ``changes``, as somebody would enter it; secrets that stay are blank."""
    given = changes.credentials
    unknown = given.keys() - provider(known.provider).credentials.model_fields.keys()
    if unknown:
        name = min(unknown)
        raise Invalid(f"there is no field {name}", field=name)
    forgotten = {name for name, value in given.items() if value is None}
    kept = {name: value for name, value in known.credentials.items() if name not in forgotten}
    entered = {name: value for name, value in given.items() if value and value.strip()}
    settings = {**known.settings, **changes.settings}
    plain = {name: _either(changes, known, name) for name in _PLAIN}
    return Draft(
        provider=known.provider,
        credentials={**kept, **entered},
        settings={name: value for name, value in settings.items() if value is not None},
        endpoint=(known.endpoint or "") if changes.endpoint is None else changes.endpoint,
        is_suspended=known.is_suspended,
        forget=tuple(sorted(forgotten)),
        **plain,
    )


def _either(changes: Changes, known: Connection, name: str) -> Any:
    changed = getattr(changes, name)
    return getattr(known, name) if changed is None else changed
