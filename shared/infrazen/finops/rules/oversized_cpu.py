"""More processors than the load needs."""

from math import ceil
from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import Facts, Window
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Unknown
from infrazen.finops.rule import (
    Days,
    LeastSaving,
    LeastShare,
    Parameters,
    Points,
    Rule,
    Sight,
    Verdict,
    busiest,
)
from infrazen.finops.sizing import IN_USE, readings, smaller, worth

METRIC = "cpu"


class OversizedCpu(Parameters):
    """When a machine has too many processors."""

    window_days: Days = 14
    least_points: Points = 30
    below_percent: Annotated[
        int, Field(ge=1, le=80), Label(title=Text("Процессор загружен меньше, %", "CPU below, %"))
    ] = 30
    release_percent: Annotated[
        int,
        Field(ge=1, le=100),
        Label(
            title=Text("Снимать при загрузке от, %", "Let go from, %"),
            help=Text(
                "Выше порога: иначе рекомендация то появлялась бы, то пропадала.",
                "Above the threshold: else the recommendation would come and go.",
            ),
        ),
    ] = 40
    headroom_percent: Annotated[
        int, Field(ge=0, le=200), Label(title=Text("Запас, %", "Headroom, %"))
    ] = 20
    target_percent: Annotated[
        int,
        Field(ge=10, le=100),
        Label(title=Text("Загрузка после изменения не выше, %", "Load afterwards at most, %")),
    ] = 80
    least_saving: LeastSaving = 10
    least_share: LeastShare = 5


def judge(facts: Facts, parameters: OversizedCpu, sight: Sight) -> Verdict:
    """Whether fewer processors would do, at the price of the cheapest size that has them."""
    if facts.status not in IN_USE or facts.cpu == 1:
        return None
    if facts.cpu is None:
        return Unknown.NO_SIZE
    window = readings(sight, METRIC, points=parameters.least_points)
    if isinstance(window, Unknown):
        return window
    need = _needed(facts, facts.cpu, window, parameters, is_open=sight.is_open)
    if need is None:
        return None
    option = sight.market.resized(facts, cpu=need, memory_mb=facts.memory_mb)
    saving = worth(facts, option, least=parameters.least_saving, share=parameters.least_share)
    if saving is None or isinstance(saving, Unknown) or option is None:
        return saving if isinstance(saving, Unknown) else None
    return smaller(
        facts,
        option,
        window,
        metric=METRIC,
        days=parameters.window_days,
        threshold=parameters.below_percent,
        headroom=parameters.headroom_percent,
        saving=saving,
        size=(need, facts.memory_mb),
    )


def _needed(
    facts: Facts, cpu: int, window: Window, parameters: OversizedCpu, *, is_open: bool
) -> int | None:
    """Processors that carry the busiest moment with room to spare; None where all are needed."""
    busy = busiest(window, parameters.window_days)
    if busy >= (parameters.release_percent if is_open else parameters.below_percent):
        return None
    with_headroom = cpu * busy / 100 * (1 + parameters.headroom_percent / 100)
    need = max(1, ceil(with_headroom), ceil(cpu * busy / parameters.target_percent))
    if facts.kind is Kind.DATABASE:
        # A database is made smaller one step at a time.
        need = max(need, ceil(cpu / 2))
    return need if need < cpu else None


RULE = Rule(
    id="oversized_cpu",
    category=Category.RIGHTSIZE,
    action=Action.RESIZE,
    title=Text("Лишние процессоры", "Oversized CPU"),
    why=Text(
        "Процессоры загружены меньше порога: хватит меньшего размера.",
        "The processors are loaded less than the threshold: a smaller size would do.",
    ),
    parameters=OversizedCpu,
    kinds=frozenset({Kind.SERVER, Kind.DATABASE}),
    metrics=(METRIC,),
    judge=judge,
)
