"""Billing accounts and the price list."""

from datetime import datetime

import msgspec


class BillingAccount(msgspec.Struct, frozen=True, rename="camel"):
    """Who pays; ``balance`` is a decimal."""

    id: str
    name: str = ""
    currency: str = ""
    country_code: str = ""
    active: bool = False
    balance: str = ""


class BillableObject(msgspec.Struct, frozen=True, rename="camel"):
    """What a billing account pays for."""

    id: str = ""
    type: str = ""


class Binding(msgspec.Struct, frozen=True, rename="camel"):
    """A cloud that a billing account pays for."""

    billable_object: BillableObject = BillableObject()


class Rate(msgspec.Struct, frozen=True, rename="camel"):
    """What a unit costs from a quantity on; both are decimals."""

    start_pricing_quantity: str = "0"
    unit_price: str = "0"
    currency: str = ""


class PricingExpression(msgspec.Struct, frozen=True, rename="camel"):
    """The rates of a version."""

    rates: list[Rate] = []


class PricingVersion(msgspec.Struct, frozen=True, rename="camel"):
    """A price from a moment on."""

    type: str = ""
    effective_time: datetime | None = None
    pricing_expressions: list[PricingExpression] = []


class Sku(msgspec.Struct, frozen=True, rename="camel"):
    """A thing with a price."""

    id: str
    name: str = ""
    service_id: str = ""
    pricing_unit: str = ""
    pricing_versions: list[PricingVersion] = []
