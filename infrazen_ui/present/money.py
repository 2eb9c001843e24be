"""Amounts of money. Nothing is computed here but rounding for the eye."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import get_currency_symbol

from infrazen.domain.money import Money, to_kopecks
from infrazen_ui.locales import Language, text
from infrazen_ui.present.figures import MINUS, NARROW_SPACE, number

LARGE = Decimal(10_000)


def money(value: Money, *, language: Language) -> str:
    """To the kopeck: ``1 847,00 ₽`` or ``₽1,847.00``."""
    shown = number(to_kopecks(abs(value.amount)), language=language, decimals=2)
    return _signed(_with_symbol(shown, value.currency, language), value.amount)


def money_round(value: Money, *, language: Language) -> str:
    """As ``money``, but without kopecks from ten thousand up, where they only distract."""
    if abs(value.amount) < LARGE:
        return money(value, language=language)
    whole = abs(value.amount).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    shown = _with_symbol(number(whole, language=language), value.currency, language)
    return _signed(shown, value.amount)


def per_day(value: Money, *, language: Language) -> str:
    """``60,73 ₽/день``."""
    return f"{money(value, language=language)}{text('period.per_day', language)}"


def per_month(value: Money, *, language: Language) -> str:
    """``1 847,00 ₽/мес``."""
    return f"{money(value, language=language)}{text('period.per_month', language)}"


@cache
def currency_symbol(currency: str) -> str:
    """``₽`` for RUB; the code itself where Russian readers know no sign for it."""
    return get_currency_symbol(currency, locale="ru")


def axis_unit(currency: str, language: Language) -> str:
    """What stands at the figures of an axis: a sign before them, or a space and a sign behind."""
    symbol = currency_symbol(currency)
    if language is Language.EN and not symbol.isalpha():
        return symbol
    return f"{NARROW_SPACE}{symbol}"


def _with_symbol(shown: str, currency: str, language: Language) -> str:
    unit = axis_unit(currency, language)
    return f"{shown}{unit}" if unit.startswith(NARROW_SPACE) else f"{unit}{shown}"


def _signed(shown: str, amount: Decimal) -> str:
    return f"{MINUS}{shown}" if to_kopecks(amount) < 0 else shown
