"""What was charged, per day; what screens sum; and how an account reconciles.

A FOCUS row is split in two: what stays the same from day to day (``charge``) and what a
day adds (``cost_record``). The fact stays narrow, and the view of both is FOCUS.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index
from sqlmodel import Field

from infrazen.db.columns import Document, Exact, Id, Micro, Word
from infrazen.db.tables.base import KeyedWithin, Within, of_connection
from infrazen.domain.money import CostSource


class ChargeRow(Within, table=True):
    """The standing part of a charge, in FOCUS 1.4 columns.

    ``id`` is a hash of all the other columns, so the same charge is the same row for
    good. ``resource_ref`` is our resource, ``resource_id`` the provider's (as in FOCUS);
    a bill may name a resource that the inventory doesn't know. ``listing`` is the endpoint
    that billed the charge, NULL for what follows from a price.
    """

    __tablename__ = "charge"
    __table_args__ = (
        of_connection(),
        Index("ix_charge_resource", "organization_id", "connection_id", "resource_ref"),
    )

    id: UUID = Field(primary_key=True, sa_type=Id)
    connection_id: UUID = Field(sa_type=Id)
    resource_ref: UUID | None = Field(default=None, sa_type=Id)
    listing: str | None = Field(default=None, max_length=100)
    cost_source: CostSource = Field(sa_type=Word(CostSource))
    billing_time_zone: str = Field(max_length=64)
    # FOCUS, in its own order.
    allocated_method_details: dict[str, Any] | None = Field(
        default=None, sa_column=Column(Document)
    )
    allocated_method_id: str | None = None
    allocated_resource_id: str | None = None
    allocated_resource_name: str | None = None
    allocated_tags: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    availability_zone: str | None = None
    billing_account_id: str
    billing_account_name: str | None = None
    billing_account_type: str | None = None
    billing_currency: str = Field(max_length=3)
    billing_period_end: datetime | None = None
    billing_period_start: datetime | None = None
    capacity_reservation_id: str | None = None
    capacity_reservation_status: str | None = None
    charge_category: str = Field(max_length=16)
    charge_class: str | None = Field(default=None, max_length=16)
    charge_description: str | None = None
    charge_frequency: str | None = Field(default=None, max_length=16)
    commitment_discount_category: str | None = None
    commitment_discount_id: str | None = None
    commitment_discount_name: str | None = None
    commitment_discount_status: str | None = None
    commitment_discount_type: str | None = None
    commitment_discount_unit: str | None = None
    commitment_program_eligibility_details: dict[str, Any] | None = Field(
        default=None, sa_column=Column(Document)
    )
    consumed_unit: str | None = None
    contract_applied: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    contracted_unit_price: Decimal | None = Field(default=None, sa_type=Exact)
    host_provider_name: str | None = None
    invoice_detail_id: str | None = None
    invoice_id: str | None = None
    invoice_issuer_name: str
    list_unit_price: Decimal | None = Field(default=None, sa_type=Exact)
    pricing_category: str | None = Field(default=None, max_length=16)
    pricing_currency: str | None = None
    pricing_currency_contracted_unit_price: Decimal | None = Field(default=None, sa_type=Exact)
    pricing_currency_list_unit_price: Decimal | None = Field(default=None, sa_type=Exact)
    pricing_unit: str | None = None
    region_id: str | None = None
    region_name: str | None = None
    resource_id: str | None = None
    resource_name: str | None = None
    resource_type: str | None = None
    service_category: str = Field(max_length=64)
    service_name: str
    service_provider_name: str
    service_subcategory: str | None = None
    sku_id: str | None = None
    sku_meter: str | None = None
    sku_price_details: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    sku_price_id: str | None = None
    sub_account_id: str | None = None
    sub_account_name: str | None = None
    sub_account_type: str | None = None
    tags: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))
    extra: dict[str, Any] | None = Field(default=None, sa_column=Column(Document))


class CostRecordRow(KeyedWithin, table=True):
    """One charge on one day of its billing time zone: the fact behind every cost screen.

    The key leads with organization, connection and day, the slice that a sync replaces.
    Partitioned by month on PostgreSQL, clustered by the key on SQLite. The index is for charges
    that are erased: the database looks each of them up here.
    """

    __tablename__ = "cost_record"
    __table_args__ = (
        ForeignKeyConstraint(["charge_id"], ["charge.id"], ondelete="CASCADE"),
        Index("ix_cost_record_charge", "charge_id"),
        {"postgresql_partition_by": "RANGE (day)", "sqlite_with_rowid": False},
    )

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    day: date = Field(primary_key=True)
    charge_id: UUID = Field(primary_key=True, sa_type=Id)
    billed_cost: Decimal = Field(sa_type=Micro)
    effective_cost: Decimal = Field(sa_type=Micro)
    list_cost: Decimal = Field(sa_type=Micro)
    contracted_cost: Decimal = Field(sa_type=Micro)
    pricing_quantity: Decimal | None = Field(default=None, sa_type=Exact)
    consumed_quantity: Decimal | None = Field(default=None, sa_type=Exact)
    commitment_discount_quantity: Decimal | None = Field(default=None, sa_type=Exact)
    pricing_currency_effective_cost: Decimal | None = Field(default=None, sa_type=Exact)


def _day_column() -> Any:
    return Field(default=None, sa_type=Micro)


class Calendar(KeyedWithin):
    """A month of daily costs: ``d01`` … ``d31``, NULL where nothing was recorded.

    ``total`` is their sum; ``measure`` is one of ``effective``, ``billed`` and ``list``.
    """

    month: date = Field(primary_key=True)
    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    measure: str = Field(primary_key=True, max_length=16)
    billing_currency: str = Field(primary_key=True, max_length=3)
    total: Decimal = Field(default=Decimal(0), sa_type=Micro)
    d01: Decimal | None = _day_column()
    d02: Decimal | None = _day_column()
    d03: Decimal | None = _day_column()
    d04: Decimal | None = _day_column()
    d05: Decimal | None = _day_column()
    d06: Decimal | None = _day_column()
    d07: Decimal | None = _day_column()
    d08: Decimal | None = _day_column()
    d09: Decimal | None = _day_column()
    d10: Decimal | None = _day_column()
    d11: Decimal | None = _day_column()
    d12: Decimal | None = _day_column()
    d13: Decimal | None = _day_column()
    d14: Decimal | None = _day_column()
    d15: Decimal | None = _day_column()
    d16: Decimal | None = _day_column()
    d17: Decimal | None = _day_column()
    d18: Decimal | None = _day_column()
    d19: Decimal | None = _day_column()
    d20: Decimal | None = _day_column()
    d21: Decimal | None = _day_column()
    d22: Decimal | None = _day_column()
    d23: Decimal | None = _day_column()
    d24: Decimal | None = _day_column()
    d25: Decimal | None = _day_column()
    d26: Decimal | None = _day_column()
    d27: Decimal | None = _day_column()
    d28: Decimal | None = _day_column()
    d29: Decimal | None = _day_column()
    d30: Decimal | None = _day_column()
    d31: Decimal | None = _day_column()


class CostTrendRow(Calendar, table=True):
    """A month of daily costs for one combination of the usual dimensions.

    A dimension that a charge lacks is an empty string.
    """

    __tablename__ = "cost_trend"
    __table_args__ = (
        of_connection(),
        {"sqlite_with_rowid": False},
    )

    cost_source: str = Field(primary_key=True, max_length=16)
    charge_category: str = Field(primary_key=True, max_length=16)
    service_category: str = Field(primary_key=True, max_length=64)
    service_name: str = Field(primary_key=True)
    resource_type: str = Field(primary_key=True)
    region_id: str = Field(primary_key=True)
    sub_account_id: str = Field(primary_key=True)


class CostTotalRow(Calendar, table=True):
    """A month of daily costs of a whole connection: what a dashboard adds up."""

    __tablename__ = "cost_total"
    __table_args__ = (
        of_connection(),
        {"sqlite_with_rowid": False},
    )


class ReconciliationRow(KeyedWithin, table=True):
    """How a connection's account charge and its resources add up on one day.

    Amounts per day and per month in ``currency``. ``account`` is what the provider states
    for the whole account (NULL where it states nothing), ``explained`` what the resources
    inside that rate come to, ``separate`` what is charged beside it. Then ``residual`` is
    account − explained where positive, ``excess`` the other way round, ``offset`` what
    manual prices run beyond what the account charges, ``listed`` every stated line added
    up, and ``payable`` what there is to pay.
    """

    __tablename__ = "reconciliation"
    __table_args__ = (of_connection(),)

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    day: date = Field(primary_key=True)
    currency: str = Field(primary_key=True, max_length=3)
    account_daily: Decimal | None = Field(default=None, sa_type=Micro)
    account_monthly: Decimal | None = Field(default=None, sa_type=Micro)
    explained_daily: Decimal = Field(sa_type=Micro)
    explained_monthly: Decimal = Field(sa_type=Micro)
    separate_daily: Decimal = Field(sa_type=Micro)
    separate_monthly: Decimal = Field(sa_type=Micro)
    residual_daily: Decimal = Field(sa_type=Micro)
    residual_monthly: Decimal = Field(sa_type=Micro)
    excess_daily: Decimal = Field(sa_type=Micro)
    excess_monthly: Decimal = Field(sa_type=Micro)
    offset_daily: Decimal = Field(default=Decimal(0), sa_type=Micro)
    offset_monthly: Decimal = Field(default=Decimal(0), sa_type=Micro)
    listed_daily: Decimal = Field(sa_type=Micro)
    listed_monthly: Decimal = Field(sa_type=Micro)
    payable_daily: Decimal = Field(sa_type=Micro)
    payable_monthly: Decimal = Field(sa_type=Micro)
    snapshot_id: UUID | None = Field(default=None, sa_type=Id)


class BilledDayRow(KeyedWithin, table=True):
    """What one endpoint's bill of a day came to, and whether the day was over by then.

    ``fingerprint`` is of all its charges: a bill that says the same again writes nothing.
    """

    __tablename__ = "billed_day"
    __table_args__ = (
        of_connection(),
        {"sqlite_with_rowid": False},
    )

    connection_id: UUID = Field(primary_key=True, sa_type=Id)
    day: date = Field(primary_key=True)
    listing: str = Field(primary_key=True, max_length=100)
    currency: str = Field(primary_key=True, max_length=3)
    amount: Decimal = Field(sa_type=Micro)
    is_whole: bool
    fingerprint: bytes
    snapshot_id: UUID | None = Field(default=None, sa_type=Id)
