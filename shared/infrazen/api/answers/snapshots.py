"""Sync runs and what they changed."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from infrazen.api.answers.money import Amount, Cost, Rate
from infrazen.api.schemas import Answer
from infrazen.db.queries.snapshot_changes import ChangeLine
from infrazen.db.queries.snapshots import Snapshot as StoredSnapshot
from infrazen.domain.money import from_micro
from infrazen.domain.resources import ResourceStatus
from infrazen.domain.syncs import Change, EndpointStatus, SyncStatus, Trigger
from infrazen.sync.result import amount


class Progress(Answer):
    """Where a running sync is."""

    stage: Annotated[str, Field(examples=["reading"])]
    endpoint: Annotated[str | None, Field(examples=["modern.vps"])] = None
    endpoints_done: int = 0
    endpoints_total: int = 0
    items: int = 0


class Counts(Answer):
    """How many resources a sync found, and what became of them."""

    found: int
    created: int
    updated: int
    deleted: int
    unchanged: int
    quarantined: Annotated[int, Field(description="Records that could not be read.")]


class Endpoint(Answer):
    """How one endpoint of the provider's API ended; each fails on its own."""

    name: Annotated[str, Field(examples=["legacy.mysql"])]
    status: EndpointStatus
    items: int = 0
    quarantined: int = 0
    requests: int = 0
    duration_ms: int = 0
    reason: Annotated[str | None, Field(examples=["PermissionMissing"])] = None
    message: Annotated[str | None, Field(examples=["Cannot access method mysql"])] = None


class Failure(Answer):
    """Why a whole sync failed: a stable word, and what to do."""

    reason: Annotated[str, Field(examples=["CredentialsRefused"])]
    message: str


class Snapshot(Answer):
    """One sync run; `progress` is set while it runs."""

    id: UUID
    connection_id: UUID
    trigger: Trigger
    requested_by: str
    status: SyncStatus
    started_at: datetime
    finished_at: datetime | None
    duration_ms: int | None
    progress: Progress | None
    counts: Counts
    cost: Cost | None
    error: Failure | None
    failed_endpoints: Annotated[list[str], Field(examples=[["legacy.mysql", "legacy.ftp"]])]


class FullSnapshot(Snapshot):
    """One sync run with each endpoint's result and the settings it ran with."""

    by_type: dict[str, int]
    by_status: dict[str, int]
    endpoints: list[Endpoint]
    config: dict[str, Any]


class ResourceChange(Answer):
    """What one sync changed in one resource; `changed_fields` are dotted names."""

    resource_id: UUID
    snapshot_id: UUID
    observed_at: datetime
    name: str
    type: str
    change: Change
    status: ResourceStatus
    daily_cost: Amount | None
    currency: str | None
    changed_fields: list[str]
    previous: dict[str, Any] | None
    current: dict[str, Any] | None


class ResourceState(Answer):
    """A resource as it stood after a sync."""

    resource_id: UUID
    name: str
    type: str
    change: Change
    status: ResourceStatus
    daily_cost: Amount | None
    currency: str | None


def snapshot_of(stored: StoredSnapshot) -> Snapshot:
    """A run as lists show it."""
    return Snapshot(**_facts(stored))


def full_snapshot_of(stored: StoredSnapshot) -> FullSnapshot:
    """A run with all that is known of it."""
    return FullSnapshot(
        **_facts(stored),
        by_type=stored.by_type or {},
        by_status=stored.by_status or {},
        endpoints=[Endpoint.model_validate(one) for one in stored.endpoints or ()],
        config=stored.config,
    )


def change_of(line: ChangeLine) -> ResourceChange:
    """A change with the prices before and after written as amounts."""
    facts = {name: getattr(line, name) for name in ResourceChange.model_fields}
    shown = {name: with_amounts(getattr(line, name)) for name in ("previous", "current")}
    return ResourceChange(**{**facts, **shown})


def _facts(stored: StoredSnapshot) -> dict[str, Any]:
    plain = ("id", "connection_id", "trigger", "requested_by", "status", "started_at")
    ended = ("finished_at", "duration_ms")
    failed = [
        one["name"] for one in stored.endpoints or () if one["status"] == EndpointStatus.FAILED
    ]
    return {
        **{name: getattr(stored, name) for name in (*plain, *ended)},
        "progress": Progress.model_validate(stored.progress) if stored.progress else None,
        "counts": Counts.model_validate(stored),
        "cost": _cost(stored),
        "error": _failure(stored),
        "failed_endpoints": failed,
    }


def _cost(stored: StoredSnapshot) -> Cost | None:
    listed = _rate(stored, "listed")
    payable = _rate(stored, "payable")
    if stored.currency is None or listed is None or payable is None:
        return None
    return Cost(currency=stored.currency, payable=payable, listed=listed)


def _rate(stored: StoredSnapshot, kind: str) -> Rate | None:
    daily, monthly = getattr(stored, f"{kind}_daily"), getattr(stored, f"{kind}_monthly")
    return None if daily is None or monthly is None else Rate(daily=daily, monthly=monthly)


def _failure(stored: StoredSnapshot) -> Failure | None:
    if stored.error_reason is None:
        return None
    return Failure(reason=stored.error_reason, message=stored.error_message or "")


def with_amounts(facts: dict[str, Any] | None) -> dict[str, Any] | None:
    """What was stored of a resource, its millionths as decimal strings."""
    price = facts and facts.get("price")
    if facts is None or not price:
        return facts
    rates = {"daily": price.get("daily_micro"), "monthly": price.get("monthly_micro")}
    plain = {name: value for name, value in price.items() if not name.endswith("_micro")}
    shown = {name: amount(from_micro(micro)) for name, micro in rates.items() if micro is not None}
    return {**facts, "price": {**plain, **shown}}
