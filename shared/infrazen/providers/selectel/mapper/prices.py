"""Unit prices to what a size of something costs."""

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

from infrazen.domain.kinds import Kind
from infrazen.domain.money import MICRO, CostSource, Period, price, to_micro
from infrazen.domain.prices import Measure, PriceOffer
from infrazen.domain.resources import StatedPrice
from infrazen.provider_kit.openstack.wire import Flavor
from infrazen.providers.selectel.mapper import CURRENCY
from infrazen.providers.selectel.mapper.lines import Line, line_of
from infrazen.providers.selectel.wire import UnitPrice

DISK = "volume_gigabytes_"
ADDRESS = "network_floatingips"
IMAGE = "image_gigabytes"
BYTES_A_GIB = Decimal(1024**3)


class PriceList:
    """What a unit costs a month, by what it is and by zone or pool.

    Prices that a zone has of its own go before its pool's; where no zone is known, the
    first of the pool's zones stands for it.
    """

    def __init__(self, prices: Iterable[UnitPrice]) -> None:
        self._prices = {(one.resource, one.group): one.value for one in prices}
        self._groups = sorted({group for _, group in self._prices})
        self._zones: dict[str, list[str]] = {}

    def unit(self, resource: str, *, zone: str, region: str) -> Decimal | None:
        """What one unit of ``resource`` costs a month there, None where nothing says."""
        zones = [] if zone else self._zones_of(region)
        found = (self._prices.get((resource, group)) for group in (zone, region, *zones))
        return next((value for value in found if value is not None), None)

    def of(self, amounts: Mapping[str, Decimal], *, zone: str, region: str) -> StatedPrice | None:
        """What ``amounts`` of units come to; None unless every unit has a price."""
        whole = Decimal(0)
        for resource, amount in amounts.items():
            unit = self.unit(resource, zone=zone, region=region)
            if unit is None:
                return None
            whole += unit * amount
        return month_price(whole)

    def _zones_of(self, region: str) -> list[str]:
        if region not in self._zones:
            zone = re.compile(rf"{re.escape(region)}-?[a-z]$")
            self._zones[region] = [group for group in self._groups if zone.match(group)]
        return self._zones[region]

    def resources(self, prefix: str) -> list[str]:
        """Everything with a unit price whose name begins with ``prefix``."""
        return sorted({name for name, _ in self._prices if name.startswith(prefix)})


@lru_cache(maxsize=4096)
def month_price(amount: Decimal) -> StatedPrice:
    """A price per month that a price list gives for a size."""
    rounded = amount.quantize(MICRO, rounding=ROUND_HALF_EVEN)
    return _stated(rounded, Period.MONTH)


@lru_cache(maxsize=4096)
def day_price(amount: Decimal) -> StatedPrice:
    """A price per day that follows from what a day was billed."""
    return _stated(amount.quantize(MICRO, rounding=ROUND_HALF_EVEN), Period.DAY)


def _stated(amount: Decimal, period: Period) -> StatedPrice:
    known = price(amount, per=period, currency=CURRENCY, source=CostSource.ESTIMATED)
    return StatedPrice(
        amount=known.amount,
        period=known.period,
        currency=known.currency,
        daily_micro=to_micro(known.daily),
        monthly_micro=to_micro(known.monthly),
        source=known.source,
    )


def size_of(flavor: Flavor, line: Line) -> dict[str, Decimal]:
    """How many units of what a server of ``flavor`` is charged for."""
    units = {
        line.cores: Decimal(flavor.vcpus),
        line.memory: Decimal(flavor.ram),
    }
    if flavor.disk:
        units[line.local_disk] = Decimal(flavor.disk)
    return units


def disk_unit(volume_type: str | None) -> str:
    """The unit of a volume type; ``fast.ru-3a`` is charged as ``fast``."""
    return DISK + disk_type(volume_type)


def disk_type(volume_type: str | None) -> str:
    """A volume type without its zone."""
    return (volume_type or "basic").partition(".")[0]


def size_offer(
    flavor: Flavor, *, listing: str, region: str, prices: PriceList
) -> PriceOffer | None:
    """A whole size that could be had in a pool, None where it has no price there."""
    line = line_of(flavor)
    stated = prices.of(size_of(flavor, line), zone="", region=region)
    if stated is None:
        return None
    return PriceOffer(
        listing=listing,
        key=f"{region}/{flavor.title}",
        kind=Kind.SERVER,
        measure=Measure.SIZE,
        price=stated,
        sku=flavor.title,
        family=line.family,
        region=region,
        cpu=flavor.vcpus,
        memory_mb=flavor.ram,
        disk_mb=flavor.disk * 1024,
    )


def unit_offers(prices: PriceList, *, listing: str, region: str) -> Iterable[PriceOffer]:
    """What a GiB of every disk type and an address cost in a pool."""
    wanted = [(name, Kind.DISK, Measure.DISK_GIB) for name in prices.resources(DISK)]
    for resource, kind, measure in (*wanted, (ADDRESS, Kind.ADDRESS, Measure.ADDRESS)):
        unit = prices.unit(resource, zone="", region=region)
        if unit is not None:
            yield PriceOffer(
                listing=listing,
                key=f"{region}/{resource}",
                kind=kind,
                measure=measure,
                price=month_price(unit),
                sku=resource,
                family=resource.removeprefix(DISK) if kind is Kind.DISK else "",
                region=region,
            )
