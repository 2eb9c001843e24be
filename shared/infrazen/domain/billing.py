"""What a provider's own billing says of days, before it becomes FOCUS charges."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

import msgspec

from infrazen.domain.resources import ServiceCategory


class ChargeCategory(StrEnum):
    """FOCUS 1.4 ChargeCategory."""

    USAGE = "Usage"
    PURCHASE = "Purchase"
    TAX = "Tax"
    CREDIT = "Credit"
    ADJUSTMENT = "Adjustment"


class BilledLine(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What stays the same of a billed charge from day to day: for what, and for whom.

    ``resource`` is the key of the resource that is charged for (``SeenResource.key``, known
    to the inventory or not), None for a line of the account or of a service as a whole.
    ``sku`` is the provider's own id of what is measured, in ``unit``.
    """

    currency: str
    service: str
    category: ServiceCategory
    resource: str | None = None
    resource_name: str = ""
    description: str = ""
    sku: str | None = None
    unit: str = ""
    region: str = ""
    zone: str = ""
    sub_account: str = ""
    sub_account_name: str = ""
    kind: ChargeCategory = ChargeCategory.USAGE
    tags: tuple[tuple[str, str], ...] = ()


class BilledAmount(NamedTuple):
    """What a line came to on a day; ``listed`` is the amount before discounts."""

    amount: Decimal
    quantity: Decimal | None = None
    listed: Decimal | None = None

    def plus(self, other: "BilledAmount") -> "BilledAmount":
        """Both together; what either doesn't know, nobody knows."""
        return BilledAmount(
            self.amount + other.amount,
            _both(self.quantity, other.quantity),
            _both(self.listed, other.listed),
        )


def _both(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else one + other


class BilledCharge(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What a line came to on one day of the provider's billing time zone.

    ``amount`` is what there is to pay for it, exactly as stated, negative for a credit.
    """

    line: BilledLine
    day: date
    amount: Decimal
    quantity: Decimal | None = None
    listed: Decimal | None = None


Lines = Mapping[BilledLine, BilledAmount]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What one endpoint said of days: every day it answered, one without charges too.

    ``covers`` are the types of resources whose whole cost the bill states, None for the
    whole account. Prices of what it doesn't cover go on counting.
    """

    listing: str
    days: Mapping[date, Lines]
    covers: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BilledDay:
    """The last whole day that a connection's billing told of, in one currency.

    ``priced`` is what the prices of that day came to, None where no sync saw that day.
    """

    day: date
    currency: str
    billed: Decimal
    priced: Decimal | None

    @property
    def residual(self) -> Decimal | None:
        """What the bill has beyond the prices, negative where it has less."""
        return None if self.priced is None else self.billed - self.priced

    @property
    def residual_percent(self) -> Decimal | None:
        """The residual as a share of the bill."""
        if self.residual is None or not self.billed:
            return None
        return 100 * self.residual / self.billed
