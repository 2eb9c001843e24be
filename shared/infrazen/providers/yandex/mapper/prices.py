"""The price list: what things cost per hour, by the SKUs that are in force."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from infrazen.domain.kinds import Kind
from infrazen.domain.prices import Measure, PriceOffer
from infrazen.domain.resources import StatedPrice
from infrazen.providers.yandex.mapper.common import (
    HOURS_A_DAY,
    daily_estimate,
    gib,
    hourly_price,
)
from infrazen.providers.yandex.mapper.skus import Meter, Thing, meter
from infrazen.providers.yandex.wire import billing as wire
from infrazen.providers.yandex.wire import resources

HOURS_A_MONTH = 720
"""What Yandex Cloud counts as a month: thirty days."""

_HOURS = {"hour": Decimal(1), "month": Decimal(HOURS_A_MONTH), "second": Decimal(1) / 3600}
_CONTRACT = "CONTRACT_PRICE"
_CLASSES = {
    "": "STANDARD",
    "STANDARD_IA": "COLD",
    "NEARLINE": "COLD",
    "GLACIER": "ICE",
}
_FREE = frozenset({"STOPPED"})


class Rate(NamedTuple):
    """What one unit costs per hour, and which SKU says so."""

    an_hour: Decimal
    sku: str


class PriceList:
    """Rates by what they measure, in one currency."""

    def __init__(self, *, currency: str, now: datetime) -> None:
        self.currency = currency
        self._now = now
        self._rates: dict[Meter, Rate] = {}

    def __len__(self) -> int:
        return len(self._rates)

    def add(self, source: wire.Sku) -> None:
        """Take a SKU in, where it is a price of something known that is in force."""
        what = meter(
            source.id, name=source.name, service=source.service_id, unit=source.pricing_unit
        )
        hours = _HOURS.get(source.pricing_unit.rpartition("*")[2])
        version = _in_force(source, self._now)
        if what is None or hours is None or version is None or what in self._rates:
            return
        unit_price = _beyond_the_free(version, self.currency)
        if unit_price is not None:
            self._rates[what] = Rate(unit_price / hours, source.id)

    def rate(self, what: Meter) -> Rate | None:
        """What a unit costs: a core, a GiB, an address."""
        return self._rates.get(what)

    def machine(
        self, source: resources.Instance, boot: resources.Disk | None
    ) -> StatedPrice | None:
        """A machine with its boot disk; cores and memory cost nothing while it is stopped."""
        rates = [self._size(source), self._boot(boot)]
        known = [one for one in rates if one is not None]
        return self.an_hour(sum(known, Decimal(0))) if len(known) == len(rates) else None

    def _size(self, source: resources.Instance) -> Decimal | None:
        if source.status in _FREE:
            return Decimal(0)
        size, preemptible = source.resources, source.scheduling_policy.preemptible
        cpu = self.rate(Meter(Thing.CPU, source.platform_id, size.core_fraction, preemptible))
        memory = self.rate(Meter(Thing.MEMORY, source.platform_id, 0, preemptible))
        gpu = self.rate(Meter(Thing.GPU, source.platform_id, 0, preemptible))
        if cpu is None or memory is None or (size.gpus and gpu is None):
            return None
        accelerators = size.gpus * gpu.an_hour if gpu else Decimal(0)
        return size.cores * cpu.an_hour + gib(size.memory) * memory.an_hour + accelerators

    def _boot(self, boot: resources.Disk | None) -> Decimal | None:
        if boot is None:
            return Decimal(0)
        rate = self.rate(Meter(Thing.DISK, boot.type_id))
        return None if rate is None else gib(boot.size) * rate.an_hour

    def sized(self, what: Meter, size_bytes: int) -> StatedPrice | None:
        """Something of a size that is a fact: a disk, a snapshot, an image."""
        rate = self.rate(what)
        return None if rate is None else self.an_hour(gib(size_bytes) * rate.an_hour)

    def address(self, *, idle: bool) -> StatedPrice | None:
        """A public address; an idle one costs a second rate on top."""
        rate, more = self.rate(Meter(Thing.ADDRESS)), self.rate(Meter(Thing.IDLE_ADDRESS))
        if rate is None or (idle and more is None):
            return None
        return self.an_hour(rate.an_hour + (more.an_hour if idle and more else Decimal(0)))

    def bucket(self, source: resources.BucketStats) -> StatedPrice | None:
        """What a bucket holds now, class by class."""
        total = Decimal(0)
        for one in source.storage_class_used_sizes:
            rate = self.rate(Meter(Thing.STORAGE, storage_class(one.storage_class)))
            if rate is None:
                return None
            total += gib(one.class_size) * rate.an_hour
        return daily_estimate(total * HOURS_A_DAY, self.currency)

    def an_hour(self, amount: Decimal) -> StatedPrice:
        """``amount`` per hour as a price."""
        return hourly_price(amount, self.currency)

    def offers(self, *, listing: str) -> Iterator[PriceOffer]:
        """What could be had: every rate of something that rules may propose.

        Memory is offered once for each share of a core, because that is part of a family.
        """
        for what, rate in self._rates.items():
            if what.thing is Thing.CPU:
                memory = self.rate(Meter(Thing.MEMORY, what.family, 0, what.preemptible))
                yield self._offer(what, rate, family(what), listing)
                if memory is not None:
                    yield self._offer(Meter(Thing.MEMORY), memory, family(what), listing)
            elif what.thing in _SORTS and what.thing is not Thing.MEMORY:
                yield self._offer(what, rate, family(what), listing)

    def _offer(self, what: Meter, rate: Rate, of: str, listing: str) -> PriceOffer:
        kind, measure = _SORTS[what.thing]
        return PriceOffer(
            listing=listing,
            key=f"{what.thing}:{of}",
            kind=kind,
            measure=measure,
            price=hourly_price(rate.an_hour, self.currency),
            sku=rate.sku,
            family=of,
        )


_SORTS = {
    Thing.CPU: (Kind.SERVER, Measure.VCPU),
    Thing.MEMORY: (Kind.SERVER, Measure.MEMORY_GIB),
    Thing.DISK: (Kind.DISK, Measure.DISK_GIB),
    Thing.STORAGE: (Kind.BUCKET, Measure.STORAGE_GIB),
    Thing.ADDRESS: (Kind.ADDRESS, Measure.ADDRESS),
    Thing.SNAPSHOT: (Kind.SNAPSHOT, Measure.STORAGE_GIB),
    Thing.IMAGE: (Kind.IMAGE, Measure.STORAGE_GIB),
}


def family(what: Meter) -> str:
    """What decides the price beside the size, as ``family_of`` tells it of a resource."""
    parts = [what.family]
    if what.fraction not in (0, 100):
        parts.append(str(what.fraction))
    if what.preemptible:
        parts.append("preemptible")
    return "/".join(parts)


def storage_class(word: str) -> str:
    """A storage class by its first name: STANDARD, COLD or ICE."""
    return _CLASSES.get(word, word)


def _in_force(source: wire.Sku, now: datetime) -> wire.PricingVersion | None:
    """The version that counts now: a contract's before the street's, the latest of each."""
    begun = [
        version
        for version in source.pricing_versions
        if version.effective_time is None or version.effective_time <= now
    ]
    return max(begun, key=lambda one: (one.type == _CONTRACT, _start(one)), default=None)


def _start(version: wire.PricingVersion) -> float:
    return version.effective_time.timestamp() if version.effective_time else 0.0


def _beyond_the_free(version: wire.PricingVersion, currency: str) -> Decimal | None:
    """The rate after what is free each month; the free part is the account's, not a thing's."""
    rates = [
        (Decimal(rate.start_pricing_quantity or "0"), Decimal(rate.unit_price or "0"))
        for expression in version.pricing_expressions
        for rate in expression.rates
        if rate.currency in ("", currency)
    ]
    if not rates:
        return None
    return next((price for _, price in sorted(rates) if price), Decimal(0))
