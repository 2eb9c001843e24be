"""More memory than is used."""

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

METRIC = "memory"
_STEP_MB = 512


class OversizedMemory(Parameters):
    """When a machine has too much memory."""

    window_days: Days = 14
    least_points: Points = 30
    below_percent: Annotated[
        int, Field(ge=1, le=80), Label(title=Text("Занято памяти меньше, %", "Memory below, %"))
    ] = 40
    release_percent: Annotated[
        int,
        Field(ge=1, le=100),
        Label(
            title=Text("Снимать, если занято от, %", "Let go from, %"),
            help=Text(
                "Выше порога: иначе рекомендация то появлялась бы, то пропадала.",
                "Above the threshold: else the recommendation would come and go.",
            ),
        ),
    ] = 48
    headroom_percent: Annotated[
        int, Field(ge=0, le=200), Label(title=Text("Запас, %", "Headroom, %"))
    ] = 20
    least_saving: LeastSaving = 10
    least_share: LeastShare = 5


def judge(facts: Facts, parameters: OversizedMemory, sight: Sight) -> Verdict:
    """Whether less memory would do, at the price of the cheapest size that has as much."""
    if facts.status not in IN_USE:
        return None
    if facts.cpu is None or facts.memory_mb is None:
        return Unknown.NO_SIZE
    window = readings(sight, METRIC, points=parameters.least_points)
    if isinstance(window, Unknown):
        return window
    need = _needed(facts.memory_mb, window, parameters, is_open=sight.is_open)
    if need is None:
        return None
    option = sight.market.resized(facts, cpu=facts.cpu, memory_mb=need)
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
        size=(facts.cpu, need),
    )


def _needed(
    memory_mb: int, window: Window, parameters: OversizedMemory, *, is_open: bool
) -> int | None:
    """Memory for the busiest moment with room to spare, in MB; None where all is needed."""
    percent = window.percent(busiest(window, parameters.window_days))
    if percent is None:
        return None
    if percent >= (parameters.release_percent if is_open else parameters.below_percent):
        return None
    with_headroom = memory_mb * percent / 100 * (1 + parameters.headroom_percent / 100)
    need = max(_STEP_MB, ceil(with_headroom / _STEP_MB) * _STEP_MB)
    return need if need < memory_mb else None


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
    metrics=(METRIC,),
    judge=judge,
)
