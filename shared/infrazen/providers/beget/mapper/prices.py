"""What another size would cost."""

from collections.abc import Iterator
from itertools import takewhile

from infrazen.domain.kinds import Kind
from infrazen.domain.prices import Measure, PriceOffer
from infrazen.providers.beget.mapper.common import day_price
from infrazen.providers.beget.wire import cloud as wire

Size = tuple[int, int]
"""Processors, and memory in MB."""


def configuration(source: wire.Configuration, *, listing: str) -> PriceOffer | None:
    """A size of the price list of servers; None where it can't be had or has no price."""
    price = day_price(source.price_day, source.price_month)
    if price is None or source.available is False:
        return None
    region = source.region or ""
    size = f"{source.cpu_count}-{source.memory}-{source.disk_size}"
    return PriceOffer(
        listing=listing,
        key=f"vps/{region}/{source.group or ''}/{source.id or size}",
        kind=Kind.SERVER,
        measure=Measure.SIZE,
        price=price,
        sku=source.id,
        family=source.group or "",
        region=region,
        cpu=source.cpu_count,
        memory_mb=source.memory,
        disk_mb=source.disk_size,
    )


def service_configuration(source: wire.ServiceConfiguration, *, listing: str) -> PriceOffer | None:
    """A size of the price list of databases; None for what is no database."""
    price = day_price(source.price_day, source.price_month)
    if price is None or source.size is None:
        return None
    return PriceOffer(
        listing=listing,
        key=f"cloud/{source.id}",
        kind=Kind.DATABASE,
        measure=Measure.SIZE,
        price=price,
        sku=source.id,
        family=source.type,
        region=source.region or "",
        cpu=source.size.cpu_count,
        memory_mb=source.size.memory,
        disk_mb=source.size.disk_size,
    )


def smaller(cpu: int, memory_mb: int, choices: wire.Choices) -> Iterator[Size]:
    """Sizes below this one: half the processors and so on, half the memory and so on, both."""
    processors = list(_halves(cpu, choices.cpu_settings))
    memories = list(_halves(memory_mb, choices.memory_settings))
    yield from ((fewer, memory_mb) for fewer in processors)
    yield from ((cpu, less) for less in memories)
    if processors and memories:
        yield processors[0], memories[0]


def _halves(size: int, choice: wire.Choice) -> Iterator[int]:
    low, step = choice.available_range.min, max(choice.step, 1)
    halves = (size >> n for n in range(1, size.bit_length()))
    return (one for one in takewhile(lambda one: one >= low, halves) if (one - low) % step == 0)


def calculated(
    source: wire.Calculated,
    *,
    listing: str,
    sku: str,
    group: str,
    region: str,
    size: Size,
    disk_mb: int,
) -> PriceOffer | None:
    """What the owners of the configuration ``sku`` would pay for another ``size``."""
    price = day_price(source.price_day, source.price_month)
    if price is None:
        return None
    cpu, memory_mb = size
    return PriceOffer(
        listing=listing,
        key=f"calculator/{region}/{sku}/{cpu}-{memory_mb}-{disk_mb}",
        kind=Kind.SERVER,
        measure=Measure.SIZE,
        price=price,
        family=group,
        region=region,
        cpu=cpu,
        memory_mb=memory_mb,
        disk_mb=disk_mb,
        instead_of=sku,
    )
