"""What people say of a resource where the provider says otherwise, or nothing.

Only a name and a price: both are what people read and pay. What else a provider says
(region, type, service, status) is what the rules and the price lists go by.
"""

from decimal import Decimal
from enum import StrEnum

import msgspec

from infrazen.domain.money import CostSource, Period, price, to_micro
from infrazen.domain.resources import SeenResource, StatedPrice


class OverrideField(StrEnum):
    """What of a resource people may say otherwise."""

    NAME = "name"
    PRICE = "price"


class ManualPrice(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a resource costs in truth, per ``period``."""

    amount: Decimal
    period: Period
    currency: str


class Overrides(msgspec.Struct, frozen=True, kw_only=True):
    """What people say of one resource; None where the provider's word counts."""

    name: str | None = None
    price: ManualPrice | None = None


class Stated(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the provider says of an overridden resource: its name and its price, if any."""

    name: str
    price: StatedPrice | None = None


def stated(seen: SeenResource) -> Stated:
    """What the provider says of what may be overridden."""
    return Stated(name=seen.name, price=seen.price)


def as_stated(shown: SeenResource, by: Stated) -> SeenResource:
    """``shown`` as the provider says it is."""
    return msgspec.structs.replace(shown, name=by.name, price=by.price)


def overridden(seen: SeenResource, by: Overrides) -> SeenResource:
    """``seen`` as people say it is."""
    return msgspec.structs.replace(
        seen, name=by.name or seen.name, price=_price(seen.price, by.price)
    )


def applies(manual: ManualPrice, provided: StatedPrice | None) -> bool:
    """Whether a manual price counts: not where the provider asks in another currency.

    Such a price would be paid beside the provider's, not in its place.
    """
    return provided is None or provided.currency == manual.currency


def _price(provided: StatedPrice | None, manual: ManualPrice | None) -> StatedPrice | None:
    if manual is None or not applies(manual, provided):
        return provided
    found = price(
        manual.amount, per=manual.period, currency=manual.currency, source=CostSource.MANUAL
    )
    return StatedPrice(
        amount=found.amount,
        period=found.period,
        currency=found.currency,
        daily_micro=to_micro(found.daily),
        monthly_micro=to_micro(found.monthly),
        source=found.source,
        in_account_rate=provided is not None and provided.in_account_rate,
    )
