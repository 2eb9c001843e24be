"""Costs in FOCUS terms, and how an account's charge and its resources add up."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from infrazen.domain.money import CostSource


class Charge(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """The standing part of a charge: FOCUS 1.4 columns that don't change from day to day.

    Field names and order are those of the ``charge`` table. ``resource_ref`` is our
    resource's id, ``resource_id`` the provider's; ``listing`` is the endpoint that billed it,
    None for what follows from a price. Source of names and meanings: the FOCUS
    specification 1.4, dataset Cost and Usage.
    """

    resource_ref: UUID | None = None
    listing: str | None = None
    cost_source: CostSource
    billing_time_zone: str
    allocated_method_details: dict[str, Any] | None = None
    allocated_method_id: str | None = None
    allocated_resource_id: str | None = None
    allocated_resource_name: str | None = None
    allocated_tags: dict[str, Any] | None = None
    availability_zone: str | None = None
    billing_account_id: str
    billing_account_name: str | None = None
    billing_account_type: str | None = None
    billing_currency: str
    billing_period_end: datetime | None = None
    billing_period_start: datetime | None = None
    capacity_reservation_id: str | None = None
    capacity_reservation_status: str | None = None
    charge_category: str
    charge_class: str | None = None
    charge_description: str | None = None
    charge_frequency: str | None = None
    commitment_discount_category: str | None = None
    commitment_discount_id: str | None = None
    commitment_discount_name: str | None = None
    commitment_discount_status: str | None = None
    commitment_discount_type: str | None = None
    commitment_discount_unit: str | None = None
    commitment_program_eligibility_details: dict[str, Any] | None = None
    consumed_unit: str | None = None
    contract_applied: dict[str, Any] | None = None
    contracted_unit_price: Decimal | None = None
    host_provider_name: str | None = None
    invoice_detail_id: str | None = None
    invoice_id: str | None = None
    invoice_issuer_name: str
    list_unit_price: Decimal | None = None
    pricing_category: str | None = None
    pricing_currency: str | None = None
    pricing_currency_contracted_unit_price: Decimal | None = None
    pricing_currency_list_unit_price: Decimal | None = None
    pricing_unit: str | None = None
    region_id: str | None = None
    region_name: str | None = None
    resource_id: str | None = None
    resource_name: str | None = None
    resource_type: str | None = None
    service_category: str
    service_name: str
    service_provider_name: str
    service_subcategory: str | None = None
    sku_id: str | None = None
    sku_meter: str | None = None
    sku_price_details: dict[str, Any] | None = None
    sku_price_id: str | None = None
    sub_account_id: str | None = None
    sub_account_name: str | None = None
    sub_account_type: str | None = None
    tags: dict[str, Any] | None = None
    extra: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """An amount per day and per month, each as stated; they need not agree."""

    daily: Decimal
    monthly: Decimal

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.daily + other.daily, self.monthly + other.monthly)

    def __sub__(self, other: "Rate") -> "Rate":
        return Rate(self.daily - other.daily, self.monthly - other.monthly)

    def excess_over(self, other: "Rate") -> "Rate":
        """How much this is above ``other``, zero where it is not."""
        return Rate(
            max(Decimal(0), self.daily - other.daily), max(Decimal(0), self.monthly - other.monthly)
        )


ZERO_RATE = Rate(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """One account's charge against the sum of its resources, in one currency.

    ``explained`` are resources inside the account's charge, ``separate`` what is charged
    beside it. ``residual`` is what the resources leave unexplained, ``excess`` what they
    come to beyond the account's charge, as the provider prices them; ``offset`` is what
    manual prices of resources inside run beyond what the account charges. ``listed``
    adds up every stated line, the account's own included; ``payable`` is what there is
    to pay.
    """

    currency: str
    account: Rate | None
    explained: Rate
    separate: Rate
    residual: Rate
    excess: Rate
    offset: Rate
    listed: Rate
    payable: Rate

    @property
    def counted_twice(self) -> Rate:
        """What adding up every line would count a second time."""
        return self.listed - self.payable

    @property
    def explained_percent(self) -> Decimal | None:
        """How much of the account's daily charge is explained, in percent."""
        if self.account is None or not self.account.daily:
            return None
        return min(Decimal(100), 100 * self.explained.daily / self.account.daily)


@dataclass(frozen=True, slots=True)
class DayCost:
    """What one day cost; ``amount`` None where nothing was recorded."""

    day: date
    amount: Decimal | None
