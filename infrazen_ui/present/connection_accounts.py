"""What a provider says of the account: state, limits, server, and how its charge adds up."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypedDict

from infrazen.domain.accounts import AccountInfo, AccountStatus, Limit
from infrazen.domain.costs import ZERO_RATE
from infrazen.domain.money import Money
from infrazen_ui.locales import Language, catalogue, text
from infrazen_ui.present import dates, figures, sizes
from infrazen_ui.present import money as amounts
from infrazen_ui.present.trends import Tone

if TYPE_CHECKING:
    from infrazen.domain.billing import BilledDay
    from infrazen.domain.costs import Rate, Reconciliation

SOON_DAYS = 30
_TONES = {
    AccountStatus.ACTIVE: Tone.SUCCESS,
    AccountStatus.WARNING: Tone.WARNING,
    AccountStatus.SUSPENDED: Tone.DANGER,
}
_SOFTWARE = {
    "apache": "Apache",
    "mysql": "MySQL",
    "perl": "Perl",
    "php": "PHP",
    "python": "Python",
}
_TIERS = ((95, "critical"), (80, "high"), (40, "medium"), (0, "low"))


class FactView(TypedDict):
    """A name and its value."""

    name: str
    value: str


class LimitView(TypedDict):
    """How much of an allowance is used; ``percent`` is 0 to 100."""

    name: str
    detail: str
    shown: str
    percent: int
    tier: str
    tier_label: str
    is_bounded: bool


class LineView(TypedDict):
    """A line of the reconciliation; ``kind`` is line, total or result."""

    name: str
    note: str
    per_day: str
    per_month: str
    kind: str


class ReconciliationView(TypedDict):
    """How the account's charge and its resources add up, in one currency."""

    title: str
    explained: str
    percent: int
    lines: list[LineView]
    billed: str


class AccountView(TypedDict):
    """The account as the card unfolds it; ``is_known`` False where there is nothing yet."""

    is_known: bool
    tone: str
    status: str
    alert: str
    alert_text: str
    facts: list[FactView]
    limits: list[LimitView]
    server: list[FactView]
    software: list[FactView]
    security: list[FactView]
    reconciliations: list[ReconciliationView]


def account_view(
    account: AccountInfo | None,
    reconciliations: Sequence["Reconciliation"],
    *,
    language: Language,
    billed: Sequence["BilledDay"] = (),
) -> AccountView:
    """What is known of an account, for people."""
    bills = {one.currency: billed_text(one, language=language) for one in billed}
    money = [
        reconciliation_view(one, language=language, billed=bills.get(one.currency, ""))
        for one in reconciliations
    ]
    if account is None:
        return _unknown(money)
    alert, alert_text = _alert(account, language)
    return AccountView(
        is_known=True,
        tone=_TONES[account.status].value,
        status=text(f"connection_word.account.{account.status.value}", language),
        alert=alert,
        alert_text=alert_text,
        facts=_facts(account, language),
        limits=[limit_view(one, language=language) for one in account.limits],
        server=_server(account.server, language),
        software=[
            FactView(name=_SOFTWARE.get(name, name), value=version)
            for name, version in account.software.items()
        ],
        security=_pairs(account.security, "security", language),
        reconciliations=money,
    )


def limit_view(limit: Limit, *, language: Language) -> LimitView:
    """``4 из 10``, and how full that is; unlimited ones have no bar."""
    name = _word("limit", limit.name, language)
    used = _amount(limit.used, limit.unit, language)
    if limit.allowed is None:
        return LimitView(
            name=name,
            detail=text("connections.account.unlimited", language, used=used),
            shown="",
            percent=0,
            tier="low",
            tier_label="",
            is_bounded=False,
        )
    share = 100 * limit.used / limit.allowed if limit.allowed else Decimal(100 if limit.used else 0)
    tier = next(name for least, name in _TIERS if share >= least) if share >= 0 else "low"
    allowed = _amount(limit.allowed, limit.unit, language)
    return LimitView(
        name=name,
        detail=text("connections.account.used", language, used=used, allowed=allowed),
        shown=figures.percent(share, language=language, decimals=0),
        percent=max(0, min(100, round(share))),
        tier=tier,
        tier_label="" if tier in ("low", "medium") else _word("tier", tier, language),
        is_bounded=True,
    )


def billed_text(one: "BilledDay", *, language: Language) -> str:
    """``По счёту за 25 ноября — 46,20 ₽, это на 2,20 ₽ (4,8 %) больше цен ресурсов``."""
    said = {
        "day": dates.day(one.day, language=language),
        "billed": amounts.money(Money(one.billed, one.currency), language=language),
    }
    if one.residual is None:
        return text("connections.money.billed", language, **said)
    if not one.residual:
        return text("connections.money.billed_same", language, **said)
    more = one.residual > 0
    return text(
        "connections.money.billed_more" if more else "connections.money.billed_less",
        language,
        **said,
        residual=amounts.money(Money(abs(one.residual), one.currency), language=language),
        percent=figures.percent(abs(one.residual_percent or 0), language=language, decimals=1),
    )


def reconciliation_view(
    one: "Reconciliation", *, language: Language, billed: str = ""
) -> ReconciliationView:
    """Both truths: every line as the provider states it, and what there is to pay."""

    def line(key: str, rate: "Rate", kind: str = "line") -> LineView:
        return LineView(
            name=text(f"connection_word.money.{key}", language),
            note=text(f"connection_word.money.{key}_note", language),
            per_day=amounts.per_day(Money(rate.daily, one.currency), language=language),
            per_month=amounts.per_month(Money(rate.monthly, one.currency), language=language),
            kind=kind,
        )

    if one.account is None and not _any(one.explained):
        lines = [line("resources", one.separate)]
    else:
        lines = [] if one.account is None else [line("account", one.account)]
        lines.append(line("explained", one.explained))
        lines += [line("separate", one.separate)] if _any(one.separate) else []
        lines.append(line("listed", one.listed, "total"))
    lines += [line("residual", one.residual)] if one.account is not None else []
    lines += [line("excess", one.excess)] if _any(one.excess) else []
    lines += [line("offset", ZERO_RATE - one.offset)] if _any(one.offset) else []
    lines.append(line("payable", one.payable, "result"))
    share = one.explained_percent
    return ReconciliationView(
        title=text("connections.money.title", language),
        explained="" if share is None else _explained(one, language),
        percent=0 if share is None else round(share),
        lines=lines,
        billed=billed,
    )


def _explained(one: "Reconciliation", language: Language) -> str:
    """``Ресурсы объясняют 60,73 из 60,73 ₽/день (100 %)``."""
    assert one.account is not None  # noqa: S101 (there is a share of it)
    inside = min(one.explained.daily, one.account.daily)
    return text(
        "connections.money.explained",
        language,
        inside=amounts.money(Money(inside, one.currency), language=language),
        account=amounts.per_day(Money(one.account.daily, one.currency), language=language),
        percent=figures.percent(one.explained_percent or 0, language=language, decimals=0),
    )


def _any(rate: "Rate") -> bool:
    return bool(rate.daily or rate.monthly)


def _unknown(money: list[ReconciliationView]) -> AccountView:
    return AccountView(
        is_known=False,
        tone=Tone.NEUTRAL.value,
        status="",
        alert="",
        alert_text="",
        facts=[],
        limits=[],
        server=[],
        software=[],
        security=[],
        reconciliations=money,
    )


def _alert(account: AccountInfo, language: Language) -> tuple[str, str]:
    days = account.days_to_block
    if account.status is AccountStatus.SUSPENDED:
        return text("connections.account.blocked", language), text(
            "connections.account.blocked_text", language
        )
    if days is None or days >= SOON_DAYS:
        return "", ""
    return figures.counted("connections.account.soon", max(0, days), language=language), text(
        "connections.account.soon_text", language
    )


def _facts(account: AccountInfo, language: Language) -> list[FactView]:
    def fact(key: str, value: str) -> FactView:
        return FactView(name=text(f"connection_word.fact.{key}", language), value=value)

    found = [fact("id", account.account_id)]
    if account.plan:
        found.append(fact("plan", account.plan))
    if account.balance is not None:
        balance = Money(account.balance, account.currency)
        found.append(fact("balance", amounts.money(balance, language=language)))
    if account.charge is not None:
        charge = account.charge
        a_day, a_month = (
            Money(amount, charge.currency) for amount in (charge.daily, charge.monthly)
        )
        found.append(fact("daily", amounts.per_day(a_day, language=language)))
        found.append(fact("monthly", amounts.per_month(a_month, language=language)))
    if account.days_to_block is not None:
        days = figures.counted("connections.days", account.days_to_block, language=language)
        found.append(fact("days_to_block", days))
    return found


def _server(server: Mapping[str, str], language: Language) -> list[FactView]:
    shown = dict(server)
    for name in ("memory_mb", "memory_used_mb"):
        if _is_number(shown.get(name)):
            shown[name] = sizes.megabytes(Decimal(shown[name]), language=language)
    if _is_number(shown.get("uptime_days")):
        days = int(Decimal(shown["uptime_days"]))
        shown["uptime_days"] = figures.counted("connections.days", days, language=language)
    return _pairs(shown, "server", language)


def _pairs(values: Mapping[str, str], family: str, language: Language) -> list[FactView]:
    return [
        FactView(name=_word(family, name, language), value=_value(value, language))
        for name, value in values.items()
    ]


def _value(value: str, language: Language) -> str:
    return _word("value", value, language) if value in ("enabled", "disabled") else value


def _word(family: str, name: str, language: Language) -> str:
    """The word for a name that a provider gave; the name itself where there is none."""
    key = f"connection_word.{family}.{name}"
    return text(key, language) if key in catalogue(language) else name


def _amount(value: Decimal, unit: str, language: Language) -> str:
    if unit == "MB":
        return sizes.megabytes(value, language=language)
    return figures.number(value, language=language)


def _is_number(value: str | None) -> bool:
    return value is not None and value.replace(".", "", 1).isdigit()
