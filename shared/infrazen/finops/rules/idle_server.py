"""A machine that runs and does nothing."""

from typing import Annotated, Any

from pydantic import Field

from infrazen.domain.facts import Facts
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Unknown
from infrazen.finops.rule import (
    Days,
    Hit,
    Parameters,
    Rule,
    Sight,
    Verdict,
    confidence,
    observed,
)
from infrazen.finops.sizing import IN_USE, readings

CPU = "cpu"
NETWORK = ("network_in", "network_out")
_RELEASE = 1.5
"""How much above a threshold a found machine must get before it is let go."""


class IdleServer(Parameters):
    """When a machine counts as idle: its processor and its network, for long enough."""

    window_days: Days = 7
    least_hours: Annotated[
        int,
        Field(ge=1, le=24 * 90),
        Label(
            title=Text("Часов с замерами не меньше", "Hours with readings at least"),
            help=Text(
                "Час без нагрузки — ещё не простой сервера.", "An hour's silence is no idleness."
            ),
        ),
    ] = 72
    average_percent: Annotated[
        int,
        Field(ge=1, le=50),
        Label(title=Text("Процессор в среднем ниже, %", "CPU average below, %")),
    ] = 5
    maximum_percent: Annotated[
        int,
        Field(ge=1, le=100),
        Label(title=Text("Процессор в пике ниже, %", "CPU maximum below, %")),
    ] = 15
    network_mbps: Annotated[
        float,
        Field(ge=0, le=1000),
        Label(title=Text("Сеть в среднем ниже, Мбит/с", "Network average below, Mbit/s")),
    ] = 0.1


def judge(facts: Facts, parameters: IdleServer, sight: Sight) -> Verdict:
    """Whether the machine could go; the saving is all that it costs."""
    window = readings(sight, CPU, points=1)
    if isinstance(window, Unknown):
        return window
    slack = _RELEASE if sight.is_open else 1.0
    busy = (
        window.average >= parameters.average_percent * slack
        or window.maximum >= parameters.maximum_percent * slack
    )
    network = [sight.windows[name] for name in NETWORK if name in sight.windows]
    moved = sum(one.average for one in network)
    if busy or (network and moved >= parameters.network_mbps * slack):
        return None
    if window.hours < parameters.least_hours:
        return Unknown.SHORT_WINDOW
    if not facts.monthly_micro:
        return Unknown.NO_PRICE
    evidence: dict[str, Any] = {
        "metric": CPU,
        **observed(window, parameters.window_days),
        "threshold_percent": parameters.average_percent,
        "network_mbps": round(moved, 4) if network else None,
    }
    return Hit(
        saving_micro=facts.monthly_micro,
        confidence=confidence(window, parameters.window_days),
        evidence=evidence,
        change={"remove": facts.name},
    )


RULE = Rule(
    id="idle_server",
    category=Category.CLEANUP,
    action=Action.REMOVE,
    title=Text("Простаивающий сервер", "Idle server"),
    why=Text(
        "Сервер работает, но его процессор и сеть почти не заняты.",
        "The server runs, but its processor and its network are hardly used.",
    ),
    parameters=IdleServer,
    kinds=frozenset({Kind.SERVER}),
    statuses=IN_USE,
    metrics=(CPU, *NETWORK),
    judge=judge,
)
