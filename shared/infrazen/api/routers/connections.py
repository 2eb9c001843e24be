"""Connections: one account at one provider each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, Field, SecretStr, StringConstraints, WithJsonSchema

from infrazen.api.answers.connections import (
    Connection,
    ConnectionManifest,
    ConnectionTest,
    connection_of,
    tested,
)
from infrazen.api.caller import Caller
from infrazen.api.paging import Cursor, Limit, Page, Since, moment_of, page_of
from infrazen.api.permissions import needs
from infrazen.api.problems import documented
from infrazen.api.schemas import Flag, Line, Name, Question, Text, Whole, ZoneName, scalar
from infrazen.api.waiting import waited
from infrazen.domain.roles import Permission
from infrazen.services import connection_changes, connections, manifests
from infrazen.services.connection_changes import Changes
from infrazen.services.connection_drafts import (
    DEFAULT_SCHEDULE,
    LONGEST_DEADLINE,
    LONGEST_TIMEOUT,
    Draft,
)
from infrazen.services.connection_views import ConnectionCard

router = APIRouter(prefix="/connections", tags=["connections"])

FieldName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Entered = Annotated[SecretStr, Field(max_length=20_000)]
Setting = Annotated[
    Any,
    AfterValidator(scalar),
    WithJsonSchema({"type": ["boolean", "number", "string", "null"], "maxLength": 200}),
]
Endpoint = Annotated[str, StringConstraints(max_length=500)]
Seconds = Annotated[Whole, Field(ge=1, le=LONGEST_TIMEOUT)]
Deadline = Annotated[Whole, Field(ge=0, le=LONGEST_DEADLINE)]

_reads = needs(Permission.CONNECTION_READ)
_writes = needs(Permission.CONNECTION_WRITE)
_asks = documented(404, 409, 429, 502)


class _Entry(Question):
    """What one enters of a connection, whether to try it or to keep it."""

    provider: Annotated[str, Field(max_length=32, examples=["beget"])]
    name: Annotated[
        Name | None,
        Field(description="Made from the display name where left out.", examples=["beget-main"]),
    ] = None
    display_name: Annotated[Line, Field(examples=["Beget, основной"])]
    credentials: Annotated[
        dict[FieldName, Entered],
        Field(
            max_length=50,
            description="By field; `GET /providers/{slug}` says which are secret. Write-only.",
            examples=[{"login": "demo", "password": "simulator-password"}],
        ),
    ]
    settings: Annotated[
        dict[FieldName, Setting], Field(max_length=50, examples=[{"collect_statistics": True}])
    ] = Field(default_factory=dict)
    endpoint: Annotated[
        Endpoint, Field(description="Empty means the provider's own address.", examples=[""])
    ] = ""


class NewConnection(_Entry):
    """A connection to be added.

    `schedule` is a cron line in `time_zone`, empty for syncs by hand only.
    """

    schedule: Annotated[Text, Field(examples=[DEFAULT_SCHEDULE])] = DEFAULT_SCHEDULE
    time_zone: Annotated[ZoneName, Field(examples=["Europe/Moscow"])] = "Europe/Moscow"
    is_suspended: Annotated[Flag, Field(examples=[False])] = False
    timeout_seconds: Annotated[Seconds, Field(examples=[1800])] = 1800
    starting_deadline_seconds: Annotated[Deadline, Field(examples=[3600])] = 3600
    sync_now: Annotated[Flag, Field(examples=[True])] = True


class DraftConnection(_Entry):
    """A connection to be tried, which is not stored."""

    display_name: Annotated[Line, Field(examples=["Beget, основной"])] = "a draft"


class ConnectionChange(Question):
    """What to change; what is left out stays.

    A credential left out or blank stays too, null forgets it; a setting of null goes back
    to its default. Another `endpoint` (empty: the provider's own) wants all secrets anew.
    """

    name: Annotated[Name | None, Field(examples=["beget-main"])] = None
    display_name: Annotated[Line | None, Field(examples=["Beget, основной"])] = None
    credentials: Annotated[
        dict[FieldName, Entered | None],
        Field(max_length=50, description="Write-only.", examples=[{"password": ""}]),
    ] = Field(default_factory=dict)
    settings: Annotated[
        dict[FieldName, Setting], Field(max_length=50, examples=[{"collect_mailboxes": None}])
    ] = Field(default_factory=dict)
    endpoint: Annotated[Endpoint | None, Field(examples=[None])] = None
    schedule: Annotated[Text | None, Field(examples=["30 3 * * *"])] = None
    time_zone: Annotated[ZoneName | None, Field(examples=["Europe/Moscow"])] = None
    timeout_seconds: Annotated[Seconds | None, Field(examples=[1800])] = None
    starting_deadline_seconds: Annotated[Deadline | None, Field(examples=[3600])] = None


class HandOver(Question):
    """How to write a connection to the cluster."""

    name: Annotated[
        Name | None,
        Field(description="The resource's; the connection's own where left out."),
    ] = Field(default=None, examples=["beget-main"])


@router.get("", openapi_extra=_reads)
def list_connections(caller: Caller, cursor: Cursor = None, limit: Limit = 50) -> Page[Connection]:
    """The connections with their state and cost, oldest first."""
    found = connections.list_connections(caller.actor)
    items, following = page_of(found, _place, Since, cursor=cursor, limit=limit)
    return Page(items=[connection_of(card) for card in items], next_cursor=following)


@router.post("", status_code=201, responses=documented(409, 429), openapi_extra=_writes)
def add_connection(caller: Caller, response: Response, form: NewConnection) -> Connection:
    """Connect an account; `Location` names it.

    Its secrets are encrypted before they are stored, and no answer ever holds them.
    """
    added = connections.add_connection(caller.actor, draft=_draft(form), sync_now=form.sync_now)
    card = waited(added)
    response.headers["Location"] = f"/api/v1/connections/{card.connection.id}"
    return connection_of(card)


@router.post("/test", responses=documented(429, 502), openapi_extra=_writes)
def try_connection(caller: Caller, form: DraftConnection) -> ConnectionTest:
    """Ask the provider whether it takes what was entered; nothing is stored."""
    return tested(waited(connections.try_connection(caller.actor, draft=_draft(form))))


@router.get("/{connection_id:uuid}", responses=documented(404), openapi_extra=_reads)
def get_connection(caller: Caller, connection_id: UUID) -> Connection:
    """One connection."""
    found = connections.get_connection(caller.actor, connection_id=connection_id)
    return connection_of(found)


@router.patch("/{connection_id:uuid}", responses=documented(404, 409, 429), openapi_extra=_writes)
def change_connection(caller: Caller, connection_id: UUID, form: ConnectionChange) -> Connection:
    """Change some of a connection."""
    changed = connection_changes.change_connection(
        caller.actor, connection_id=connection_id, changes=_changes(form)
    )
    return connection_of(waited(changed))


@router.delete(
    "/{connection_id:uuid}", status_code=204, responses=documented(404, 409), openapi_extra=_writes
)
def remove_connection(
    caller: Caller,
    *,
    connection_id: UUID,
    keep_history: Annotated[
        bool, Query(description="Keep resources, costs and snapshots, or erase them too.")
    ] = True,
) -> None:
    """Forget a connection and its secrets. Nothing changes in the cloud."""
    connections.remove_connection(
        caller.actor, connection_id=connection_id, keep_history=keep_history
    )


@router.post("/{connection_id:uuid}/test", responses=_asks, openapi_extra=_writes)
def try_stored_connection(
    caller: Caller, connection_id: UUID, form: ConnectionChange
) -> ConnectionTest:
    """Ask the provider whether it takes a connection as it would be with these changes.

    With `{}` that is the connection as it is. Nothing is stored.
    """
    found = connection_changes.try_changes(
        caller.actor, connection_id=connection_id, changes=_changes(form)
    )
    return tested(waited(found))


@router.get("/{connection_id:uuid}/manifest", responses=documented(404, 409), openapi_extra=_reads)
def get_manifest(
    caller: Caller,
    connection_id: UUID,
    namespace: Annotated[
        Name | None, Query(description="Where it will be applied; left out where not given.")
    ] = None,
) -> ConnectionManifest:
    """The connection as a Kubernetes manifest: a Secret to fill in, and a CloudConnection.

    Secret values are empty. 409 where a custom resource manages it already.
    """
    found = manifests.export_manifest(
        caller.actor, connection_id=connection_id, namespace=namespace or ""
    )
    return ConnectionManifest.model_validate(found)


@router.post(
    "/{connection_id:uuid}/hand-over",
    responses=documented(404, 409, 502, 503),
    openapi_extra=_writes,
)
def hand_over_connection(caller: Caller, connection_id: UUID, form: HandOver) -> Connection:
    """Write the connection to the cluster as Secret and CloudConnection, which manages it then.

    Its secrets go there, and are forgotten here once a sync has brought data from there; its
    history stays. One that broke off half-way is gone on with by the next call. 409 where the
    installation writes nothing to a cluster, or where the name is taken there.
    """
    card = manifests.hand_over(caller.actor, connection_id=connection_id, name=form.name or "")
    return connection_of(card)


@router.post("/{connection_id:uuid}/suspend", responses=documented(404, 409), openapi_extra=_writes)
def suspend_connection(caller: Caller, connection_id: UUID) -> Connection:
    """Stop a connection's schedule; it can still be synced by hand."""
    return _suspend(caller, connection_id, suspended=True)


@router.post("/{connection_id:uuid}/resume", responses=documented(404, 409), openapi_extra=_writes)
def resume_connection(caller: Caller, connection_id: UUID) -> Connection:
    """Let a connection's schedule go on."""
    return _suspend(caller, connection_id, suspended=False)


def _suspend(caller: Caller, connection_id: UUID, *, suspended: bool) -> Connection:
    changed = connections.set_suspended(
        caller.actor, connection_id=connection_id, suspended=suspended
    )
    return connection_of(changed)


def _place(card: ConnectionCard) -> Since:
    return Since(at=moment_of(card.connection.created_at), id=card.connection.id)


def _draft(form: NewConnection | DraftConnection) -> Draft:
    plain = form.model_dump(exclude={"credentials", "sync_now"})
    return Draft(
        **{**plain, "name": form.name or ""},
        credentials={name: value.get_secret_value() for name, value in form.credentials.items()},
    )


def _changes(form: ConnectionChange) -> Changes:
    return Changes(
        **form.model_dump(exclude={"credentials"}),
        credentials={
            name: None if value is None else value.get_secret_value()
            for name, value in form.credentials.items()
        },
    )
