"""A plan that is cheaper when paid for a year."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import AccountFacts
from infrazen.domain.labels import Label, Text
from infrazen.domain.money import to_micro
from infrazen.domain.recommendations import Action, Category, Confidence, Unknown
from infrazen.finops.rule import Hit, LeastSaving, Parameters, Rule, Sight, Verdict

_MONTHS = 12


class YearlyPlan(Parameters):
    """How much cheaper a year must be."""

    least_percent: Annotated[
        int, Field(ge=1, le=99), Label(title=Text("Скидка не меньше, %", "Discount at least, %"))
    ] = 3
    least_saving: LeastSaving = 10


def judge(account: AccountFacts, parameters: YearlyPlan, _sight: Sight) -> Verdict:
    """What paying by the year saves a month, by the account's own rates."""
    if not account.known:
        return Unknown.NO_ACCOUNT
    if account.is_yearly:
        return None
    if account.monthly is None or account.yearly is None:
        return Unknown.NO_PRICE
    saving = (account.monthly - account.yearly / _MONTHS).quantize(Decimal("0.01"))
    enough = saving * 100 >= account.monthly * parameters.least_percent
    if saving <= 0 or not enough or saving < Decimal(str(parameters.least_saving)):
        return None
    return Hit(
        saving_micro=to_micro(saving),
        confidence=Confidence.HIGH,
        evidence={
            "monthly": str(account.monthly),
            "yearly": str(account.yearly),
            "threshold_percent": parameters.least_percent,
        },
        change={"plan": ["monthly", "yearly"]},
    )


RULE = Rule(
    id="yearly_plan",
    category=Category.DISCOUNT,
    action=Action.CHANGE_PLAN,
    title=Text("Оплата за год", "Yearly plan"),
    why=Text(
        "Оплата за год вперёд дешевле двенадцати месячных.",
        "A year in advance costs less than twelve months.",
    ),
    parameters=YearlyPlan,
    judge_account=judge,
)
