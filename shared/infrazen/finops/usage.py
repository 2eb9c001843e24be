"""Usage readings in a few numbers: average, maximum, minimum, trend, tier."""

import math
from itertools import pairwise

from infrazen.domain.resources import MetricPoint, UsageSeries
from infrazen.domain.usage import Tier, UsageSummary

SECONDS_AN_HOUR = 3600.0
LOW_BELOW = 30.0
HIGH_FROM = 70.0


def summarise(series: UsageSeries) -> UsageSummary | None:
    """The summary of a series, None where it has no finite reading."""
    points = sorted((p for p in series.points if math.isfinite(p.value)), key=lambda p: p.at)
    if not points:
        return None
    values = [point.value for point in points]
    average = math.fsum(values) / len(values)
    return UsageSummary(
        metric=series.metric,
        unit=series.unit,
        capacity=series.capacity,
        weight=series.weight,
        average=average,
        maximum=max(values),
        minimum=min(values),
        latest=values[-1],
        average_percent=_percent(series, average),
        maximum_percent=_percent(series, max(values)),
        trend=_slope_per_hour(points),
        tier=tier(_percent(series, average)),
        points=len(points),
        since=points[0].at,
        until=points[-1].at,
    )


def tier(percent: float | None) -> Tier:
    """Low under 30 %, high from 70 %, medium between; unbounded without a capacity."""
    if percent is None:
        return Tier.UNBOUNDED
    if percent < LOW_BELOW:
        return Tier.LOW
    return Tier.HIGH if percent >= HIGH_FROM else Tier.MEDIUM


def _percent(series: UsageSeries, value: float) -> float | None:
    if series.unit == "%":
        return value
    return 100.0 * value / series.capacity if series.capacity else None


def _slope_per_hour(points: list[MetricPoint]) -> float:
    start = points[0].at
    hours = [(point.at - start).total_seconds() / SECONDS_AN_HOUR for point in points]
    if all(a == b for a, b in pairwise(hours)):
        return 0.0
    middle = math.fsum(hours) / len(hours)
    mean = math.fsum(point.value for point in points) / len(points)
    spread = math.fsum((hour - middle) ** 2 for hour in hours)
    together = math.fsum(
        (hour - middle) * (point.value - mean) for hour, point in zip(hours, points, strict=True)
    )
    return together / spread
