"""Simulated Gnocchi: readings with a rhythm of days and weeks, and a slow growth."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infrazen.provider_kit.simulation.chance import chance_of

METRICS = {
    "cpu_util": "cpu",
    "memory.usage": "memory",
    "disk.read.bytes.rate": "disk_read",
    "disk.write.bytes.rate": "disk_write",
    "network.incoming.bytes.rate": "network",
    "network.outgoing.bytes.rate": "network",
}
MOST_POINTS = 20_000
_SWING = {"cpu": 0.35, "memory": 0.04, "disk_read": 0.5, "disk_write": 0.5, "network": 0.45}
_WEEKEND = {"cpu": 0.8, "memory": 0.99, "disk_read": 0.7, "disk_write": 0.7, "network": 0.7}
_BUSIEST_HOUR = 14  # Moscow's, in UTC 11
_DISK_BYTES = 4 * 1024 * 1024
_INCOMING = 0.35
"""What a server receives beside what it sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when to when, in steps of how many seconds."""

    start: datetime
    stop: datetime
    step: int


def series(
    server: str,
    metric: str,
    window: Window,
    *,
    profile: Mapping[str, Any] | None,
    flavor: Mapping[str, Any],
) -> list[tuple[str, float, float]]:
    """The readings of a metric: moment, granularity, value."""
    kind = METRICS[metric]
    known = profile or {}
    average, swing = known.get(kind), known.get("swing", {}).get(kind)
    if average is None:
        average = chance_of(server, kind).uniform(4.0, 70.0)
    scale = _scale(kind, flavor)
    if metric == "network.incoming.bytes.rate":
        scale *= _INCOMING
    step = timedelta(seconds=window.step)
    first = math.ceil(window.start.timestamp() / window.step) * window.step
    at = datetime.fromtimestamp(first, UTC)
    found: list[tuple[str, float, float]] = []
    while at < window.stop and len(found) < MOST_POINTS:
        percent = min(
            100.0, max(0.0, average * rhythm(kind, at, swing=swing) * _noise(server, kind, at))
        )
        found.append((at.isoformat(), float(window.step), round(percent * scale, 3)))
        at += step
    return found


def rhythm(kind: str, at: datetime, *, swing: float | None = None) -> float:
    """How busy a moment is beside the average of its week; ``swing`` is that of its days."""
    swing = _SWING[kind] if swing is None else swing
    local = at + timedelta(hours=3)
    hour = local.hour + local.minute / 60
    day = 1 + swing * math.cos((hour - _BUSIEST_HOUR) / 24 * math.tau)
    quiet = _WEEKEND[kind]
    middle = (5 + 2 * quiet) / 7
    return day * (quiet if local.weekday() >= 5 else 1.0) / middle


def _scale(kind: str, flavor: Mapping[str, Any]) -> float:
    """What one percent is in the metric's own unit."""
    match kind:
        case "cpu":
            return 1.0
        case "memory":
            return float(flavor.get("ram", 1024)) / 100
        case "network":
            specs = flavor.get("extra_specs", {})
            return float(specs.get("quota:vif_outbound_average", 125_000)) * 1000 / 100
        case _:
            return _DISK_BYTES / 100


def _noise(server: str, kind: str, at: datetime) -> float:
    return chance_of(server, kind, str(int(at.timestamp()))).uniform(0.94, 1.06)
