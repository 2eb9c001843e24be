"""Connections as programs see them; of secrets only that they are set."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema

from infrazen.api.answers.money import Amount, Cost, Currency, Percent, Rate
from infrazen.api.schemas import Answer
from infrazen.domain.accounts import AccountStatus
from infrazen.domain.syncs import EndpointStatus, SyncStatus
from infrazen.provider_kit.contract import Verification
from infrazen.services.connection_views import ConnectionCard, ConnectionState

Quantity = Annotated[
    Decimal,
    PlainSerializer(lambda value: format(value.normalize(), "f"), return_type=str),
    WithJsonSchema({"type": "string", "examples": ["20480"]}),
]
"""An exact number that is no money."""


class SecretFact(Answer):
    """That a secret is set, how to recognise it, and since when; never the secret."""

    field: Annotated[str, Field(examples=["password"])]
    fingerprint: Annotated[str, Field(examples=["9f2c51d0"])]
    set_at: datetime


class Connection(Answer):
    """One account at one provider.

    `endpoint` null means the provider's own address; `managed_by` names the custom resource
    that manages it, empty where people do.
    """

    id: UUID
    name: str
    display_name: str
    provider: str
    state: ConnectionState
    is_suspended: bool
    managed_by: str
    endpoint: str | None
    credentials: dict[str, str]
    secrets: list[SecretFact]
    settings: dict[str, Any]
    schedule: str
    time_zone: str
    timeout_seconds: int
    starting_deadline_seconds: int
    created_at: datetime
    updated_at: datetime
    next_sync_at: datetime | None
    last_sync_at: datetime | None
    last_success_at: datetime | None
    last_status: SyncStatus | None
    last_snapshot_id: UUID | None
    running_snapshot_id: UUID | None
    resources: Annotated[int, Field(description="How many active ones.")]
    unread_records: int
    costs: Annotated[list[Cost], Field(description="On the last recorded day, one a currency.")]


class ConnectionManifest(Answer):
    """A connection as YAML, with empty secrets; `namespace` is empty where it has none."""

    name: str
    namespace: str
    yaml: str


class Allowance(Answer):
    """How much of an allowance is used; `allowed` null means without limit."""

    name: str
    used: Quantity
    allowed: Quantity | None
    unit: Annotated[str, Field(description="Empty for a count, else `MB`.")]


class AccountCharge(Answer):
    """What the whole account costs, as the provider states it."""

    currency: Currency
    daily: Amount
    monthly: Amount
    yearly: Amount | None


class Account(Answer):
    """What a provider says of an account."""

    account_id: str
    status: AccountStatus
    plan: str
    balance: Amount | None
    currency: Annotated[str, Field(description="Of the balance.", examples=["RUB"])]
    charge: AccountCharge | None
    days_to_block: Annotated[int | None, Field(description="Until the balance runs out.")]
    limits: list[Allowance]
    server: dict[str, str]
    software: dict[str, str]
    security: dict[str, str]


class KnownAccount(Answer):
    """The account as the last sync read it; null before."""

    account: Account | None
    read_at: datetime | None


class Component(Answer):
    """Software, a service or a dependency inside a resource or an account."""

    kind: str
    name: str
    version: str | None
    status: str | None
    address: str | None
    details: dict[str, Any]


class Reconciliation(Answer):
    """One account's charge against the sum of its resources, in one currency.

    `explained` are resources inside the account's charge, `separate` what is charged beside
    it, `residual` what nothing explains, `excess` what resources come to beyond the charge,
    `offset` what their manual prices run beyond what the account charges.
    """

    currency: Currency
    account: Rate | None
    explained: Rate
    separate: Rate
    residual: Rate
    excess: Rate
    offset: Rate
    listed: Rate
    payable: Rate
    explained_percent: Percent | None


class BilledDay(Answer):
    """The last whole day that the provider's billing told of, in one currency.

    `priced` is what the prices of that day came to, null where no sync saw that day;
    `residual` is what the bill has beyond it, `residual_percent` as a share of the bill.
    """

    day: date
    currency: Currency
    billed: Amount
    priced: Amount | None
    residual: Amount | None
    residual_percent: Percent | None


class Part(Answer):
    """One part of the provider's API, and whether it is open to the credentials."""

    name: Annotated[str, Field(examples=["legacy.account"])]
    is_open: bool
    reason: str | None
    message: str | None


class ConnectionTest(Answer):
    """What a connection test found: the account, and at least one part that is open."""

    account: Account
    parts: list[Part]


def connection_of(card: ConnectionCard) -> Connection:
    """A connection with its state, its money and facts about its secrets."""
    one = card.connection
    shown: dict[str, Any] = {
        "state": card.state,
        "secrets": [SecretFact.model_validate(secret) for secret in card.secrets],
        "running_snapshot_id": card.running.id if card.running else None,
        "resources": card.resources,
        "unread_records": card.unread,
        "costs": [Cost.model_validate(found) for found in card.reconciliations],
    }
    plain = {name: getattr(one, name) for name in Connection.model_fields if name not in shown}
    return Connection(**plain, **shown)


def tested(found: Verification) -> ConnectionTest:
    """A test's outcome."""
    return ConnectionTest(
        account=Account.model_validate(found.account),
        parts=[
            Part(
                name=part.name,
                is_open=part.status is EndpointStatus.SUCCEEDED,
                reason=part.reason,
                message=part.message,
            )
            for part in found.parts
        ],
    )
