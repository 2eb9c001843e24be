"""What all mappings share: numbers, moments, prices, facts."""

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from infrazen.domain.money import MICRO, CostSource, Period, Price, price, to_micro
from infrazen.domain.resources import StatedPrice
from infrazen.providers.beget.mapper import CURRENCY, TIME_ZONE
from infrazen.providers.beget.wire.common import Ident, Loose

BYTES_A_MB = 1024 * 1024
UNLIMITED = 2_147_483_647
_DEAREST = Decimal(10) ** 12
_MOSCOW = ZoneInfo(TIME_ZONE)


def number(value: Loose) -> Decimal | None:
    """A number that came as a number, as a string, or not at all.

    Raises ``ArithmeticError`` for a text that is no number.
    """
    if value is None or value == "":
        return None
    return Decimal(str(value))


def moment(text: Ident | None) -> datetime | None:
    """A date or time as UTC; None where it is unset (null, 0, empty, all zeros).

    Beget states no time zone in most places; it is Moscow's. Raises ``ValueError`` for a
    text that is no date.
    """
    if not text or text == "0" or str(text).startswith("0000"):
        return None
    parsed = datetime.fromisoformat(str(text))
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=_MOSCOW)
    return parsed.astimezone(UTC)


def facts(**values: Any) -> dict[str, Any]:
    """The values that say something: without None and what is empty; zero and False stay."""
    return {name: value for name, value in values.items() if value or value == 0}


@lru_cache(maxsize=4096)
def day_price(a_day: Decimal | None, a_month: Decimal | None) -> StatedPrice | None:
    """A price stated per day and, perhaps, per month; part of the account's rate.

    Both are kept as given. Zero is a price; None is none. Cached: thousands of servers
    share a handful of tariffs.
    """
    if a_day is None:
        return None
    _check(a_day, a_month)
    stated = price(a_day, per=Period.DAY, currency=CURRENCY, monthly=a_month)
    return _stated(stated, in_account_rate=True)


def year_price(a_year: Decimal | None) -> StatedPrice | None:
    """A price stated per year and paid apart from the account's rate."""
    if a_year is None:
        return None
    _check(a_year)
    stated = price(a_year, per=Period.YEAR, currency=CURRENCY)
    return _stated(stated, in_account_rate=False)


def usage_price(charge: Decimal) -> StatedPrice:
    """What is charged for use. Beget leaves the period open, so it counts as a month."""
    _check(charge)
    rounded = charge.quantize(MICRO)
    stated = price(rounded, per=Period.UNKNOWN, currency=CURRENCY, source=CostSource.ESTIMATED)
    return _stated(stated, in_account_rate=True)


def _stated(stated: Price, *, in_account_rate: bool) -> StatedPrice:
    return StatedPrice(
        amount=stated.amount,
        period=stated.period,
        currency=stated.currency,
        daily_micro=to_micro(stated.daily),
        monthly_micro=to_micro(stated.monthly),
        source=stated.source,
        in_account_rate=in_account_rate,
    )


def _check(*amounts: Decimal | None) -> None:
    if any(a is not None and not -_DEAREST < a < _DEAREST for a in amounts):
        raise ValueError("an amount beyond all reason")
