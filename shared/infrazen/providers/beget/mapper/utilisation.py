"""Utilisation series."""

from collections.abc import Iterable

from infrazen.domain.resources import MetricPoint, UsageSeries
from infrazen.errors import UnexpectedPayload
from infrazen.providers.beget.mapper.common import moment
from infrazen.providers.beget.wire import cloud as wire

METRICS = ("cpu", "memory", "disk", "network")
CARRIED = ("network",)


def metrics(kind: str) -> tuple[str, ...]:
    """What is asked of a machine, or of a bucket or CDN, in order."""
    return CARRIED if kind in {"s3", "cdn"} else METRICS


def usage(
    source: wire.Statistic,
    *,
    resource: str,
    cores: int,
    memory_mb: int | None,
    bandwidth_mbps: int | None,
) -> Iterable[UsageSeries]:
    """The series of one answer that have readings.

    CPU in percent of the whole machine, weighing as much as it has cores; memory in MB.
    Beget documents no unit for disk and network; the panel draws them in MB/s and Mbit/s.
    """
    memory = None if memory_mb is None else float(memory_mb)
    bandwidth = None if bandwidth_mbps is None else float(bandwidth_mbps)
    known = (
        ("cpu", "%", source.cpu, None),
        ("memory", "MB", source.memory, memory),
        ("disk_read", "MB/s", source.data_read, None),
        ("disk_write", "MB/s", source.data_write, None),
        ("network_in", "Mbit/s", source.data_rx, bandwidth),
        ("network_out", "Mbit/s", source.data_tx, bandwidth),
    )
    for metric, unit, series, capacity in known:
        points = () if series is None else _points(series)
        if points:
            yield UsageSeries(
                resource=resource,
                metric=metric,
                unit=unit,
                points=points,
                capacity=capacity,
                weight=max(cores, 1) if metric == "cpu" else 1,
            )


def _points(series: wire.Series) -> tuple[MetricPoint, ...]:
    dates, values = series.date or [], series.value or []
    if len(dates) != len(values):
        raise UnexpectedPayload("a series has not as many values as dates")
    readings = {
        at: value
        for at, value in zip(map(moment, dates), values, strict=True)
        if at is not None and value is not None
    }
    return tuple(MetricPoint(at, value) for at, value in sorted(readings.items()))
