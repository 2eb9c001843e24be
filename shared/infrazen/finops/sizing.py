"""What the two rules about oversized machines have in common."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from infrazen.domain.facts import Facts, Window
from infrazen.domain.labels import Label, Text
from infrazen.domain.recommendations import Unknown
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.market import Option
from infrazen.finops.rule import (
    Days,
    Hit,
    LeastSaving,
    LeastShare,
    Parameters,
    Points,
    Sight,
    Verdict,
    busiest,
    confidence,
    observed,
    plain_amount,
)

IN_USE = frozenset({ResourceStatus.RUNNING, ResourceStatus.ACTIVE})
Size = tuple[int, int | None]
"""Processors, and memory in MB where it is known."""
LATER = Text(
    "Должно быть выше порога, иначе рекомендация то появлялась бы, то пропадала.",
    "Must be above the threshold, or the recommendation would come and go.",
)


class Oversized(Parameters):
    """When a machine has too much of something; a rule names and sets both percentages."""

    window_days: Days = 14
    least_points: Points = 30
    below_percent: int
    release_percent: int
    headroom_percent: Annotated[
        int, Field(ge=0, le=200), Label(title=Text("Запас, %", "Headroom, %"))
    ] = 20
    least_saving: LeastSaving = 10
    least_share: LeastShare = 5

    def limit(self, sight: Sight) -> int:
        """From which load on the machine needs all it has."""
        return self.release_percent if sight.is_open else self.below_percent


def judge_size(
    facts: Facts,
    parameters: Oversized,
    sight: Sight,
    *,
    metric: str,
    needed: Callable[[Window], Size | None],
) -> Verdict:
    """Whether the size that is ``needed`` would do, at the price of the cheapest that has it."""
    window = readings(sight, metric, points=parameters.least_points)
    if isinstance(window, Unknown):
        return window
    size = needed(window)
    if size is None:
        return None
    option = sight.market.resized(facts, cpu=size[0], memory_mb=size[1])
    saving = worth(facts, option, least=parameters.least_saving, share=parameters.least_share)
    if saving is None or isinstance(saving, Unknown) or option is None:
        return saving if isinstance(saving, Unknown) else None
    return _smaller(facts, option, window, parameters, metric=metric, saving=saving, size=size)


def readings(sight: Sight, metric: str, *, points: int) -> Window | Unknown:
    """The metric's window, or why there is nothing to go by."""
    window = sight.windows.get(metric)
    if window is None or not window.points:
        return Unknown.NO_READINGS
    return Unknown.FEW_READINGS if window.points < points else window


def worth(facts: Facts, option: Option | None, *, least: float, share: int) -> int | Unknown | None:
    """A month's saving in millionths; None where it is too small to bother anybody."""
    if facts.monthly_micro is None:
        return Unknown.NO_PRICE
    if option is None:
        return Unknown.NO_OFFER
    saving = facts.monthly_micro - option.monthly_micro
    enough = max(Decimal(str(least)) * 10**6, Decimal(facts.monthly_micro) * share / 100)
    return saving if saving > 0 and saving >= enough else None


def _smaller(
    facts: Facts,
    option: Option,
    window: Window,
    parameters: Oversized,
    *,
    metric: str,
    saving: int,
    size: Size,
) -> Hit:
    """A hit that says which size to take, what it costs and what convinced the rule."""
    days = parameters.window_days
    evidence: dict[str, Any] = {
        "metric": metric,
        **observed(window, days),
        "busiest": round(busiest(window, days), 2),
        "threshold_percent": parameters.below_percent,
        "headroom_percent": parameters.headroom_percent,
        "price_source": option.listing,
    }
    change = {
        "cpu": [facts.cpu, option.cpu],
        "memory_mb": [facts.memory_mb, option.memory_mb or facts.memory_mb],
        "disk_mb": [facts.disk_mb, facts.disk_mb],
        "monthly": [_amount(facts.monthly_micro), _amount(option.monthly_micro)],
        "daily": [_amount(facts.daily_micro), _amount(option.daily_micro)],
    }
    return Hit(
        saving_micro=saving,
        confidence=confidence(window, days),
        evidence=evidence,
        change=change,
        size=size,
    )


def _amount(micro: int | None) -> str | None:
    return None if micro is None else plain_amount(micro)
