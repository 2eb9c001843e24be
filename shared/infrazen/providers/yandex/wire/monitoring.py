"""Readings of Monitoring."""

from typing import Any

import msgspec


class Timeseries(msgspec.Struct, frozen=True, rename="camel"):
    """Parallel arrays; a gap is null or NaN. Timestamps are milliseconds, often as strings."""

    timestamps: list[int] = []
    double_values: list[float | str | None] = []
    int64_values: list[int | str | None] = []


class Line(msgspec.Struct, frozen=True, rename="camel"):
    """One time series with its labels."""

    name: str = ""
    labels: dict[str, Any] = {}
    timeseries: Timeseries = Timeseries()


class Lines(msgspec.Struct, frozen=True, rename="camel"):
    """The answer to a query."""

    metrics: list[Line] = []
