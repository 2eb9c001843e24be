"""A disk that no machine uses."""

from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import Facts
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Confidence, Unknown
from infrazen.finops.rule import Hit, Parameters, Rule, Sight, Verdict, days_since


class UnattachedDisk(Parameters):
    """How long a disk may lie about."""

    idle_days: Annotated[
        int,
        Field(ge=0, le=365),
        Label(title=Text("Не подключён не меньше, дней", "Days unattached")),
    ] = 7


def judge(facts: Facts, parameters: UnattachedDisk, sight: Sight) -> Verdict:
    """Whether the disk has been attached to nothing for so long."""
    if facts.attached is None:
        return Unknown.NO_ATTACHMENT
    days = days_since(facts.changed_at, sight.now)
    if facts.attached or days < parameters.idle_days:
        return None
    if facts.monthly_micro is None:
        return Unknown.NO_PRICE
    if not facts.monthly_micro:
        return None
    return Hit(
        saving_micro=facts.monthly_micro,
        confidence=Confidence.HIGH,
        evidence={
            "days": days,
            "threshold_days": parameters.idle_days,
            "since": facts.changed_at.date().isoformat(),
            "disk_mb": facts.disk_mb,
        },
        change={"remove": facts.name},
    )


RULE = Rule(
    id="unattached_disk",
    category=Category.CLEANUP,
    action=Action.REMOVE,
    title=Text("Неподключённый диск", "Unattached disk"),
    why=Text(
        "Диск ни к чему не подключён, а деньги за него списываются.",
        "The disk is attached to nothing and still charged for.",
    ),
    parameters=UnattachedDisk,
    kinds=frozenset({Kind.DISK}),
    judge=judge,
)
