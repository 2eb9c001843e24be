"""The listed sum, the reconciliation and what is payable: each line as its provider states it."""

from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.costs import ZERO_RATE, Rate, Reconciliation
from infrazen.domain.money import CostSource
from infrazen_ui.locales import text
from infrazen_ui.present.dashboard.spoken import (
    Price,
    Voice,
    money,
    plain_price,
    price,
)
from infrazen_ui.present.figures import percent
from infrazen_ui.present.resource_words import source_word, type_title

if TYPE_CHECKING:
    from infrazen.services import ledgers as services
    from infrazen.services.connection_views import ConnectionCard
    from infrazen.services.costs import Dashboard
    from infrazen.services.running_costs import RunningCost


class Equation(TypedDict):
    """Listed minus stated twice is payable, in one currency."""

    listed: Price
    twice: Price
    payable: Price
    has_twice: bool


class LedgerLine(TypedDict):
    """One line: what it is, what kind, per day and per month. ``kind`` decides its looks."""

    name: str
    note: str
    kind: str
    day: str
    month: str


class Ledger(TypedDict):
    """The lines of one account in one currency, and how they reconcile."""

    id: str
    name: str
    provider: str
    explained: str
    percent: float
    percent_text: str
    payable: Price
    lines: list[LedgerLine]


def equations(shown: "Dashboard", voice: Voice) -> list[Equation]:
    """What all connections come to, one equation a currency."""
    return [_equation(one, voice) for one in shown.running]


def _equation(found: "RunningCost", voice: Voice) -> Equation:
    twice = found.counted_twice
    return Equation(
        listed=price(found.listed, found.currency, voice.language),
        twice=price(twice, found.currency, voice.language),
        payable=price(found.payable, found.currency, voice.language),
        has_twice=twice != ZERO_RATE,
    )


def ledgers(shown: "Dashboard", voice: Voice) -> list[Ledger]:
    """The lines of every account, the dearest account first."""
    return [_ledger(one, voice) for one in shown.ledgers]


def _ledger(stated: "services.Ledger", voice: Voice) -> Ledger:
    card, found = stated.card, stated.reconciliation
    share = found.explained_percent if found.excess == ZERO_RATE else None
    return Ledger(
        id=str(card.connection.id),
        name=card.connection.display_name,
        provider=card.connection.provider,
        explained=_explained(found, voice),
        percent=0 if share is None else float(round(share, 1)),
        percent_text="" if share is None else percent(share, language=voice.language, decimals=0),
        payable=price(found.payable, found.currency, voice.language),
        lines=[*_stated(stated, voice), *_reconciled(card, found, voice)],
    )


def _explained(found: Reconciliation, voice: Voice) -> str:
    """``Ресурсы объясняют 60,73 ₽ из 60,73 ₽/день``, empty where the account has no charge."""
    if found.account is None:
        return ""
    whole = price(found.account, found.currency, voice.language)["day"]
    if found.excess.daily:
        part = money(found.explained.daily, found.currency, voice.language)
        return text("dashboard.ledger.exceeding", voice.language, part=part, whole=whole)
    inside = min(found.explained.daily, found.account.daily)
    part = money(inside, found.currency, voice.language)
    return text("dashboard.ledger.explained", voice.language, part=part, whole=whole)


def _stated(stated: "services.Ledger", voice: Voice) -> list[LedgerLine]:
    """Every line as the provider states it, and their sum."""
    card, found = stated.card, stated.reconciliation
    lines: list[LedgerLine] = []
    if found.account is not None:
        lines.append(_line(_named("account", card, voice), found.account, found, voice))
    for one in stated.lines:
        rate = Rate(one.daily_cost or ZERO_RATE.daily, one.monthly_cost or ZERO_RATE.monthly)
        kind = type_title(one.provider, one.type, language=voice.language)
        if one.cost_source is CostSource.MANUAL:
            kind = f"{kind} · {source_word(one.cost_source, language=voice.language)}"
        lines.append(_line(one.name, rate, found, voice, note=kind))
    if stated.rest != ZERO_RATE:
        others = text("dashboard.ledger.others", voice.language)
        lines.append(_line(others, stated.rest, found, voice))
    total = text("dashboard.ledger.sum", voice.language)
    return [*lines, _line(total, found.listed, found, voice, kind="sum")]


def _reconciled(card: "ConnectionCard", found: Reconciliation, voice: Voice) -> list[LedgerLine]:
    """What of it is payable."""
    lines: list[LedgerLine] = []
    language = voice.language
    if found.account is not None:
        inside = text("dashboard.ledger.inside", language)
        share = found.explained_percent
        note = "" if share is None else percent(share, language=language, decimals=0)
        lines.append(_line(inside, found.explained, found, voice, note=note, kind="part"))
        residual = _named("residual", card, voice)
        lines.append(_line(residual, found.residual, found, voice, kind="part"))
        if found.offset != ZERO_RATE:
            beyond = text("dashboard.ledger.offset", language)
            lines.append(_line(beyond, ZERO_RATE - found.offset, found, voice, kind="part"))
        if found.separate != ZERO_RATE:
            beside = text("dashboard.ledger.separate", language)
            lines.append(_line(beside, found.separate, found, voice, kind="part"))
        if found.excess != ZERO_RATE:
            above = text("dashboard.ledger.excess", language)
            lines.append(_line(above, found.excess, found, voice, kind="note"))
    payable = text("dashboard.ledger.payable", language)
    return [*lines, _line(payable, found.payable, found, voice, kind="payable")]


def _line(
    name: str,
    rate: Rate,
    found: Reconciliation,
    voice: Voice,
    *,
    note: str = "",
    kind: str = "stated",
) -> LedgerLine:
    shown = plain_price(rate, found.currency, voice.language)
    return LedgerLine(name=name, note=note, kind=kind, day=shown["day"], month=shown["month"])


def _named(what: str, card: "ConnectionCard", voice: Voice) -> str:
    plan = card.account.plan if card.account else ""
    if what == "account":
        if plan:
            return text("dashboard.ledger.account", voice.language, plan=plan)
        return text("dashboard.ledger.account_plain", voice.language)
    if plan:
        return text("dashboard.ledger.residual", voice.language, plan=plan)
    return text("dashboard.ledger.residual_plain", voice.language)
