"""From what all resources cost to what there is to pay, in one line whose parts add up."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.money import Money, to_kopecks
from infrazen_ui.locales import Language, text
from infrazen_ui.present.figures import MINUS
from infrazen_ui.present.money import money, per_day, per_month

if TYPE_CHECKING:
    from infrazen.services.running_costs import RunningCost

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Sum:
    """What stands between ``resources`` and ``payable``, each with its sign and its name."""

    resources: Decimal
    between: tuple[tuple[str, Decimal], ...]
    payable: Decimal


def payable_line(stated: Rate, found: "RunningCost", *, language: Language) -> str:
    """``Ресурсы 1 821,90 ₽ + остальная плата за аккаунт 25,10 ₽ = 1 847,00 ₽/мес к оплате``.

    Empty where the resources are all there is to pay. Of the month, or of the day where months
    are equal.
    """
    since = found.resources - stated
    parts = (("residual", found.residual), ("since", since), ("offset", ZERO_RATE - found.offset))
    monthly = _sum(
        stated.monthly, [(name, rate.monthly) for name, rate in parts], found.payable.monthly
    )
    if monthly.between:
        return _line(monthly, found.currency, language=language, is_monthly=True)
    daily = _sum(stated.daily, [(name, rate.daily) for name, rate in parts], found.payable.daily)
    if daily.between:
        return _line(daily, found.currency, language=language, is_monthly=False)
    return ""


def _sum(resources: Decimal, parts: Iterable[tuple[str, Decimal]], payable: Decimal) -> _Sum:
    """The same to the kopeck: what rounding leaves goes to the largest part between."""
    total, begun = to_kopecks(payable), to_kopecks(resources)
    between = {name: to_kopecks(amount) for name, amount in parts}
    largest = max(between, key=lambda name: abs(between[name]))
    between[largest] += total - begun - sum(between.values(), _ZERO)
    told = tuple((name, amount) for name, amount in between.items() if amount)
    return _Sum(begun, told, total)


def _line(found: _Sum, currency: str, *, language: Language, is_monthly: bool) -> str:
    def said(name: str, amount: Decimal) -> str:
        shown = money(Money(abs(amount), currency), language=language)
        return text(f"resources.payable.{name}", language, amount=shown)

    words = said("resources", found.resources)
    for name, amount in found.between:
        words += f" {'+' if amount > 0 else MINUS} {said(name, amount)}"
    per = per_month if is_monthly else per_day
    total = per(Money(found.payable, currency), language=language)
    return text("resources.payable.line", language, parts=words, total=total)
