"""How much of something is used, in few numbers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Tier(StrEnum):
    """How much of a capacity is used on average."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    UNBOUNDED = "unbounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageSummary:
    """A series in few numbers, in ``unit``; percentages are of the capacity.

    ``trend`` is the slope of the least-squares line in ``unit`` per hour.
    """

    metric: str
    unit: str
    capacity: float | None
    weight: float
    average: float
    maximum: float
    minimum: float
    latest: float
    average_percent: float | None
    maximum_percent: float | None
    trend: float
    tier: Tier
    points: int
    since: datetime
    until: datetime
