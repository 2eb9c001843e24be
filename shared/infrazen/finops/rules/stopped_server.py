"""A machine that is stopped and still paid for."""

from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import Facts
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Confidence, Unknown
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.rule import Hit, Parameters, Rule, Sight, Verdict, days_since


class StoppedServer(Parameters):
    """How long a machine may be stopped."""

    idle_days: Annotated[
        int, Field(ge=1, le=365), Label(title=Text("Остановлен не меньше, дней", "Days stopped"))
    ] = 14


def judge(facts: Facts, parameters: StoppedServer, sight: Sight) -> Verdict:
    """Whether it has been stopped for so long; the saving is all that it costs."""
    # Nothing about it has changed since, so it has been stopped at least as long.
    days = days_since(facts.changed_at, sight.now)
    if days < parameters.idle_days:
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
        },
        change={"remove": facts.name},
    )


RULE = Rule(
    id="stopped_server",
    category=Category.CLEANUP,
    action=Action.REMOVE,
    title=Text("Остановлен, но оплачивается", "Stopped but billed"),
    why=Text(
        "Сервер давно остановлен, а деньги за него списываются.",
        "The server has been stopped for long and is still charged for.",
    ),
    parameters=StoppedServer,
    kinds=frozenset({Kind.SERVER, Kind.DATABASE}),
    statuses=frozenset({ResourceStatus.STOPPED}),
    judge=judge,
)
