"""What a simulated account uses each day, SKU by SKU, and what that costs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from infrazen.provider_kit.simulation.collection import Collection, Record
from infrazen.provider_kit.simulation.history import History, Stay, amount_on, is_weekend
from infrazen.providers.yandex.mapper.skus import BY_ID, Meter, Thing
from infrazen.providers.yandex.simulator.present import MOSCOW, stays_of
from infrazen.providers.yandex.simulator.price_list import skus
from infrazen.providers.yandex.simulator.records import GIB, stored_gib

_DAY = Decimal(24)
_SERVICES = {
    "dn22pas77ftg9h3f2djj": "Compute Cloud",
    "dn28okfvqh19eiue6l2m": "Virtual Private Cloud",
    "dn2li5qddoc5cad2n6br": "Object Storage",
}
_SKUS = {meter: sku for sku, meter in BY_ID.items()} | {
    Meter(Thing.CPU, "amd-v1", 100): "dn2simulatoramdzen3c",
    Meter(Thing.MEMORY, "amd-v1"): "dn2simulatoramdzen3m",
}
_STORED = {
    "STANDARD": "dn2simulatorstandard",
    "COLD": "dn2simulatorcoldspac",
    "ICE": "dn2simulatoricespace",
}
_FINEST = Decimal("0.0000000001")


class Sku(NamedTuple):
    """A product with its prices, each with the day from which on it counts."""

    id: str
    name: str
    service_id: str
    service_name: str
    unit: str
    prices: tuple[tuple[date, Decimal], ...]

    def price(self, day: date) -> Decimal:
        """What a unit costs on ``day``: the rate after what is free each month."""
        return next((price for since, price in self.prices if since <= day), Decimal(0))


class Used(NamedTuple):
    """So much of a product in an hour by a thing, while that was like this."""

    stay: Stay
    sku: Sku
    an_hour: Decimal
    hours: tuple[Decimal, Decimal] = (_DAY, _DAY)

    def on(self, day: date) -> Decimal:
        """The quantity of a whole day."""
        week, weekend = self.hours
        return self.an_hour * (weekend if is_weekend(day) else week)


@dataclass(slots=True)
class Charged:
    """What one product comes to for one thing on one day, before and as discounts.

    ``written`` is how it stands in a file, before and after its date, once it was written:
    most of what is charged is the same from day to day.
    """

    thing: Record
    sku: Sku
    quantity: Decimal
    cost: Decimal
    credit: Decimal = Decimal(0)
    written: tuple[str, str] | None = None


class Usage:
    """The account's usage as its collections have it now, to be asked for any day."""

    def __init__(self, collections: Mapping[str, Collection]) -> None:
        self._kept = collections
        self._history = History(collections["history"])
        account = next(iter(collections["billingAccounts"]), {})
        self.currency: str = account.get("currency", "RUB")
        self._skus = dict(_known(collections["skus"], self.currency))
        self._used = list(self._standing())
        self._charged: dict[tuple[int, Decimal, bool, Decimal], Charged] = {}
        self._buckets = list(collections["buckets"])
        self._fullness = collections["fullness"]
        extras = collections["extra_charges"]
        self._extras = list(zip(extras.ids(), extras, strict=True))

    def on(self, day: date, share: Decimal) -> Iterator[Charged]:
        """Every charge of ``day``, which is over by ``share``."""
        for number, used in enumerate(self._used):
            if used.stay.since <= day < used.stay.until:
                yield self._standing_on(number, used, day, share)
        for bucket in self._buckets:
            yield from self._stored(bucket, day, share)
        for id_, extra in self._extras:
            amount = amount_on(extra, id_, day)
            if amount is not None:
                one = _charged(extra, self._sku_of(extra), day, amount * share)
                credit = -one.cost * Decimal(str(extra.get("credit", 0)))
                one.credit = credit.quantize(_FINEST)
                yield one

    def _standing_on(self, number: int, used: Used, day: date, share: Decimal) -> Charged:
        which = number, used.sku.price(day), is_weekend(day), share
        known = self._charged.get(which)
        if known is None:
            known = _charged(used.stay.record, used.sku, day, used.on(day) * share)
            self._charged[which] = known
        return known

    def _standing(self) -> Iterator[Used]:
        """What does not change from day to day."""
        for kind, measure in (
            ("instances", self._machine),
            ("disks", _disk),
            ("snapshots", _snapshot),
            ("images", _image),
            ("addresses", _address),
        ):
            for record in self._kept[kind]:
                for stay in stays_of(record, self._history):
                    for sku, an_hour in measure(stay.record):
                        yield from self._of(stay, sku, an_hour, runs=kind == "instances")

    def _of(self, stay: Stay, sku: str | None, an_hour: Decimal, *, runs: bool) -> Iterator[Used]:
        known = self._skus.get(sku or "")
        if known is not None and an_hour:
            hours = self._history.hours(stay.record["id"]) if runs else (_DAY, _DAY)
            yield Used(stay, known, an_hour, hours)

    def _machine(self, record: Record) -> Iterator[tuple[str | None, Decimal]]:
        if record["status"] != "RUNNING":
            return
        size = record["resources"]
        preemptible = record.get("schedulingPolicy", {}).get("preemptible", False)
        platform, fraction = record["platformId"], int(size.get("coreFraction", "100"))
        cpu = Meter(Thing.CPU, platform, fraction, preemptible)
        memory = Meter(Thing.MEMORY, platform, 0, preemptible)
        yield _SKUS.get(cpu), Decimal(size["cores"])
        yield _SKUS.get(memory), Decimal(size["memory"]) / GIB

    def _stored(self, bucket: Record, day: date, share: Decimal) -> Iterator[Charged]:
        stays = stays_of(bucket, self._history)
        if not any(stay.since <= day < stay.until for stay in stays):
            return
        growth = self._fullness.get(bucket["name"]) or {}
        for name, gib in stored_gib(growth, day).items():
            sku = self._skus.get(_STORED.get(name, ""))
            if sku is not None and gib:
                yield _charged(bucket, sku, day, Decimal(str(round(gib, 6))) * _DAY * share)

    def _sku_of(self, extra: Record) -> Sku:
        """The product of an extra charge: one of the price list, or its own."""
        known = self._skus.get(extra["sku"])
        if known is not None:
            return known
        return Sku(
            extra["sku"],
            extra["name"],
            extra.get("service_id", ""),
            extra["service"],
            extra.get("unit", "unit"),
            ((date.min, Decimal(str(extra["price"]))),),
        )


def _charged(thing: Record, sku: Sku, day: date, quantity: Decimal) -> Charged:
    cost = (quantity * sku.price(day)).quantize(_FINEST)
    return Charged(thing, sku, quantity.quantize(_FINEST), cost)


def _disk(record: Record) -> Iterable[tuple[str | None, Decimal]]:
    sku = _SKUS.get(Meter(Thing.DISK, record["typeId"]))
    return ((sku, Decimal(record["size"]) / GIB),)


def _snapshot(record: Record) -> Iterable[tuple[str | None, Decimal]]:
    return ((_SKUS[Meter(Thing.SNAPSHOT)], Decimal(record["storageSize"]) / GIB),)


def _image(record: Record) -> Iterable[tuple[str | None, Decimal]]:
    return ((_SKUS[Meter(Thing.IMAGE)], Decimal(record["storageSize"]) / GIB),)


def _address(record: Record) -> Iterable[tuple[str | None, Decimal]]:
    yield _SKUS[Meter(Thing.ADDRESS)], Decimal(1)
    if record.get("reserved") and not record.get("used"):
        yield _SKUS[Meter(Thing.IDLE_ADDRESS)], Decimal(1)


def _known(changed: Collection, currency: str) -> Iterator[tuple[str, Sku]]:
    listed = {one["id"]: one for one in skus(currency)}
    listed |= dict(zip(changed.ids(), changed, strict=True))
    for id_, one in listed.items():
        yield (
            id_,
            Sku(
                id_,
                one["name"],
                one["serviceId"],
                _SERVICES.get(one["serviceId"], one["serviceId"]),
                one["pricingUnit"],
                tuple(sorted(_prices(one), reverse=True)),
            ),
        )


def _prices(sku: Record) -> Iterator[tuple[date, Decimal]]:
    for version in sku["pricingVersions"]:
        since = datetime.fromisoformat(version["effectiveTime"]).astimezone(MOSCOW).date()
        rates = [rate for part in version["pricingExpressions"] for rate in part["rates"]]
        last = max(rates, key=lambda rate: Decimal(rate.get("startPricingQuantity") or "0"))
        yield since, Decimal(last.get("unitPrice") or "0")
