"""What other sizes would cost: the cheapest offer that has all that is needed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from infrazen.domain.facts import Facts
from infrazen.domain.kinds import Kind
from infrazen.domain.prices import Measure, PriceOffer

_Place = tuple[Kind, Measure, str]
_LEAST_CORES = 2
"""Of processors sold one by one, below which platforms do not go for a whole machine."""


class Option(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A size that could be had instead, and what it costs a month in millionths.

    ``listing`` is the endpoint that told the price.
    """

    cpu: int
    memory_mb: int | None
    monthly_micro: int
    daily_micro: int
    listing: str


class Market:
    """The offers of one connection, ready for many questions."""

    def __init__(self, offers: Iterable[PriceOffer]) -> None:
        self._offers: defaultdict[_Place, list[PriceOffer]] = defaultdict(list)
        for offer in offers:
            self._offers[offer.kind, offer.measure, offer.family].append(offer)
        self._known: dict[tuple[object, ...], Option | None] = {}

    def resized(self, facts: Facts, *, cpu: int, memory_mb: int | None) -> Option | None:
        """The cheapest size with at least this, of the same line in the same region.

        None where no offer is below what the resource costs now.
        """
        key = (
            facts.kind,
            facts.family,
            facts.region,
            facts.sku,
            facts.currency,
            facts.monthly_micro,
            facts.cpu,
            facts.memory_mb,
            facts.disk_mb,
            cpu,
            memory_mb,
        )
        if key not in self._known:
            self._known[key] = self._cheapest(facts, cpu=cpu, memory_mb=memory_mb)
        return self._known[key]

    def classes(self, facts: Facts) -> list[PriceOffer]:
        """What a GiB costs in every storage class of the resource's kind and region."""
        return [
            offer
            for (kind, measure, _), some in self._offers.items()
            if kind is facts.kind and measure is Measure.STORAGE_GIB
            for offer in some
            if offer.region in ("", facts.region) and offer.price.currency == facts.currency
        ]

    def _cheapest(self, facts: Facts, *, cpu: int, memory_mb: int | None) -> Option | None:
        now = facts.monthly_micro or 0
        options = [
            *self._whole_sizes(facts, cpu=cpu, memory_mb=memory_mb),
            *self._by_unit(facts, cpu=cpu, memory_mb=memory_mb),
        ]
        below = [one for one in options if 0 <= one.monthly_micro < now]
        return min(below, key=lambda one: (one.monthly_micro, one.cpu), default=None)

    def _of(self, facts: Facts, measure: Measure) -> Iterator[PriceOffer]:
        for offer in self._offers.get((facts.kind, measure, facts.family), ()):
            fits = offer.region in ("", facts.region) and offer.price.currency == facts.currency
            if fits and offer.instead_of in (None, facts.sku):
                yield offer

    def _whole_sizes(self, facts: Facts, *, cpu: int, memory_mb: int | None) -> Iterator[Option]:
        for offer in self._of(facts, Measure.SIZE):
            enough = (
                _covers(offer.cpu, cpu)
                and _covers(offer.memory_mb, memory_mb)
                and (offer.disk_mb is None or _covers(offer.disk_mb, facts.disk_mb))
            )
            if enough and offer.cpu is not None:
                yield Option(
                    cpu=offer.cpu,
                    memory_mb=offer.memory_mb,
                    monthly_micro=offer.price.monthly_micro,
                    daily_micro=offer.price.daily_micro,
                    listing=offer.listing,
                )

    def _by_unit(self, facts: Facts, *, cpu: int, memory_mb: int | None) -> Iterator[Option]:
        """What is left to pay where processors and memory are sold by the unit.

        Below zero where the resource costs less than its parts do in the price list.
        """
        core = next(self._of(facts, Measure.VCPU), None)
        memory = next(self._of(facts, Measure.MEMORY_GIB), None)
        cores = max(cpu + cpu % 2, _LEAST_CORES)
        if core is None or facts.cpu is None or facts.daily_micro is None:
            return
        fewer = max(0, facts.cpu - cores)
        less = 0 if memory_mb is None else (facts.memory_mb or memory_mb) - memory_mb
        if (less and memory is None) or (not fewer and not less):
            return
        rate = memory.price if memory is not None else core.price
        yield Option(
            cpu=facts.cpu - fewer,
            memory_mb=memory_mb,
            monthly_micro=(facts.monthly_micro or 0)
            - fewer * core.price.monthly_micro
            - rate.monthly_micro * less // 1024,
            daily_micro=facts.daily_micro
            - fewer * core.price.daily_micro
            - rate.daily_micro * less // 1024,
            listing=core.listing,
        )


def _covers(offered: int | None, needed: int | None) -> bool:
    return needed is None or (offered is not None and offered >= needed)
