"""More memory than is used."""

from math import ceil
from typing import Annotated

from pydantic import Field

from infrazen.domain.facts import Facts, Window
from infrazen.domain.kinds import Kind
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Action, Category, Unknown
from infrazen.finops.rule import Rule, Sight, Verdict, busiest
from infrazen.finops.sizing import IN_USE, LATER, Oversized, Size, judge_size

METRIC = "memory"
_STEP_MB = 512


class OversizedMemory(Oversized):
    """When a machine has too much memory."""

    below_percent: Annotated[
        int, Field(ge=1, le=80), Label(title=Text("Занято памяти меньше, %", "Memory below, %"))
    ] = 40
    release_percent: Annotated[
        int,
        Field(ge=1, le=100),
        Label(title=Text("Закрывать, если занято от, %", "Close at, %"), help=LATER),
    ] = 48


def judge(facts: Facts, parameters: OversizedMemory, sight: Sight) -> Verdict:
    """Whether less memory would do."""
    cpu, memory = facts.cpu, facts.memory_mb
    if cpu is None or memory is None:
        return Unknown.NO_SIZE

    def needed(window: Window) -> Size | None:
        percent = window.percent(busiest(window, parameters.window_days))
        if percent is None or percent >= parameters.limit(sight):
            return None
        need = _megabytes(facts.kind, memory, percent, parameters)
        return (cpu, need) if need < memory else None

    return judge_size(facts, parameters, sight, metric=METRIC, needed=needed)


def _megabytes(kind: Kind, memory_mb: int, percent: float, parameters: OversizedMemory) -> int:
    """How much holds the busiest moment with room to spare, in steps that are sold."""
    with_headroom = memory_mb * percent / 100 * (1 + parameters.headroom_percent / 100)
    need = max(_STEP_MB, ceil(with_headroom / _STEP_MB) * _STEP_MB)
    # A database is made smaller one step at a time.
    return max(need, ceil(memory_mb / 2)) if kind is Kind.DATABASE else need


RULE = Rule(
    id="oversized_memory",
    category=Category.RIGHTSIZE,
    action=Action.RESIZE,
    title=Text("Лишняя память", "Oversized memory"),
    why=Text(
        "Память занята меньше порога: хватит меньшего размера.",
        "Less memory is used than the threshold: a smaller size would do.",
    ),
    parameters=OversizedMemory,
    kinds=frozenset({Kind.SERVER, Kind.DATABASE}),
    statuses=IN_USE,
    metrics=(METRIC,),
    judge=judge,
)
