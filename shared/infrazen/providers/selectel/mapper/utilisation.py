"""Gnocchi's measures to usage series."""

import math
from dataclasses import dataclass
from datetime import datetime

from infrazen.domain.resources import MetricPoint, UsageSeries
from infrazen.provider_kit.openstack.facts import moment
from infrazen.provider_kit.openstack.wire import Container, Measures

BYTES_A_MB = 1024 * 1024
BITS_A_MBIT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A server that has measures, and what bounds them."""

    key: str
    id: str
    cores: int
    memory_mb: int
    bandwidth_mbps: float | None
    daily_micro: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric of Gnocchi's, ours, our unit, and how many of theirs are one of ours."""

    name: str
    metric: str
    unit: str
    divisor: float


METRICS = (
    Measured("cpu_util", "cpu", "%", 1.0),
    Measured("memory.usage", "memory", "MB", 1.0),
    Measured("disk.read.bytes.rate", "disk_read", "MB/s", BYTES_A_MB),
    Measured("disk.write.bytes.rate", "disk_write", "MB/s", BYTES_A_MB),
    Measured("network.incoming.bytes.rate", "network_in", "Mbit/s", BITS_A_MBIT / 8),
    Measured("network.outgoing.bytes.rate", "network_out", "Mbit/s", BITS_A_MBIT / 8),
)
"""What is asked of each server, in order."""


def series(machine: Machine, measured: Measured, source: Measures) -> UsageSeries | None:
    """The readings of one metric, None where there are none."""
    points = [
        MetricPoint(at, value / measured.divisor)
        for text, _, value in source
        if value is not None and math.isfinite(value) and (at := moment(text)) is not None
    ]
    if not points:
        return None
    return UsageSeries(
        resource=machine.key,
        metric=measured.metric,
        unit=measured.unit,
        points=tuple(points),
        capacity=_capacity(machine, measured.metric),
        weight=max(machine.cores, 1) if measured.metric == "cpu" else 1,
    )


def _capacity(machine: Machine, metric: str) -> float | None:
    if metric == "memory":
        return float(machine.memory_mb)
    return machine.bandwidth_mbps if metric.startswith("network") else None


def stored(key: str, source: Container, *, at: datetime) -> UsageSeries:
    """How much a bucket holds, in MB."""
    point = MetricPoint(at, round(source.bytes / BYTES_A_MB, 2))
    return UsageSeries(resource=key, metric="disk", unit="MB", points=(point,))
