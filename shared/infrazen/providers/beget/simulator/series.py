"""Utilisation series with a given average, maximum and number of points."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from infrazen.provider_kit.simulation.chance import chance_of

STEPS = {
    "HOUR": (timedelta(minutes=1), None),
    "DAY": (timedelta(minutes=10), 144),
    "WEEK": (timedelta(hours=1), 168),
    "MONTH": (timedelta(hours=2), 360),
    "YEAR": (timedelta(days=1), 365),
}
"""Period → step and number of points; an hour has as many as the profile says."""

Profile = dict[str, Any]


def profile_of(machine: str, metric: str, *, memory_mb: float) -> Profile:
    """A profile for a machine that has none of its own; the same each time."""
    chance = chance_of(machine, metric)
    if metric == "memory":
        average = round(memory_mb * chance.uniform(0.2, 0.9), 2)
        return {"average": average, "maximum": round(min(average * 1.08, memory_mb), 2)}
    average = round(chance.uniform(1.0, 60.0), 2)
    return {"average": average, "maximum": round(min(100.0, average * chance.uniform(1.2, 1.6)), 2)}


def series(machine: str, name: str, profile: Profile, *, period: str, now: datetime) -> Profile:
    """Parallel arrays of dates and values that end ``now``.

    To the hundredth, the values have exactly the profile's average and maximum.
    """
    step, fixed = STEPS.get(period, STEPS["HOUR"])
    points = fixed or int(profile.get("points", 60))
    end = now.astimezone(UTC).replace(second=0, microsecond=0)
    dates = [end - step * n for n in reversed(range(points))]
    hundredths = _values(
        chance_of(machine, name),
        points,
        round(profile["average"] * 100),
        round(profile["maximum"] * 100),
    )
    return {
        "date": [date.strftime("%Y-%m-%dT%H:%M:%SZ") for date in dates],
        "value": [value / 100 for value in hundredths],
    }


def _values(chance: random.Random, points: int, average: int, maximum: int) -> list[int]:
    """Whole numbers of this average and maximum, spread evenly about the average."""
    reach = max(0, min(maximum - average, average) // 2)
    values = [average + chance.randint(-reach, reach) for _ in range(points)]
    if maximum > average:
        values[chance.randrange(points)] = maximum
    missing = average * points - sum(values)
    for index in _around(chance, points):
        if missing == 0:
            break
        if values[index] != maximum:
            moved = max(-values[index], min(maximum - 1 - values[index], _share(missing, points)))
            values[index] += moved
            missing -= moved
    return values


def _share(missing: int, points: int) -> int:
    """What one point takes of what is missing, at least one."""
    part = missing // points
    return part or (1 if missing > 0 else -1)


def _around(chance: random.Random, points: int) -> Iterator[int]:
    order = list(range(points))
    chance.shuffle(order)
    for _ in range(100):
        yield from order
