"""More processors than the load needs."""

from math import ceil
from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import Facts, Window
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Unknown
from infrazen.finops.rule import Rule, Sight, Verdict, busiest
from infrazen.finops.sizing import IN_USE, LATER, Oversized, Size, judge_size

METRIC = "cpu"


class OversizedCpu(Oversized):
    """When a machine has too many processors."""

    below_percent: Annotated[
        int, Field(ge=1, le=80), Label(title=Text("Процессор загружен меньше, %", "CPU below, %"))
    ] = 30
    release_percent: Annotated[
        int,
        Field(ge=1, le=100),
        Label(title=Text("Закрывать при загрузке от, %", "Close at, %"), help=LATER),
    ] = 40
    target_percent: Annotated[
        int,
        Field(ge=10, le=100),
        Label(title=Text("Загрузка после изменения не выше, %", "Load afterwards at most, %")),
    ] = 80


def judge(facts: Facts, parameters: OversizedCpu, sight: Sight) -> Verdict:
    """Whether fewer processors would do."""
    cpu = facts.cpu
    if cpu == 1:
        return None
    if cpu is None:
        return Unknown.NO_SIZE

    def needed(window: Window) -> Size | None:
        busy = busiest(window, parameters.window_days)
        if busy >= parameters.limit(sight):
            return None
        need = _processors(facts.kind, cpu, busy, parameters)
        return (need, facts.memory_mb) if need < cpu else None

    return judge_size(facts, parameters, sight, metric=METRIC, needed=needed)


def _processors(kind: Kind, cpu: int, busy: float, parameters: OversizedCpu) -> int:
    """How many carry the busiest moment with room to spare."""
    with_headroom = cpu * busy / 100 * (1 + parameters.headroom_percent / 100)
    need = max(1, ceil(with_headroom), ceil(cpu * busy / parameters.target_percent))
    # A database is made smaller one step at a time.
    return max(need, ceil(cpu / 2)) if kind is Kind.DATABASE else need


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
    statuses=IN_USE,
    metrics=(METRIC,),
    judge=judge,
)
