"""Exact money: Decimal with a currency, counted in millionths of the unit where stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from infrazen.errors import CurrencyMismatch, PrecisionLost

MICRO = Decimal("0.000001")
KOPECK = Decimal("0.01")
CURRENCIES = ("RUB", "USD", "EUR", "CNY", "KZT", "BYN", "UZS", "AMD", "GEL", "AED", "TRY")
"""What an organization may have as its main currency (ISO 4217)."""

DAYS_A_MONTH = Decimal(30)
DAYS_A_YEAR = Decimal(365)
HOURS_A_DAY = Decimal(24)


class Period(StrEnum):
    """What an amount is charged for."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


class CostSource(StrEnum):
    """Where a cost comes from; screens never mix them silently.

    ``MANUAL`` is what a person says where the provider states nothing, or something else.
    """

    BILLED = "billed"
    PRICED = "priced"
    ESTIMATED = "estimated"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency (ISO 4217). Adding two currencies raises."""

    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not add up")


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of ``amounts``, zero of ``currency`` where there are none.

    Raises ``CurrencyMismatch`` for an amount in any other currency.
    """
    return sum(amounts, Money(Decimal(0), currency))


def to_micro(amount: Decimal) -> int:
    """``amount`` in millionths, exactly; raises ``PrecisionLost`` where it is finer."""
    scaled = amount.scaleb(6)
    whole = int(scaled)
    if whole != scaled:
        raise PrecisionLost(f"{amount} is finer than a millionth")
    return whole


def from_micro(micro: int) -> Decimal:
    """Millionths back to an amount."""
    return Decimal(micro).scaleb(-6)


def to_kopecks(amount: Decimal) -> Decimal:
    """``amount`` as people read it: two decimals, half up."""
    return amount.quantize(KOPECK, rounding=ROUND_HALF_UP)


def daily(amount: Decimal, period: Period) -> Decimal:
    """``amount`` per ``period`` as an amount per day, to the millionth.

    Monthly ÷ 30, yearly ÷ 365, hourly × 24; an unknown period is taken as a month.
    """
    match period:
        case Period.DAY:
            exact = amount
        case Period.HOUR:
            exact = amount * HOURS_A_DAY
        case Period.YEAR:
            exact = amount / DAYS_A_YEAR
        case Period.MONTH | Period.UNKNOWN:
            exact = amount / DAYS_A_MONTH
    return exact.quantize(MICRO, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a provider asks for something, normalised to a day with its origin kept.

    ``daily`` and ``monthly`` are exact to the millionth; ``amount`` per ``period`` is
    what the provider stated.
    """

    amount: Decimal
    period: Period
    currency: str
    daily: Decimal
    monthly: Decimal
    source: CostSource = CostSource.PRICED


def price(
    amount: Decimal,
    *,
    per: Period,
    currency: str,
    monthly: Decimal | None = None,
    source: CostSource = CostSource.PRICED,
) -> Price:
    """A price from one stated amount; a stated ``monthly`` is kept as given.

    Raises ``PrecisionLost`` where a stated day or month amount is finer than a millionth.
    """
    a_day = daily(amount, per)
    if per in (Period.MONTH, Period.UNKNOWN):
        a_month = amount
    else:
        a_month = (a_day * DAYS_A_MONTH) if monthly is None else monthly
    for stated in (a_day, a_month):
        to_micro(stated)
    return Price(
        amount=amount, period=per, currency=currency, daily=a_day, monthly=a_month, source=source
    )
