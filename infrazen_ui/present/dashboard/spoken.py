"""What every section of the dashboard says things with."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict
from zoneinfo import ZoneInfo

from infrazen.domain.costs import Rate
from infrazen.domain.money import Money
from infrazen_ui.locales import Language
from infrazen_ui.present import money as amounts

if TYPE_CHECKING:
    from infrazen.services.costs import Dashboard


@dataclass(frozen=True, slots=True)
class Voice:
    """The language and the time in which a screen speaks."""

    language: Language
    zone: tzinfo
    now: datetime


class Price(TypedDict):
    """What something costs, large and small."""

    day: str
    month: str


def voice_of(shown: "Dashboard", language: Language) -> Voice:
    """How the dashboard speaks to somebody."""
    return Voice(language, ZoneInfo(shown.time_zone), shown.at)


def price(rate: Rate, currency: str, language: Language) -> Price:
    """``60,73 ₽/день`` and ``1 847,00 ₽/мес``."""
    return Price(
        day=amounts.per_day(Money(rate.daily, currency), language=language),
        month=amounts.per_month(Money(rate.monthly, currency), language=language),
    )


def plain_price(rate: Rate, currency: str, language: Language) -> Price:
    """``60,73 ₽`` and ``1 847,00 ₽``, for columns that say what they are per."""
    return Price(
        day=money(rate.daily, currency, language), month=money(rate.monthly, currency, language)
    )


def money(amount: Decimal, currency: str, language: Language) -> str:
    """``60,73 ₽``."""
    return amounts.money(Money(amount, currency), language=language)
