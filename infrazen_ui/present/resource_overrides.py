"""What people say of a resource in the provider's place, and what the provider says."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.money import CostSource, Money, Period, from_micro
from infrazen_ui.locales import Language, text
from infrazen_ui.present import resource_words as words
from infrazen_ui.present.dates import moment, relative
from infrazen_ui.present.eyes import Eyes
from infrazen_ui.present.money import currency_symbol, per_day, per_month

if TYPE_CHECKING:
    from infrazen.db.queries.overrides import Override
    from infrazen.db.queries.resource_detail import Resource
    from infrazen.domain.overrides import ManualPrice, Stated

_SPACES = str.maketrans("", "", " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}")
LONGEST_AMOUNT = 20


class Said(TypedDict):
    """What holds now: beside it the provider's word, and what its form begins with.

    ``amount`` is per ``period`` in ``sign``, the currency; ``waits`` says why a price that
    people entered does not count.
    """

    provider: str
    name: str
    name_reason: str
    provided_name: str
    is_named: bool
    amount: str
    period: str
    sign: str
    price_reason: str
    provided_price: str
    is_priced: bool
    waits: str


NOTHING_SAID = Said(
    provider="",
    name="",
    name_reason="",
    provided_name="",
    is_named=False,
    amount="",
    period=Period.MONTH.value,
    sign="",
    price_reason="",
    provided_price="",
    is_priced=False,
    waits="",
)
"""Before a resource is read."""


class Word(TypedDict):
    """One thing that somebody said: what, who and when, why, and how it ended."""

    what: str
    who: str
    at: str
    reason: str
    ended: str


def said(
    resource: "Resource", found: "Iterable[Override]", *, main: str, language: Language
) -> Said:
    """What holds of a resource now; ``main`` is the organization's currency."""
    now = {one.field.value: one for one in found if one.ended_at is None}
    name, price = now.get("name"), now.get("price")
    manual = price.price if price else None
    title = words.provider_title(resource.provider)
    provided = resource.provided.price
    currency = provided.currency if provided else manual.currency if manual else main
    return Said(
        provider=title,
        name=resource.name,
        name_reason=name.reason if name else "",
        provided_name=_provided_name(resource, title, language) if name else "",
        is_named=name is not None,
        amount=_plain(manual.amount, language) if manual else "",
        period=manual.period.value if manual else Period.MONTH.value,
        sign=currency_symbol(currency),
        price_reason=price.reason if price else "",
        provided_price=provided_price(resource.provided, title, language) if manual else "",
        is_priced=manual is not None,
        waits=_waits(resource, manual, language),
    )


def _provided_name(resource: "Resource", title: str, language: Language) -> str:
    return text("overrides.provided_name", language, provider=title, name=resource.provided.name)


def provided_price(provided: "Stated", title: str, language: Language) -> str:
    """``По данным Beget: 22,00 ₽/день · 660,00 ₽/мес``."""
    price = provided.price
    if price is None:
        return text("overrides.provided_none", language, provider=title)
    return text(
        "overrides.provided_price",
        language,
        provider=title,
        day=per_day(Money(from_micro(price.daily_micro), price.currency), language=language),
        month=per_month(Money(from_micro(price.monthly_micro), price.currency), language=language),
    )


def _waits(resource: "Resource", manual: "ManualPrice | None", language: Language) -> str:
    if manual is None or resource.cost_source is CostSource.MANUAL:
        return ""
    return text("overrides.waits", language, price=_price(manual, language))


def said_before(found: "Iterable[Override]", *, eyes: Eyes) -> list[Word]:
    """All that people ever said, latest first."""
    return [_word(one, eyes) for one in found]


def _word(one: "Override", eyes: Eyes) -> Word:
    language = eyes.language
    shown = one.name or "" if one.price is None else _price(one.price, language)
    when = relative(one.created_at, now=eyes.now, language=language)
    ended = ""
    if one.ended_at is not None:
        ended = text(
            "overrides.ended",
            language,
            who=one.ended_by,
            when=relative(one.ended_at, now=eyes.now, language=language),
        )
    return Word(
        what=text(f"overrides.what.{one.field.value}", language, value=shown),
        who=f"{one.author} · {when}",
        at=moment(one.created_at, zone=eyes.zone, language=language),
        reason=one.reason,
        ended=ended,
    )


def _price(manual: "ManualPrice", language: Language) -> str:
    shown = per_day if manual.period is Period.DAY else per_month
    return shown(Money(manual.amount, manual.currency), language=language)


def _plain(amount: Decimal, language: Language) -> str:
    """An amount as it is typed, without thousands apart: ``1500,5``."""
    typed = format(amount.normalize(), "f")
    return typed.replace(".", ",") if language is Language.RU else typed


def amount_of(typed: str) -> Decimal | None:
    """What somebody typed as an amount, ``1 500,50`` or ``1500.50``; None where it is none."""
    plain = typed.translate(_SPACES).replace(",", ".")
    if not plain or len(plain) > LONGEST_AMOUNT or plain.strip("0123456789.") or plain == ".":
        return None
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    exponent = amount.as_tuple().exponent
    return amount if isinstance(exponent, int) and exponent >= -6 else None
