"""Readings of Monitoring as utilisation series."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from infrazen.domain.resources import MetricPoint, UsageSeries
from infrazen.providers.yandex.mapper.common import BYTES_A_MB
from infrazen.providers.yandex.wire import monitoring as wire

BITS_A_BYTE = 8
BITS_A_MBIT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A metric of a virtual machine, and how Monitoring calls it.

    ``label`` names the machine in its lines; ``scale`` makes the unit out of theirs. Lines of
    one machine (its disks, its interfaces) add up.
    """

    metric: str
    unit: str
    name: str
    service: str
    label: str
    scale: float = 1.0


COMPUTE = (
    Measured(metric="cpu", unit="%", name="cpu_usage", service="compute", label="resource_id"),
    Measured(
        metric="disk_read",
        unit="MB/s",
        name="disk.read_bytes",
        service="compute",
        label="instance",
        scale=1 / BYTES_A_MB,
    ),
    Measured(
        metric="disk_write",
        unit="MB/s",
        name="disk.write_bytes",
        service="compute",
        label="instance",
        scale=1 / BYTES_A_MB,
    ),
    Measured(
        metric="network_in",
        unit="Mbit/s",
        name="network_received_bytes",
        service="compute",
        label="resource_id",
        scale=BITS_A_BYTE / BITS_A_MBIT,
    ),
    Measured(
        metric="network_out",
        unit="Mbit/s",
        name="network_sent_bytes",
        service="compute",
        label="resource_id",
        scale=BITS_A_BYTE / BITS_A_MBIT,
    ),
)
"""What the hypervisor knows of every machine."""

MEMORY = Measured(
    metric="memory",
    unit="MB",
    name="sys.memory.MemAvailable",
    service="custom",
    label="host",
    scale=1 / BYTES_A_MB,
)
DISK_USED = Measured(
    metric="disk",
    unit="MB",
    name="sys.filesystem.UsedB",
    service="custom",
    label="host",
    scale=1 / BYTES_A_MB,
)
DISK_SIZE = Measured(
    metric="disk",
    unit="MB",
    name="sys.filesystem.SizeB",
    service="custom",
    label="host",
    scale=1 / BYTES_A_MB,
)

Readings = dict[datetime, float]


def query(measured: Measured, machines: Sequence[str]) -> str:
    """The selectors of a metric of some machines."""
    name = f'"{measured.name}"' if "." in measured.name else measured.name
    return f'{name}{{service="{measured.service}", {measured.label}="{"|".join(machines)}"}}'


def question(
    measured: Measured,
    machines: Sequence[str],
    *,
    since: datetime,
    until: datetime,
    grid: timedelta,
) -> dict[str, object]:
    """The body of a request: averages on a grid, gaps left open."""
    return {
        "query": query(measured, machines),
        "fromTime": _moment(since),
        "toTime": _moment(until),
        "downsampling": {
            "gridAggregation": "AVG",
            "gapFilling": "NULL",
            "gridInterval": str(round(grid.total_seconds() * 1000)),
        },
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def readings(lines: Iterable[wire.Line], measured: Measured) -> dict[str, Readings]:
    """What was read of each machine, by the name that its lines have; gaps are left out."""
    found: dict[str, Readings] = {}
    for line in lines:
        machine = line.labels.get(measured.label)
        if not isinstance(machine, str):
            continue
        of_machine = found.setdefault(machine, {})
        for at, value in _points(line.timeseries):
            of_machine[at] = of_machine.get(at, 0.0) + value * measured.scale
    return found


def _points(series: wire.Timeseries) -> Iterator[tuple[datetime, float]]:
    """Raises ``ValueError`` where there are not as many values as moments."""
    values = series.double_values or series.int64_values
    for milliseconds, value in zip(series.timestamps, values, strict=True):
        number = math.nan if value is None else float(value)
        if math.isfinite(number):
            yield datetime.fromtimestamp(milliseconds / 1000, UTC), number


def series(
    key: str, measured: Measured, found: Mapping[datetime, float], *, cores: int
) -> UsageSeries | None:
    """A machine's readings as they are; CPU weighs as much as there are cores."""
    return _series(
        key, measured, found, capacity=None, weight=cores if measured.metric == "cpu" else 1
    )


def memory(key: str, available: Mapping[datetime, float], *, memory_mb: int) -> UsageSeries | None:
    """Memory in use: what the machine has without what is available."""
    used = {at: max(0.0, memory_mb - free) for at, free in available.items()}
    return _series(key, MEMORY, used, capacity=float(memory_mb))


def disk(
    key: str, used: Mapping[datetime, float], size: Mapping[datetime, float]
) -> UsageSeries | None:
    """Space in use in all file systems of a machine."""
    capacity = size[max(size)] if size else None
    return _series(key, DISK_USED, used, capacity=capacity)


def _series(
    key: str,
    measured: Measured,
    found: Mapping[datetime, float],
    *,
    capacity: float | None,
    weight: int = 1,
) -> UsageSeries | None:
    if not found:
        return None
    return UsageSeries(
        resource=key,
        metric=measured.metric,
        unit=measured.unit,
        points=tuple(MetricPoint(at, value) for at, value in sorted(found.items())),
        capacity=capacity,
        weight=max(weight, 1),
    )
