"""A balance that runs out."""

from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import AccountFacts
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Confidence, Unknown
from infrazen.finops.rule import Hit, Parameters, Rule, Sight, Verdict

_LATER_DAYS = 3
"""So many days more than those to warn ahead let a warning go: costs go up and down a little."""


class LowBalance(Parameters):
    """How long ahead to warn."""

    ahead_days: Annotated[
        int,
        Field(ge=1, le=365),
        Label(title=Text("За сколько дней предупреждать", "Warn ahead, days")),
    ] = 14


def judge(account: AccountFacts, parameters: LowBalance, sight: Sight) -> Verdict:
    """Whether the money is about to run out, by the provider's count or by the day's cost."""
    if not account.known:
        return Unknown.NO_ACCOUNT
    days = _days_left(account)
    if days is None:
        return Unknown.NO_BALANCE
    if days > parameters.ahead_days + (_LATER_DAYS if sight.is_open else 0):
        return None
    return Hit(
        saving_micro=0,
        confidence=Confidence.HIGH if account.days_to_block is not None else Confidence.MEDIUM,
        evidence={
            "days": days,
            "threshold_days": parameters.ahead_days,
            "balance": None if account.balance is None else str(account.balance),
            "price_source": "account" if account.days_to_block is not None else "costs",
        },
        change={"top_up": account.currency},
    )


def _days_left(account: AccountFacts) -> int | None:
    if account.days_to_block is not None:
        return account.days_to_block
    a_day = account.daily or account.payable_daily
    if account.balance is None or not a_day:
        return None
    return int(account.balance / a_day)


RULE = Rule(
    id="low_balance",
    category=Category.RISK,
    action=Action.TOP_UP,
    title=Text("Баланс на исходе", "Balance running out"),
    why=Text(
        "Денег на счёте хватит ненадолго, затем провайдер остановит ресурсы.",
        "The money will not last long; the provider then stops what runs.",
    ),
    parameters=LowBalance,
    judge_account=judge,
)
