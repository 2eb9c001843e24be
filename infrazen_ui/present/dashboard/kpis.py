"""The key figures at the top. Every currency has its own line: they never add up."""

from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.money import Money
from infrazen_ui.locales import text
from infrazen_ui.present import money as amounts
from infrazen_ui.present.dashboard.spoken import Price, Voice
from infrazen_ui.present.figures import MINUS, counted, number, percent
from infrazen_ui.present.trends import Trend, trend_of

if TYPE_CHECKING:
    from infrazen.services.costs import Dashboard, Expenses, Savings
    from infrazen.services.running_costs import RunningCost


class Spent(TypedDict):
    """The expenses of the period in one currency, and how they moved."""

    total: str
    direction: str
    tone: str
    trend: str
    source: str


class Kpis(TypedDict):
    """The five key figures."""

    period: str
    spent: list[Spent]
    payable: list[Price]
    savings: list[str]
    savings_note: str
    resources: str
    resources_note: str
    connections: str
    connections_note: str


NO_KPIS = Kpis(
    period="",
    spent=[],
    payable=[],
    savings=[],
    savings_note="",
    resources="",
    resources_note="",
    connections="",
    connections_note="",
)


def kpis(shown: "Dashboard", voice: Voice) -> Kpis:
    """The key figures of ``shown``."""
    language = voice.language
    return Kpis(
        period=period_title(len(shown.days), voice),
        spent=[_spent(one, voice) for one in shown.expenses],
        payable=[_payable(one, voice) for one in shown.running],
        savings=_savings(shown.savings, voice),
        savings_note=_savings_note(shown.savings, voice),
        resources=number(shown.resources, language=language),
        resources_note=counted("dashboard.kpi.types", len(shown.types), language=language),
        connections=number(len(shown.connections), language=language),
        connections_note=_health(shown, voice),
    )


def period_title(days: int, voice: Voice) -> str:
    """``Расходы за 30 дней``."""
    titles = {
        7: text("dashboard.kpi.week", voice.language),
        30: text("dashboard.kpi.month", voice.language),
        90: text("dashboard.kpi.quarter", voice.language),
        365: text("dashboard.kpi.year", voice.language),
    }
    return titles[days]


def _spent(found: "Expenses", voice: Voice) -> Spent:
    moved = trend_of(found.trend_percent, language=voice.language)
    total = amounts.money_round(Money(found.total, found.currency), language=voice.language)
    return Spent(
        total=total,
        direction=moved.direction,
        tone=moved.tone.value,
        trend=_compared(found.trend_percent, moved, voice),
        source=_source(found, voice),
    )


def _source(found: "Expenses", voice: Voice) -> str:
    """``96 % по счетам, 4 % по ценам``; empty where nothing was billed."""
    if not found.billed or not found.total:
        return ""
    share = 100 * found.billed / found.total
    if share >= 100:
        return text("dashboard.kpi.all_billed", voice.language)
    whole = max(Decimal(1), min(share.quantize(Decimal(1)), Decimal(99)))
    billed, priced = (
        percent(part, language=voice.language, decimals=0) for part in (whole, 100 - whole)
    )
    return text("dashboard.kpi.billed", voice.language, percent=billed, rest=priced)


def _payable(found: "RunningCost", voice: Voice) -> Price:
    """``60,73 ₽`` a day, and ``1 847,00 ₽/мес``."""
    daily, monthly = (
        Money(amount, found.currency) for amount in (found.payable.daily, found.payable.monthly)
    )
    return Price(
        day=amounts.money_round(daily, language=voice.language),
        month=amounts.per_month(monthly, language=voice.language),
    )


def _compared(change: Decimal | None, moved: Trend, voice: Voice) -> str:
    """``−12,5 % к прошлому периоду``."""
    if change is None or moved.direction not in ("up", "down"):
        return moved.text
    sign = "+" if change > 0 else MINUS
    shown = f"{sign}{percent(abs(change), language=voice.language)}"
    return text("dashboard.kpi.to_previous", voice.language, trend=shown)


def _savings(found: "Savings", voice: Voice) -> list[str]:
    if not found.count:
        return []
    return [amounts.money_round(one, language=voice.language) for one in found.monthly]


def _savings_note(found: "Savings", voice: Voice) -> str:
    if not found.count:
        return text("dashboard.kpi.savings_later", voice.language)
    return counted("dashboard.kpi.recommendations", found.count, language=voice.language)


def _health(shown: "Dashboard", voice: Voice) -> str:
    troubled = sum(card.state.value in ("partial", "failed") for card in shown.connections)
    if troubled:
        return counted("dashboard.kpi.attention", troubled, language=voice.language)
    if any(card.state.value == "healthy" for card in shown.connections):
        return text("dashboard.kpi.all_read", voice.language)
    return ""


def is_anything_spent(shown: "Dashboard") -> bool:
    """Whether any day of the period has a record."""
    return any(one.recorded_days for one in shown.expenses)
