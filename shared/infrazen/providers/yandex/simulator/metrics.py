"""The simulated Monitoring: readings that follow from machine, metric and moment alone."""

import math
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from infrazen.provider_kit.simulation.chance import chance_of
from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.providers.yandex.simulator.answers import INVALID_ARGUMENT, answer, error
from infrazen.providers.yandex.simulator.present import Present

MOST_LINES = 500
MOST_POINTS = 10_000
_QUERY = re.compile(r'"?(?P<name>[\w.]+)"?\{(?P<labels>[^}]*)\}')
_LABEL = re.compile(r'(?P<name>\w+)\s*=\s*"(?P<values>[^"]*)"')
_MB = 1024 * 1024
_USUAL_DISK = 40 * 1024**3

_BY_NAME = {
    "cpu_usage": "cpu",
    "disk.read_bytes": "disk_read",
    "disk.write_bytes": "disk_write",
    "network_received_bytes": "network_in",
    "network_sent_bytes": "network_out",
    "sys.memory.MemAvailable": "memory",
    "sys.filesystem.UsedB": "filesystem",
    "sys.filesystem.SizeB": "filesystem_size",
}
_USUAL: dict[str, float] = {
    "disk_read": 1.2,
    "disk_write": 2.4,
    "network_in": 6.0,
    "network_out": 9.0,
    "filesystem": 45.0,
}
"""MB/s, Mbit/s and percent of what has no profile of its own."""
_SWING = {
    "cpu": 0.45,
    "memory": 0.05,
    "disk_read": 0.6,
    "disk_write": 0.6,
    "network_in": 0.6,
    "network_out": 0.6,
}
"""By how much the hours of a day differ from their average."""
_NOISE = 0.12
"""By how much chance moves a reading."""


class Monitoring:
    """Answers ``data/read``.

    The collection ``load`` has profiles by machine id: the average of each metric in percent
    (cpu, memory, filesystem), MB/s (disk_read, disk_write) or Mbit/s (network_in,
    network_out). ``agent`` false means that Unified Agent does not run there; ``swing`` says
    how much a metric's hours differ, ``noise`` how much chance moves them, ``surges`` how many
    times busier it was on a day.
    """

    def __init__(
        self,
        collections: Callable[[], dict[str, Collection]],
        present: Present,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._collections = collections
        self._present = present
        self._now = now

    async def read(self, request: Request) -> Response:
        """``POST /monitoring/v2/data/read``."""
        asked = _Asked.of(await request.body())
        if asked is None:
            return error(INVALID_ARGUMENT, "query, fromTime, toTime and gridInterval are required")
        if asked.points > MOST_POINTS:
            return error(INVALID_ARGUMENT, f"more than {MOST_POINTS} points")
        lines = list(self._lines(asked, request.query_params.get("folderId", "")))
        if len(lines) > MOST_LINES:
            return error(INVALID_ARGUMENT, f"more than {MOST_LINES} metrics match the query")
        return answer({"metrics": lines})

    def _lines(self, asked: "_Asked", folder: str) -> Iterator[dict[str, Any]]:
        load = self._collections()["load"]
        metric = _BY_NAME.get(asked.name)
        if metric is None:
            return
        by_agent = asked.name.startswith("sys.")
        for raw in self._present.within("instances", folder):
            machine = msgspec.json.decode(raw)
            name = machine.get("name") or machine["id"]
            profile = load.get(machine["id"]) or {}
            machine["diskBytes"] = self._boot_disk_of(machine)
            silent = by_agent and profile.get("agent") is False
            if name in asked.machines and machine["status"] == "RUNNING" and not silent:
                yield _line(asked, metric, machine, profile=profile, now=self._now())

    def _boot_disk_of(self, machine: Record) -> int:
        """The size of a machine's boot disk in bytes, which its file systems fill."""
        id_ = machine.get("bootDisk", {}).get("diskId", "")
        disk = self._collections()["disks"].get(id_)
        return int(disk["size"]) if disk else _USUAL_DISK


class _Asked(msgspec.Struct):
    name: str
    machines: frozenset[str]
    since: datetime
    until: datetime
    grid: timedelta

    @property
    def points(self) -> float:
        return (self.until - self.since) / self.grid

    @classmethod
    def of(cls, body: bytes) -> "_Asked | None":
        """A request's question, None where it asks nothing that can be answered."""
        try:
            given = msgspec.json.decode(body, type=dict[str, Any])
            query = _QUERY.fullmatch(given["query"])
            if query is None:
                return None
            labels = {one["name"]: one["values"] for one in _LABEL.finditer(query["labels"])}
            machines = next(
                labels[name] for name in ("resource_id", "instance", "host") if name in labels
            )
            return cls(
                query["name"],
                frozenset(machines.split("|")),
                datetime.fromisoformat(given["fromTime"]),
                datetime.fromisoformat(given["toTime"]),
                timedelta(milliseconds=int(given["downsampling"]["gridInterval"])),
            )
        except (msgspec.DecodeError, KeyError, ValueError, TypeError, StopIteration):
            return None


def _line(
    asked: _Asked, metric: str, machine: Record, *, profile: Record, now: datetime
) -> dict[str, Any]:
    moments = []
    at, end = asked.since, min(asked.until, now)
    created = datetime.fromisoformat(machine["createdAt"])
    while at < end:
        if at >= created:
            moments.append(at)
        at += asked.grid
    average = _average(metric, machine, profile)
    values = [_value(metric, machine, profile, average, at) for at in moments]
    name = machine.get("name") or machine["id"]
    labels = (
        {"service": "custom", "host": name}
        if asked.name.startswith("sys.")
        else {
            "service": "compute",
            "resource_type": "vm",
            "resource_id": name,
            "instance": name,
        }
    )
    return {
        "name": asked.name,
        "labels": labels,
        "type": "DGAUGE",
        "timeseries": {
            "timestamps": [str(round(at.timestamp() * 1000)) for at in moments],
            "doubleValues": values,
        },
    }


def _average(metric: str, machine: Record, profile: Record) -> float:
    if metric in profile:
        return float(profile[metric])
    chance = chance_of(machine["id"], metric, "average")
    if metric in ("cpu", "memory"):
        return chance.uniform(4.0, 75.0)
    return _USUAL.get(metric, 0.0) * chance.uniform(0.4, 1.6)


def _value(  # noqa: PLR0917
    metric: str, machine: Record, profile: Record, average: float, at: datetime
) -> float:
    """A reading in the unit of Monitoring: percent, bytes, or bytes a second."""
    swing = profile.get("swing", {}).get(metric, _SWING.get(metric, 0.0))
    chance = chance_of(machine["id"], metric, at.isoformat())
    noise = profile.get("noise", _NOISE)
    usual = average * _wave(at, swing) * (1 + chance.uniform(-noise, noise))
    busy = usual * _surge(metric, profile, at)
    match metric:
        case "cpu":
            return round(min(100.0, busy), 3)
        case "memory":
            memory = int(machine["resources"]["memory"])
            return float(round(memory * (1 - min(0.99, busy / 100))))
        case "filesystem":
            return float(round(average / 100 * machine["diskBytes"]))
        case "filesystem_size":
            return float(machine["diskBytes"])
        case "network_in" | "network_out":
            return float(round(busy * 1_000_000 / 8))
        case _:
            return float(round(busy * _MB))


def _surge(metric: str, profile: Record, at: datetime) -> float:
    """How many times busier than usual a day was."""
    surges = profile.get("surges")
    if not surges:
        return 1.0
    factor: float = surges.get(str(_local(at).date()), {}).get(metric, 1.0)
    return factor


def _wave(at: datetime, swing: float) -> float:
    """How much above or below its average a machine is, by hour and weekday.

    Over a whole week the factors average one.
    """
    local = _local(at)
    weekend = local.weekday() >= 5
    hour = local.hour + local.minute / 60
    day = math.sin((hour - 9) / 24 * 2 * math.pi)  # lowest at three, highest at fifteen
    return (1 + swing * day) * (1 - swing / 2 if weekend else 1 + swing / 5)


def _local(at: datetime) -> datetime:
    return at.astimezone(UTC) + timedelta(hours=3)
