"""What the two rules about oversized machines have in common."""

from decimal import Decimal
from typing import Any

from infrazen.domain.facts import Facts, Window
from infrazen.domain.recommendations import Unknown
from infrazen.domain.resources import ResourceStatus
from infrazen.finops.market import Option
from infrazen.finops.rule import Hit, Sight, busiest, confidence, observed, plain_amount

IN_USE = frozenset({ResourceStatus.RUNNING, ResourceStatus.ACTIVE})


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


def smaller(
    facts: Facts,
    option: Option,
    window: Window,
    *,
    metric: str,
    days: int,
    threshold: int,
    headroom: int,
    saving: int,
    size: tuple[int, int | None],
) -> Hit:
    """A hit that says which size to take, what it costs and what convinced the rule."""
    evidence: dict[str, Any] = {
        "metric": metric,
        **observed(window, days),
        "busiest": round(busiest(window, days), 2),
        "threshold_percent": threshold,
        "headroom_percent": headroom,
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
