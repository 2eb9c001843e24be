"""Prices and lines of bills as FOCUS charges."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

import msgspec

from infrazen.domain.billing import BilledLine
from infrazen.domain.costs import Charge
from infrazen.domain.ids import uuid_of
from infrazen.domain.money import CostSource, from_micro
from infrazen.domain.resources import SeenResource, ServiceCategory

PRICING_UNIT = "Days"
RESIDUAL_SERVICE = "Account plan"
OFFSET_SERVICE = "Manual prices beyond the account charge"
_encoder = msgspec.json.Encoder(order="deterministic", decimal_format="string")


@dataclass(frozen=True, slots=True, kw_only=True)
class Biller:
    """Who charges, to which account, and in which time zone a day begins."""

    connection_id: UUID
    account_id: str
    service_provider: str
    time_zone: str


def charge_id(charge: Charge, connection_id: UUID) -> UUID:
    """The id that follows from everything a charge says, within its connection."""
    digest = hashlib.blake2b(_encoder.encode(charge), digest_size=16, key=connection_id.bytes)
    return uuid_of(digest.digest())


def standing_charge(seen: SeenResource, *, resource_ref: UUID, biller: Biller) -> Charge | None:
    """The charge that a priced resource makes each day, None where it has no price.

    A day is the pricing unit, one a day the quantity, so that
    ``ListCost = ListUnitPrice x PricingQuantity`` holds as FOCUS asks.
    """
    price = seen.price
    if price is None:
        return None
    unit_price = from_micro(price.daily_micro)
    return Charge(
        resource_ref=resource_ref,
        cost_source=price.source,
        billing_time_zone=biller.time_zone,
        availability_zone=seen.zone or None,
        billing_account_id=biller.account_id,
        billing_currency=price.currency,
        charge_category="Usage",
        charge_description=f"{seen.service}: {seen.name}",
        charge_frequency="Recurring",
        consumed_unit=PRICING_UNIT,
        contracted_unit_price=unit_price,
        host_provider_name=biller.service_provider,
        invoice_issuer_name=biller.service_provider,
        list_unit_price=unit_price,
        pricing_category="Standard",
        pricing_unit=PRICING_UNIT,
        region_id=seen.region or None,
        region_name=seen.region or None,
        resource_id=seen.external_id,
        resource_name=seen.name,
        resource_type=seen.type,
        service_category=seen.category.value,
        service_name=seen.service,
        service_provider_name=biller.service_provider,
        sku_id=seen.sku,
        sub_account_id=seen.sub_account or None,
        tags=dict(seen.tags) or None,
    )


def residual_charge(*, currency: str, biller: Biller, plan: str) -> Charge:
    """The line for what an account charges beyond its resources."""
    return Charge(
        cost_source=CostSource.PRICED,
        billing_time_zone=biller.time_zone,
        billing_account_id=biller.account_id,
        billing_currency=currency,
        charge_category="Usage",
        charge_description=f"{RESIDUAL_SERVICE}: {plan}" if plan else RESIDUAL_SERVICE,
        charge_frequency="Recurring",
        consumed_unit=PRICING_UNIT,
        host_provider_name=biller.service_provider,
        invoice_issuer_name=biller.service_provider,
        pricing_category="Standard",
        pricing_unit=PRICING_UNIT,
        service_category=ServiceCategory.OTHER.value,
        service_name=RESIDUAL_SERVICE,
        service_provider_name=biller.service_provider,
    )


def billed_charge(
    line: BilledLine, *, resource_ref: UUID | None, listing: str, biller: Biller
) -> Charge:
    """The charge of a line on a bill, in the provider's own units."""
    kind, _, external_id = (line.resource or "").partition("/")
    return Charge(
        resource_ref=resource_ref,
        listing=listing,
        cost_source=CostSource.BILLED,
        billing_time_zone=biller.time_zone,
        availability_zone=line.zone or None,
        billing_account_id=biller.account_id,
        billing_currency=line.currency,
        charge_category=line.kind.value,
        charge_description=line.description or None,
        charge_frequency="Usage-Based",
        consumed_unit=line.unit or None,
        host_provider_name=biller.service_provider,
        invoice_issuer_name=biller.service_provider,
        pricing_category="Standard",
        pricing_unit=line.unit or None,
        region_id=line.region or None,
        region_name=line.region or None,
        resource_id=external_id or None,
        resource_name=line.resource_name or None,
        resource_type=kind or None,
        service_category=line.category.value,
        service_name=line.service,
        service_provider_name=biller.service_provider,
        sku_id=line.sku,
        sub_account_id=line.sub_account or None,
        sub_account_name=line.sub_account_name or None,
        tags=dict(line.tags) or None,
    )


def offset_charge(*, currency: str, biller: Biller) -> Charge:
    """The line that takes off what manual prices run beyond what the account charges."""
    return Charge(
        cost_source=CostSource.MANUAL,
        billing_time_zone=biller.time_zone,
        billing_account_id=biller.account_id,
        billing_currency=currency,
        charge_category="Adjustment",
        charge_description=OFFSET_SERVICE,
        charge_frequency="Recurring",
        host_provider_name=biller.service_provider,
        invoice_issuer_name=biller.service_provider,
        service_category=ServiceCategory.OTHER.value,
        service_name=OFFSET_SERVICE,
        service_provider_name=biller.service_provider,
    )
