"""The universal resource registry and what hangs on a resource."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
from sqlmodel import Field, UniqueConstraint

from infrazen.db.columns import Document, Exact, Id, Micro, Word, utc_now
from infrazen.db.tables.base import (
    Identified,
    KeyedWithin,
    Owned,
    Within,
    of_connection,
    of_resource,
)
from infrazen.domain.money import CostSource, Period
from infrazen.domain.overrides import OverrideField
from infrazen.domain.resources import MOST_OPERATION, ResourceStatus, ServiceCategory

NO_COST = -1


def _written(name: str) -> Index:
    """Finds resources by what people wrote on them, which few have at first."""
    there = text(f"{name} IS NOT NULL")
    return Index(
        f"ix_resource_{name}",
        "organization_id",
        name,
        sqlite_where=there,
        postgresql_where=there,
    )


class ResourceRow(Within, table=True):
    """One resource as the last sync that saw it left it.

    ``id`` follows from connection, type and external id (``queries.scope.resource_id``),
    so no sync can make the same resource twice. Money is per day and per month in
    ``currency``; ``original_cost`` per ``cost_period`` is what the provider stated. Nothing
    here changes when a sync finds the resource as it was: "last seen" is the connection's.
    Where people override name or price, theirs stand in the columns, so that everything
    finds, sorts and adds up by them, and ``stated`` keeps what the provider says.
    ``search`` is the lower-case text that the search box looks into, short enough for an
    index; ``cost_rank`` is the daily cost in millionths, or ``NO_COST``, since databases
    disagree on where NULL sorts.
    """

    __tablename__ = "resource"
    __table_args__ = (
        of_connection(),
        UniqueConstraint("connection_id", "type", "external_id"),
        Index("ix_resource_cost", "organization_id", "is_active", "cost_rank", "id"),
        Index("ix_resource_name", "organization_id", "is_active", "name", "id"),
        *(_written(name) for name in ("owner", "environment", "project")),
        # All that filters, orders, counts, sums and the search box ask, but the name, which
        # may be too long for it: a list is found here alone.
        Index(
            "ix_resource_list",
            "organization_id",
            "is_active",
            "connection_id",
            "type",
            "service",
            "status",
            "region",
            "currency",
            "daily_cost",
            "monthly_cost",
            "in_account_rate",
            "cost_rank",
            "changed_at",
            "owner",
            "environment",
            "project",
            "search",
            "id",
        ),
    )

    id: UUID = Field(primary_key=True, sa_type=Id)
    connection_id: UUID = Field(sa_type=Id)
    provider: str = Field(max_length=32)
    external_id: str = Field(max_length=500)
    type: str = Field(max_length=64)
    name: str = Field(max_length=500)
    service: str = Field(max_length=100)
    category: ServiceCategory = Field(sa_type=Word(ServiceCategory))
    region: str = Field(default="", max_length=64)
    zone: str = Field(default="", max_length=64)
    sub_account: str = Field(default="", max_length=200)
    status: ResourceStatus = Field(sa_type=Word(ResourceStatus))
    provider_status: str = Field(default="", max_length=64)
    is_active: bool = True
    listing: str = Field(max_length=100)
    # Money.
    pricing_model: str = Field(default="none", max_length=16)
    currency: str | None = Field(default=None, max_length=3)
    original_cost: Decimal | None = Field(default=None, sa_type=Exact)
    cost_period: Period | None = Field(default=None, sa_type=Word(Period))
    cost_frequency: str | None = Field(default=None, max_length=16)
    cost_source: CostSource | None = Field(default=None, sa_type=Word(CostSource))
    daily_cost: Decimal | None = Field(default=None, sa_type=Micro)
    monthly_cost: Decimal | None = Field(default=None, sa_type=Micro)
    effective_daily_cost: Decimal | None = Field(default=None, sa_type=Micro)
    cost_rank: int = Field(default=NO_COST, sa_type=BigInteger)
    in_account_rate: bool = False
    sku: str | None = Field(default=None, max_length=200)
    charge_id: UUID | None = Field(default=None, sa_type=Id)
    # Business context, which people write and no sync touches.
    business_unit: str | None = Field(default=None, max_length=200)
    project: str | None = Field(default=None, max_length=200)
    feature_tag: str | None = Field(default=None, max_length=200)
    cost_center: str | None = Field(default=None, max_length=200)
    environment: str | None = Field(default=None, max_length=64)
    owner: str | None = Field(default=None, max_length=320)
    # Provider's own facts.
    provider_config: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    provider_created_at: datetime | None = None
    stated: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    fingerprint: bytes
    search: str = Field(max_length=800)
    first_seen_at: datetime = Field(default_factory=utc_now)
    changed_at: datetime = Field(default_factory=utc_now)
    deleted_at: datetime | None = None


class ResourceTotalRow(KeyedWithin, table=True):
    """How many of a connection's resources share these facts, and what they cost.

    Money is per day and per month in ``currency``, which is empty where there is no price;
    so is what nobody has written on them.
    ``queries.resource_totals`` keeps it.
    """

    __tablename__ = "resource_total"
    __table_args__ = (of_connection(), {"sqlite_with_rowid": False})

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    is_active: bool = Field(primary_key=True)
    type: str = Field(primary_key=True, max_length=64)
    service: str = Field(primary_key=True, max_length=100)
    status: ResourceStatus = Field(primary_key=True, sa_type=Word(ResourceStatus))
    region: str = Field(primary_key=True, max_length=64)
    currency: str = Field(primary_key=True, max_length=3)
    in_account_rate: bool = Field(primary_key=True)
    owner: str = Field(primary_key=True, max_length=320)
    environment: str = Field(primary_key=True, max_length=64)
    project: str = Field(primary_key=True, max_length=200)
    resources: int
    daily_cost: Decimal = Field(sa_type=Micro)
    monthly_cost: Decimal = Field(sa_type=Micro)


class ResourceTagRow(Within, table=True):
    """A tag; ``source`` is ``provider`` or ``user``, and the user's wins."""

    __tablename__ = "resource_tag"
    __table_args__ = (
        of_resource(),
        Index("ix_resource_tag_resources", "organization_id", "key", "value", "resource_id"),
    )

    resource_id: UUID = Field(primary_key=True, sa_type=Id)
    key: str = Field(primary_key=True, max_length=128)
    source: str = Field(primary_key=True, max_length=8)
    value: str = Field(default="", max_length=256)


class ResourceComponentRow(Identified, Within, table=True):
    """Software, a service or a dependency; without a resource it belongs to the account."""

    __tablename__ = "resource_component"
    __table_args__ = (
        of_connection(),
        of_resource(),
        Index("ix_resource_component_resource", "resource_id"),
        Index("ix_resource_component_listing", "connection_id", "listing"),
    )

    connection_id: UUID = Field(sa_type=Id)
    resource_id: UUID | None = Field(default=None, sa_type=Id)
    listing: str = Field(max_length=100)
    kind: str = Field(max_length=64)
    name: str = Field(max_length=300)
    version: str | None = Field(default=None, max_length=64)
    status: str | None = Field(default=None, max_length=64)
    address: str | None = Field(default=None, max_length=500)
    details: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))


class ResourceSecretRow(Within, table=True):
    """A secret that the provider handed out, under the connection's data key."""

    __tablename__ = "resource_secret"
    __table_args__ = (of_connection(), of_resource())

    resource_id: UUID = Field(primary_key=True, sa_type=Id)
    field: str = Field(primary_key=True, max_length=100)
    connection_id: UUID = Field(sa_type=Id, index=True)
    label: str = Field(max_length=200)
    ciphertext: bytes
    fingerprint: str = Field(max_length=16)
    set_at: datetime = Field(default_factory=utc_now)


class ResourceLogRow(Within, table=True):
    """What was done to a resource at its provider, in the provider's own word."""

    __tablename__ = "resource_log"
    __table_args__ = (of_resource(),)

    resource_id: UUID = Field(primary_key=True, sa_type=Id)
    at: datetime = Field(primary_key=True)
    operation: str = Field(primary_key=True, max_length=MOST_OPERATION)
    failed: bool = False


class ResourceAnnotationRow(Identified, Within, table=True):
    """A note that a person left on a resource."""

    __tablename__ = "resource_annotation"
    __table_args__ = (
        of_resource(),
        Index("ix_resource_annotation_resource", "resource_id"),
    )

    resource_id: UUID = Field(sa_type=Id)
    author_id: UUID | None = Field(
        default=None, foreign_key="user_account.id", ondelete="SET NULL", sa_type=Id
    )
    author: str = Field(max_length=400)
    text: str = Field(max_length=4000)


class ResourceOverrideRow(Identified, Within, table=True):
    """What a person says of a resource in the provider's place, and until when that held.

    ``value`` is a name, or a price as ``domain.overrides.ManualPrice``. One row of a field
    is open (``ended_at`` is NULL) at most; the others are history.
    """

    __tablename__ = "resource_override"
    __table_args__ = (
        of_connection(),
        of_resource(),
        Index(
            "uq_resource_override_open",
            "resource_id",
            "field",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_resource_override_resource", "resource_id"),
        Index("ix_resource_override_connection", "connection_id"),
    )

    connection_id: UUID = Field(sa_type=Id)
    resource_id: UUID = Field(sa_type=Id)
    field: OverrideField = Field(sa_type=Word(OverrideField))
    value: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    reason: str = Field(default="", max_length=500)
    author_id: UUID | None = Field(
        default=None, foreign_key="user_account.id", ondelete="SET NULL", sa_type=Id
    )
    author: str = Field(max_length=400)
    ended_at: datetime | None = None
    ended_by: str = Field(default="", max_length=400)


class ResourceBulkChangeRow(Identified, Owned, table=True):
    """What one change did to many resources, so that it can be taken back.

    ``changes`` has by resource and field what was there before and after.
    """

    __tablename__ = "resource_bulk_change"
    __table_args__ = (Index("ix_resource_bulk_change_age", "organization_id", "created_at"),)

    author: str = Field(max_length=400)
    changes: dict[str, Any] = Field(sa_column=Column(Document, nullable=False))
    undone_at: datetime | None = None


class ResourceMetricRow(Within, table=True):
    """One reading of one metric of one resource, in the summary's unit."""

    __tablename__ = "resource_metric"
    __table_args__ = (of_resource(), Index("ix_resource_metric_age", "at"))

    resource_id: UUID = Field(primary_key=True, sa_type=Id)
    metric: str = Field(primary_key=True, max_length=64)
    at: datetime = Field(primary_key=True)
    value: float


class ResourceUsageSummaryRow(Within, table=True):
    """A metric over the window that the last sync read.

    ``average``, ``maximum``, ``minimum`` and ``latest`` are in ``unit``; the percentages
    are of ``capacity`` where there is one; ``weight`` is what the resource counts for when
    percentages are averaged; ``trend`` is the slope in unit per hour.
    """

    __tablename__ = "resource_usage_summary"
    __table_args__ = (
        of_connection(),
        of_resource(),
    )

    resource_id: UUID = Field(primary_key=True, sa_type=Id)
    metric: str = Field(primary_key=True, max_length=64)
    connection_id: UUID = Field(sa_type=Id, index=True)
    unit: str = Field(max_length=16)
    capacity: float | None = None
    weight: float = 1.0
    average: float
    maximum: float
    minimum: float
    latest: float
    average_percent: float | None = None
    maximum_percent: float | None = None
    trend: float = 0.0
    tier: str = Field(max_length=16)
    points: int
    since: datetime
    until: datetime
    snapshot_id: UUID | None = Field(default=None, sa_type=Id)


class UsageTotalRow(KeyedWithin, table=True):
    """How much of one metric a connection's active resources use; ``queries.usage`` keeps it.

    ``used`` and ``available`` add up where there is a capacity; ``weighted`` is the sum of
    percentages times weights, ``weights`` that of the weights.
    """

    __tablename__ = "usage_total"
    __table_args__ = (of_connection(),)

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    metric: str = Field(primary_key=True, max_length=64)
    unit: str = Field(max_length=16)
    resources: int
    used: float | None = None
    available: float | None = None
    weighted: float
    weights: float
