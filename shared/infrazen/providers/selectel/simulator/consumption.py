"""What a simulated account is charged: sizes times unit prices, and what grows and breathes."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.providers.selectel.simulator import tariffs
from infrazen.providers.selectel.simulator.measures import rhythm

_DAYS_A_MONTH = Decimal(30)
_GIB = Decimal(1024**3)
_ONE = Decimal(1)
_GROWTH_A_DAY = Decimal("0.0022")
_LEAST = Decimal("0.1")
_TRAFFIC_SHARE = Decimal("0.012")


class Place(NamedTuple):
    """Where a thing is: a region of a project."""

    project: str
    project_name: str
    region: str


class Thing(NamedTuple):
    """A record with its kind, its place, and the first day on which it was there."""

    kind: str
    place: Place
    record: Record
    since: str


@dataclass(slots=True, kw_only=True)
class Charge:
    """What one metric of one thing comes to on a whole day, in rubles.

    ``written`` is what an answer says of it, but for the day, once it was written: most of
    what is charged is the same from day to day.
    """

    provider_key: str
    place: Place
    object_id: str
    object_name: str
    object_type: str
    metric: str
    quantity: Decimal
    unit: str
    amount: Decimal
    written: bytes | None = None


class Meter:
    """What everything in an account comes to, day by day, as its collections have it now."""

    def __init__(self, collections: Mapping[str, Collection]) -> None:
        self._collections = collections
        self._flavors = {record["id"]: record for record in collections["flavors"]}
        self._projects = {record["id"]: record["name"] for record in collections["projects"]}
        self._prices = {
            (one["resource"], one["group"]): Decimal(str(one["value"]))
            for one in collections["prices"]
        }
        history = collections["history"]
        self._history = dict(zip(history.ids(), history, strict=True))
        self._things = list(self._find())
        self._standing: dict[tuple[int, str], list[Charge]] = {}

    def _find(self) -> Iterator[Thing]:
        for collection, kept in self._collections.items():
            kind, _, where = collection.partition("@")
            region, _, project = where.partition("@")
            if project in self._projects:
                place = Place(project, self._projects[project], region)
                for record in kept:
                    created = record.get("created") or record.get("created_at") or ""
                    yield Thing(kind, place, record, created[:10])

    def charges(self, day: date, *, ago: int) -> Iterator[Charge]:
        """Every charge of ``day`` as a whole, which is ``ago`` days before today."""
        traffic = self._collections["traffic"].get(str(day)) or {}
        name = str(day)
        for number, thing in enumerate(self._things):
            if thing.since > name:
                continue
            if thing.kind == "containers":
                growth = self._collections["growth"].get(thing.record["name"])
                yield from _bucket(thing, growth, day=day, ago=ago)
                continue
            flavor = self._flavor(thing.record, ago=ago)
            which = number, flavor["id"] if flavor else ""
            known = self._standing.get(which)
            if known is None:
                known = self._standing[which] = list(self._of(thing, flavor))
            yield from known
            if sent := traffic.get(thing.record.get("id", "")):
                yield _sent(thing, sent)

    def _flavor(self, record: Record, *, ago: int) -> Record | None:
        """The size that a server had on a day: ``history`` has sizes of longer ago."""
        if "flavor" not in record:
            return None
        before = self._history.get(record["id"])
        if before is not None and ago >= before["days_ago"]:
            found = (f for f in self._flavors.values() if f["name"] == before["flavor"])
            return next(found, None)
        return self._flavors.get(record["flavor"]["id"])

    def _of(self, thing: Thing, flavor: Record | None) -> Iterator[Charge]:
        """What a thing of constant size is charged each day."""
        record = thing.record
        match thing.kind:
            case "servers":
                yield from self._server(thing, flavor)
            case "volumes":
                unit = f"volume_gigabytes_{record['volume_type'].partition('.')[0]}"
                yield self._priced(thing, "volume", unit, Decimal(record["size"]), unit="GB")
            case "snapshots":
                size = Decimal(record["size"])
                yield self._priced(thing, "snapshot", "snapshot_gigabytes_basic", size, unit="GB")
            case "images":
                size = (Decimal(record["size"]) / _GIB).quantize(Decimal("0.001"))
                yield self._priced(thing, "image", "image_gigabytes", size, unit="GB")
            case "floatingips":
                yield self._priced(thing, "floating_ip", "network_floatingips", _ONE, unit="item")

    def _server(self, thing: Thing, flavor: Record | None) -> Iterator[Charge]:
        if flavor is None or thing.record["status"] == "SHELVED_OFFLOADED":
            return
        shared = "_percent_20" if flavor["name"].startswith("PRC20") else ""
        sizes = [
            (f"compute_cores{shared}", flavor["vcpus"], "item"),
            ("compute_ram", flavor["ram"], "MB"),
            ("volume_gigabytes_local", flavor["disk"], "GB"),
        ]
        for metric, quantity, unit in sizes:
            if quantity:
                yield self._priced(thing, "cloud_vm", metric, Decimal(quantity), unit=unit)

    def _priced(
        self, thing: Thing, kind: str, metric: str, quantity: Decimal, *, unit: str
    ) -> Charge:
        month = self._prices.get((metric, _zone(thing.record)), tariffs.month(metric))
        amount = quantity * month / _DAYS_A_MONTH
        return _charge(thing, kind, metric=metric, quantity=quantity, unit=unit, amount=amount)


def _zone(record: Record) -> str:
    found: str = record.get("OS-EXT-AZ:availability_zone") or record.get("availability_zone", "")
    return found


def _sent(thing: Thing, gigabytes: int) -> Charge:
    """What a server sent to the internet."""
    return _charge(
        thing,
        "cloud_vm",
        metric="network_traffic_gigabytes",
        quantity=Decimal(gigabytes),
        unit="GB",
        amount=gigabytes * tariffs.TRAFFIC_GIB,
    )


def _bucket(thing: Thing, growth: Record | None, *, day: date, ago: int) -> Iterator[Charge]:
    """What is stored grows from day to day; what is read follows the week.

    With ``growth`` it began on a day and grows by whole GiB a day, and nothing is read.
    """
    now = Decimal(thing.record["bytes"]) / _GIB
    if growth is not None:
        if str(day) >= growth["since"]:
            yield _stored(thing, max(Decimal(0), now - growth["daily_gib"] * ago))
        return
    grown = max(_LEAST, 1 - _GROWTH_A_DAY * ago)
    stored = (now * grown).quantize(Decimal("0.001"))
    noon = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    busy = Decimal(str(round(rhythm("network", noon) * (1 + 0.1 * math.sin(ago)), 4)))
    read = (stored * _TRAFFIC_SHARE * busy).quantize(Decimal("0.001"))
    yield _stored(thing, stored)
    yield _charge(
        thing,
        "container",
        metric="storage_traffic_gigabytes",
        quantity=read,
        unit="GB",
        amount=read * tariffs.TRAFFIC_GIB,
    )


def _stored(thing: Thing, gigabytes: Decimal) -> Charge:
    return _charge(
        thing,
        "container",
        metric="storage_gigabytes",
        quantity=gigabytes,
        unit="GB",
        amount=gigabytes * tariffs.STORED_GIB / _DAYS_A_MONTH,
    )


def _charge(thing: Thing, kind: str, **facts: Any) -> Charge:
    record = thing.record
    name = record.get("name") or record["floating_ip_address"]
    return Charge(
        provider_key="storage" if kind == "container" else "vpc",
        place=thing.place,
        object_id=record.get("id") or name,
        object_name=name,
        object_type=kind,
        **facts,
    )
