"""What a simulated account is charged: sizes times unit prices, and what grows and breathes."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.providers.selectel.simulator import tariffs
from infrazen.providers.selectel.simulator.measures import rhythm

_DAYS_A_MONTH = Decimal(30)
_GIB = Decimal(1024**3)
_ONE = Decimal(1)
_GROWTH_A_DAY = Decimal("0.0022")
_LEAST = Decimal("0.1")
_TRAFFIC_SHARE = Decimal("0.012")


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What one metric of one thing comes to on a day, in rubles."""

    provider_key: str
    project: str
    project_name: str
    region: str
    object_id: str
    object_name: str
    object_type: str
    metric: str
    quantity: Decimal
    unit: str
    amount: Decimal


class Meter:
    """What everything in an account comes to, day by day."""

    def __init__(self, collections: Mapping[str, Collection]) -> None:
        self._collections = collections
        self._flavors = {record["id"]: record for record in collections["flavors"]}
        self._projects = {record["id"]: record["name"] for record in collections["projects"]}
        self._prices = {
            (one["resource"], one["group"]): Decimal(str(one["value"]))
            for one in collections["prices"]
        }

    def charges(self, day: date, *, ago: int, share: Decimal) -> Iterator[Charge]:
        """Every charge of ``day``, which is ``ago`` days before today and over by ``share``."""
        traffic = self._collections["traffic"].get(str(day)) or {}
        for collection, kept in self._collections.items():
            kind, _, where = collection.partition("@")
            region, _, project = where.partition("@")
            if project not in self._projects:
                continue
            for record in kept:
                if _existed(record, day):
                    for one in self._of(kind, record, traffic, day=day, ago=ago):
                        yield replace(
                            one,
                            project=project,
                            project_name=self._projects[project],
                            region=region,
                            amount=one.amount * share,
                        )

    def _of(
        self, kind: str, record: Record, traffic: Record, *, day: date, ago: int
    ) -> Iterator[Charge]:
        match kind:
            case "servers":
                yield from self._server(record, traffic, ago=ago)
            case "volumes":
                unit = f"volume_gigabytes_{record['volume_type'].partition('.')[0]}"
                yield self._priced(record, "volume", unit, Decimal(record["size"]), unit="GB")
            case "snapshots":
                size = Decimal(record["size"])
                yield self._priced(record, "snapshot", "snapshot_gigabytes_basic", size, unit="GB")
            case "images":
                size = (Decimal(record["size"]) / _GIB).quantize(Decimal("0.001"))
                yield self._priced(record, "image", "image_gigabytes", size, unit="GB")
            case "floatingips":
                yield self._priced(record, "floating_ip", "network_floatingips", _ONE, unit="item")
            case "containers":
                growth = self._collections["growth"].get(record["name"])
                yield from _bucket(record, growth, day=day, ago=ago)

    def _server(self, record: Record, traffic: Record, *, ago: int) -> Iterator[Charge]:
        flavor = _flavor(record, self._flavors, self._collections["history"], ago=ago)
        if flavor is None or record["status"] == "SHELVED_OFFLOADED":
            return
        shared = "_percent_20" if flavor["name"].startswith("PRC20") else ""
        sizes = [
            (f"compute_cores{shared}", flavor["vcpus"], "item"),
            ("compute_ram", flavor["ram"], "MB"),
            ("volume_gigabytes_local", flavor["disk"], "GB"),
        ]
        for metric, quantity, unit in sizes:
            if quantity:
                yield self._priced(record, "cloud_vm", metric, Decimal(quantity), unit=unit)
        if sent := traffic.get(record["id"]):
            yield _charge(
                record,
                "cloud_vm",
                metric="network_traffic_gigabytes",
                quantity=Decimal(sent),
                unit="GB",
                amount=sent * tariffs.TRAFFIC_GIB,
            )

    def _priced(
        self, record: Record, kind: str, metric: str, quantity: Decimal, *, unit: str
    ) -> Charge:
        month = self._prices.get((metric, _zone(record)), tariffs.month(metric))
        amount = quantity * month / _DAYS_A_MONTH
        return _charge(record, kind, metric=metric, quantity=quantity, unit=unit, amount=amount)


def _zone(record: Record) -> str:
    found: str = record.get("OS-EXT-AZ:availability_zone") or record.get("availability_zone", "")
    return found


def _existed(record: Record, day: date) -> bool:
    created = record.get("created") or record.get("created_at")
    return created is None or str(day) >= created[:10]


def _flavor(
    record: Record, flavors: Mapping[str, Record], history: Collection, *, ago: int
) -> Record | None:
    """The size that a server had on a day: ``history`` has sizes of longer ago."""
    if "flavor" not in record:
        return None
    before = history.get(record["id"])
    if before is not None and ago >= before["days_ago"]:
        return next((f for f in flavors.values() if f["name"] == before["flavor"]), None)
    return flavors.get(record["flavor"]["id"])


def _bucket(record: Record, growth: Record | None, *, day: date, ago: int) -> Iterator[Charge]:
    """What is stored grows from day to day; what is read follows the week.

    With ``growth`` it began on a day and grows by whole GiB a day, and nothing is read.
    """
    now = Decimal(record["bytes"]) / _GIB
    if growth is not None:
        if str(day) >= growth["since"]:
            yield _stored(record, max(Decimal(0), now - growth["daily_gib"] * ago))
        return
    grown = max(_LEAST, 1 - _GROWTH_A_DAY * ago)
    stored = (now * grown).quantize(Decimal("0.001"))
    noon = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    busy = Decimal(str(round(rhythm("network", noon) * (1 + 0.1 * math.sin(ago)), 4)))
    read = (stored * _TRAFFIC_SHARE * busy).quantize(Decimal("0.001"))
    yield _stored(record, stored)
    yield _charge(
        record,
        "container",
        metric="storage_traffic_gigabytes",
        quantity=read,
        unit="GB",
        amount=read * tariffs.TRAFFIC_GIB,
    )


def _stored(record: Record, gigabytes: Decimal) -> Charge:
    return _charge(
        record,
        "container",
        metric="storage_gigabytes",
        quantity=gigabytes,
        unit="GB",
        amount=gigabytes * tariffs.STORED_GIB / _DAYS_A_MONTH,
    )


def _charge(record: Record, kind: str, **facts: Any) -> Charge:
    name = record.get("name") or record["floating_ip_address"]
    return Charge(
        provider_key="storage" if kind == "container" else "vpc",
        project="",
        project_name="",
        region="",
        object_id=record.get("id") or name,
        object_name=name,
        object_type=kind,
        **facts,
    )
