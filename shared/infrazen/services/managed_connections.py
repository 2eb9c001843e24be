"""Connections that custom resources manage: made and kept as their manifests say.

A resource is known as ``namespace/name``, and by its uid told from others of that name: of another
cluster, or of another time. Its credentials stay in its Secret: they are
handed to the sync that runs beside them and never stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from infrazen.db.queries import connection_purge, connections, managed_connections
from infrazen.db.queries.connections import Connection
from infrazen.db.session import ANSWER_MS, database
from infrazen.domain.periods import utc_now
from infrazen.domain.roles import Permission
from infrazen.errors import Conflict
from infrazen.logs import register_secret
from infrazen.provider_kit.contract import Credentials, ProviderSpec
from infrazen.provider_kit.forms import parse_credentials, secret_fields, split_credentials
from infrazen.providers import provider
from infrazen.secret_store.connection_secrets import store_connection_secrets
from infrazen.security.access import Actor
from infrazen.services.connection_drafts import (
    Draft,
    Reads,
    endpoint_of,
    has_secrets,
    new_rival,
    rival,
    values_of,
)
from infrazen.services.managed_removal import keeps_secrets, leave
from infrazen.services.use_case import Work, log, remote_use_case, use_case

_LONGEST_NAME = 63
_ANOTHER = (
    "another resource called {0}, in another cluster or of an earlier time, manages a connection"
    " here: give this one another name, or, where the other one is gone, run"
    " `infrazen connection release --managed-by {0}` first"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Managed:
    """A connection as its resource wants it, and the credentials that came with it."""

    connection_id: UUID
    credentials: Credentials


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What a resource says, looked up and checked."""

    managed_by: str
    uid: str
    name: str
    spec: ProviderSpec
    values: Mapping[str, Any]
    secret: Mapping[str, str]
    mark: str

    @property
    def reads(self) -> Reads:
        """What it reads of which account."""
        place = {name: self.values[name] for name in ("endpoint", "settings")}
        return Reads(mark=self.mark, **place)


@remote_use_case(Permission.CONNECTION_WRITE, audit="connection.edit")
async def apply_connection(
    actor: Actor, *, managed_by: str, draft: Draft, uid: str = ""
) -> Managed:
    """Make the connection what its resource says; credentials are checked and not stored.

    One that was released is taken up again. One that was made by hand is taken over where
    it is of the same account and has the resource's name and credentials; of another account,
    the new one gets a name like it.

    Raises ``Invalid`` with the field that is wrong, ``EndpointNotAllowed``, and ``Conflict``
    where something else reads the account already, or another resource of this name is in charge.
    """
    spec = provider(draft.provider)
    endpoint = await endpoint_of(spec, draft)
    credentials = parse_credentials(spec, draft.credentials)
    public, secret = split_credentials(credentials)
    for value in secret.values():
        register_secret(value)
    with database().writing(patience_ms=ANSWER_MS) as session:
        work = Work(session, actor, utc_now())
        wanted = _Wanted(
            managed_by=managed_by,
            uid=uid,
            name=draft.name,
            spec=spec,
            values=values_of(work, draft, spec) | {"endpoint": endpoint, "credentials": public},
            secret=secret,
            mark=spec.account_mark(credentials),
        )
        known = _known(work, wanted)
        id_ = _made(work, wanted) if known is None else _kept(work, wanted, known)
    return Managed(connection_id=id_, credentials=credentials)


@use_case(Permission.CONNECTION_WRITE, writes=True)
def forget_old_secrets(work: Work, *, connection_id: UUID) -> bool:
    """Forget what was stored of a connection that a resource took over; whether there was any.

    To be called once a sync has brought data with the resource's own credentials: until then
    the connection could still be given back.
    """
    known = connections.get(
        work.session, organization_id=work.organization_id, connection_id=connection_id
    )
    if not known.managed_by or not keeps_secrets(work, known):
        return False
    _forget(work, known)
    work.about(known.name, called=known.display_name, id=known.id)
    work.details["managed_by"] = known.managed_by
    log(work, action="connection.forget-secrets", outcome="done")
    return True


def _known(work: Work, wanted: _Wanted) -> Connection | None:
    """The connection that the resource manages here; None where there is none (yet)."""
    if not _ours(work, wanted):
        managed_connections.hold(work.session)
    for known in _ours(work, wanted):
        if wanted.uid and known.managed_uid not in ("", wanted.uid):
            raise Conflict(_ANOTHER.format(wanted.managed_by))
        if known.provider == wanted.spec.slug:
            return known
        # A resource of the same name that was made anew, for another provider.
        leave(work, known)
    return None


def _ours(work: Work, wanted: _Wanted) -> list[Connection]:
    found = managed_connections.in_use(work.session, wanted.managed_by)
    return [one for one in found if one.organization_id == work.organization_id]


def _made(work: Work, wanted: _Wanted) -> UUID:
    """A connection for the resource: taken over, taken up again, or new."""
    other = rival(work, wanted.spec, wanted.reads)
    if other is not None:
        _take_over(work, wanted, other)
        return other.id
    name = _free_name(work, wanted.name)
    left = managed_connections.released(
        work.session,
        organization_id=work.organization_id,
        managed_by=wanted.managed_by,
        provider=wanted.spec.slug,
    )
    if left is not None:
        managed_connections.take_up(work.session, left, name=name)
        _write(work, wanted, left)
        _log(work, wanted, "connection.take-up", target=name)
        return left
    _log(work, wanted, "connection.add", target=name)
    return connections.add(
        work.session,
        organization_id=work.organization_id,
        values={
            **wanted.values,
            "name": name,
            "provider": wanted.spec.slug,
            "managed_by": wanted.managed_by,
            "managed_uid": wanted.uid,
            "account_mark": wanted.mark,
        },
    )


def _kept(work: Work, wanted: _Wanted, known: Connection) -> UUID:
    """``known`` as the resource says now; it is logged only where something is otherwise."""
    changed = [
        name
        for name, value in wanted.values.items()
        if name != "next_sync_at" and getattr(known, name) != value
    ]
    is_another = known.account_mark not in ("", wanted.mark)
    is_another = is_another or "credentials" in changed or "endpoint" in changed
    if is_another or "settings" in changed:
        _refuse_second(new_rival(work, known, wanted.spec, wanted.reads))
    if is_another:
        _forget(work, known)  # of the account that it was; they go nowhere else
    if changed:
        _write(work, wanted, known.id)
        work.details["changed"] = sorted(changed)
        _log(work, wanted, "connection.edit", target=known.name)
    elif known.next_sync_at != wanted.values["next_sync_at"]:
        connections.note_schedule(
            work.session, connection_id=known.id, next_sync_at=wanted.values["next_sync_at"]
        )
    if not known.managed_uid and wanted.uid:
        _change(work, known.id, {"managed_uid": wanted.uid})
    if known.account_mark != wanted.mark:
        _change(work, known.id, {"account_mark": wanted.mark})
    return known.id


def _take_over(work: Work, wanted: _Wanted, rival: Connection) -> None:
    # A login is no secret, and who takes a connection over may have its data deleted.
    if rival.managed_by or rival.name != wanted.name or not has_secrets(work, rival, wanted.secret):
        _refuse_second(rival)
    # What is stored stays until a sync has proved what the cluster has.
    _write(work, wanted, rival.id)
    _log(work, wanted, "connection.take-over", target=rival.name)


def _refuse_second(rival: Connection | None) -> None:
    if rival is None:
        return
    if rival.managed_by:
        raise Conflict(
            f"the CloudConnection {rival.managed_by} reads this account already: delete one of"
            " the two"
        )
    raise Conflict(
        f"this account is connected already as {rival.name}: give the CloudConnection that name,"
        " with the credentials that are stored there, to take it over, or remove it there"
    )


def _forget(work: Work, known: Connection) -> None:
    store_connection_secrets(
        work.session,
        organization_id=work.organization_id,
        connection_id=known.id,
        values={},
        remove=secret_fields(provider(known.provider).credentials),
    )


def _write(work: Work, wanted: _Wanted, connection_id: UUID) -> None:
    own = {
        "managed_by": wanted.managed_by,
        "managed_uid": wanted.uid,
        "account_mark": wanted.mark,
    }
    changes = {**wanted.values, **own, **connection_purge.NOT_BEGUN, "updated_at": work.now}
    _change(work, connection_id, changes)


def _change(work: Work, connection_id: UUID, values: Mapping[str, Any]) -> None:
    connections.change(
        work.session,
        organization_id=work.organization_id,
        connection_id=connection_id,
        values=values,
    )


def _log(work: Work, wanted: _Wanted, action: str, *, target: str) -> None:
    work.about(target, called=wanted.values["display_name"])
    work.details["managed_by"] = wanted.managed_by
    log(work, action=action, outcome="done")


def _free_name(work: Work, name: str) -> str:
    """The resource's own name, or one like it that is not taken."""
    every = connections.every(work.session, organization_id=work.organization_id)
    taken = {known.name for known in every}
    tails = ("", *(f"-{number}" for number in range(2, len(taken) + 3)))
    names = (f"{name[: _LONGEST_NAME - len(tail)].rstrip('-')}{tail}" for tail in tails)
    return next(one for one in names if one not in taken)
