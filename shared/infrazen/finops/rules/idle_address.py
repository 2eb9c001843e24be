"""An address that nothing uses."""

from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import Facts
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Confidence, Unknown
from infrazen.finops.rule import Hit, Parameters, Rule, Sight, Verdict, days_since


class IdleAddress(Parameters):
    """How long an address may wait for a machine."""

    idle_days: Annotated[
        int,
        Field(ge=0, le=365),
        Label(title=Text("Не используется не меньше, дней", "Days unused")),
    ] = 3


def judge(facts: Facts, parameters: IdleAddress, sight: Sight) -> Verdict:
    """Whether the address has belonged to nothing for so long.

    Where the provider tells no price it is worth a look all the same, without a saving.
    """
    if facts.attached is None:
        return Unknown.NO_ATTACHMENT
    days = days_since(facts.changed_at, sight.now)
    if facts.attached or days < parameters.idle_days or facts.monthly_micro == 0:
        return None
    return Hit(
        saving_micro=facts.monthly_micro or 0,
        confidence=Confidence.LOW if facts.monthly_micro is None else Confidence.HIGH,
        evidence={
            "days": days,
            "threshold_days": parameters.idle_days,
            "since": facts.changed_at.date().isoformat(),
            "price_known": facts.monthly_micro is not None,
        },
        change={"remove": facts.name},
    )


RULE = Rule(
    id="idle_address",
    category=Category.CLEANUP,
    action=Action.REMOVE,
    title=Text("Неиспользуемый адрес", "Idle address"),
    why=Text(
        "Адрес не привязан ни к одному серверу.",
        "The address is attached to no server.",
    ),
    parameters=IdleAddress,
    kinds=frozenset({Kind.ADDRESS}),
    judge=judge,
)
