"""Readings by the day, so that weeks of them can be judged without reading them again."""

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, date
from itertools import groupby

import msgspec

from infrazen.domain.periods import utc_day
from infrazen.domain.resources import MetricPoint, UsageSeries
from infrazen.domain.usage import UsageDay

P95 = 0.95


def days_of(series: UsageSeries, known: Mapping[date, UsageDay]) -> dict[date, UsageDay]:
    """The series' days with what is ``known`` of them; readings that are in count once.

    Only days to which the series adds something are returned.
    """
    finite = (point for point in series.points if math.isfinite(point.value))
    ordered = sorted(finite, key=lambda point: point.at)
    found = {}
    for day, some in groupby(ordered, key=lambda point: utc_day(point.at)):
        before = known.get(day)
        new = [point for point in some if before is None or point.at > before.last_at]
        if new:
            found[day] = _merged(_day(series, new), before)
    return found


def percentile95(values: Iterable[float]) -> float:
    """The smallest value that 95 % of ``values`` do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(P95 * len(ordered)) - 1)]


def _day(series: UsageSeries, points: list[MetricPoint]) -> UsageDay:
    values = [point.value for point in points]
    hours = 0
    for point in points:
        hours |= 1 << point.at.astimezone(UTC).hour
    return UsageDay(
        unit=series.unit,
        capacity=series.capacity,
        points=len(points),
        total=math.fsum(values),
        maximum=max(values),
        p95=percentile95(values),
        hours=hours,
        last_at=points[-1].at,
    )


def _merged(new: UsageDay, before: UsageDay | None) -> UsageDay:
    if before is None:
        return new
    return msgspec.structs.replace(
        new,
        points=before.points + new.points,
        total=before.total + new.total,
        maximum=max(before.maximum, new.maximum),
        p95=max(before.p95, new.p95),
        hours=before.hours | new.hours,
    )
