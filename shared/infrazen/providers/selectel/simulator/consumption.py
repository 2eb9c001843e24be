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


def charges(
    collections: Mapping[str, Collection], day: date, *, ago: int, share: Decimal
) -> Iterator[Charge]:
    """Every charge of ``day``, which is ``ago`` days before today and over by ``share``."""
    flavors = {record["id"]: record for record in collections["flavors"]}
    names = {record["id"]: record["name"] for record in collections["projects"]}
    for collection, kept in collections.items():
        kind, _, where = collection.partition("@")
        region, _, project = where.partition("@")
        if project not in names:
            continue
        for record in kept:
            if _existed(record, day):
                flavor = _flavor(record, flavors, collections["history"], ago=ago)
                for one in _of(kind, record, flavor, day=day, ago=ago):
                    yield replace(
                        one,
                        project=project,
                        project_name=names[project],
                        region=region,
                        amount=one.amount * share,
                    )


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


def _of(
    kind: str, record: Record, flavor: Record | None, *, day: date, ago: int
) -> Iterator[Charge]:
    match kind:
        case "servers" if flavor is not None:
            yield from _server(record, flavor)
        case "volumes":
            unit = f"volume_gigabytes_{record['volume_type'].partition('.')[0]}"
            yield _priced(record, "volume", unit, Decimal(record["size"]), "GB")
        case "snapshots":
            yield _priced(
                record, "snapshot", "snapshot_gigabytes_basic", Decimal(record["size"]), "GB"
            )
        case "images":
            size = (Decimal(record["size"]) / _GIB).quantize(Decimal("0.001"))
            yield _priced(record, "image", "image_gigabytes", size, "GB")
        case "floatingips":
            yield _priced(record, "floating_ip", "network_floatingips", Decimal(1), "item")
        case "containers":
            yield from _bucket(record, day=day, ago=ago)


def _server(record: Record, flavor: Record) -> Iterator[Charge]:
    if record["status"] == "SHELVED_OFFLOADED":
        return
    shared = "_percent_20" if flavor["name"].startswith("PRC20") else ""
    yield _priced(record, "cloud_vm", f"compute_cores{shared}", Decimal(flavor["vcpus"]), "item")
    yield _priced(record, "cloud_vm", "compute_ram", Decimal(flavor["ram"]), "MB")
    if flavor["disk"]:
        disk = Decimal(flavor["disk"])
        yield _priced(record, "cloud_vm", "volume_gigabytes_local", disk, "GB")


def _priced(record: Record, kind: str, metric: str, quantity: Decimal, unit: str) -> Charge:  # noqa: PLR0917
    return _charge(record, kind, metric=metric, quantity=quantity, unit=unit, amount=None)


def _bucket(record: Record, *, day: date, ago: int) -> Iterator[Charge]:
    """What is stored grows from day to day; what is read follows the week."""
    now = Decimal(record["bytes"]) / _GIB
    grown = max(_LEAST, 1 - _GROWTH_A_DAY * ago)
    stored = (now * grown).quantize(Decimal("0.001"))
    noon = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    busy = Decimal(str(round(rhythm("network", noon) * (1 + 0.1 * math.sin(ago)), 4)))
    read = (stored * _TRAFFIC_SHARE * busy).quantize(Decimal("0.001"))
    for metric, quantity, price in (
        ("storage_gigabytes", stored, tariffs.STORED_GIB / _DAYS_A_MONTH),
        ("storage_traffic_gigabytes", read, tariffs.TRAFFIC_GIB),
    ):
        yield _charge(
            record,
            "container",
            metric=metric,
            quantity=quantity,
            unit="GB",
            amount=quantity * price,
        )


def _charge(record: Record, kind: str, *, amount: Decimal | None, **facts: Any) -> Charge:
    if amount is None:
        amount = facts["quantity"] * tariffs.month(facts["metric"]) / _DAYS_A_MONTH
    name = record.get("name") or record["floating_ip_address"]
    return Charge(
        provider_key="storage" if kind == "container" else "vpc",
        project="",
        project_name="",
        region="",
        object_id=record.get("id") or name,
        object_name=name,
        object_type=kind,
        amount=amount,
        **facts,
    )
