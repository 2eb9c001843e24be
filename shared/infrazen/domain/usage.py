"""How much of something is used, in few numbers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec


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


class UsageDay(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A metric's day (UTC), gathered from every sync that read of it.

    ``total`` is the sum of ``points`` readings; ``p95`` the highest 95th percentile that one
    sync brought; ``hours`` has a bit for every hour with a reading; readings up to
    ``last_at`` are in.
    """

    unit: str
    capacity: float | None
    points: int
    total: float
    maximum: float
    p95: float
    hours: int
    last_at: datetime

    @property
    def hour_count(self) -> int:
        """How many hours have a reading."""
        return self.hours.bit_count()
