"""What a provider asks for something that could be had."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from infrazen.domain.kinds import Kind
from infrazen.domain.resources import StatedPrice


class Measure(StrEnum):
    """What an offer's price buys: a whole size, or one unit of something."""

    SIZE = "size"
    VCPU = "vcpu"
    MEMORY_GIB = "memory_gib"
    DISK_GIB = "disk_gib"
    STORAGE_GIB = "storage_gib"
    ADDRESS = "address"


class PriceOffer(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A price at which something of a kind could be had in a region.

    ``key`` is unique within the connection; ``listing`` is the endpoint that tells of it:
    where that endpoint's answer was complete, the offers it no longer tells of are gone.
    ``family`` is what decides the price beside the size (platform, line of flavors, disk
    type, storage class), as ``family_of`` tells it of a resource. ``region`` empty means
    any. ``cpu``, ``memory_mb`` and ``disk_mb`` are a whole size's, None where the price
    does not include one. ``instead_of`` is the sku whose owners alone may have the price;
    None means everybody.
    """

    listing: str
    key: str
    kind: Kind
    measure: Measure
    price: StatedPrice
    sku: str | None = None
    family: str = ""
    region: str = ""
    cpu: int | None = None
    memory_mb: int | None = None
    disk_mb: int | None = None
    instead_of: str | None = None


_FAMILIES = ("platform", "group", "disk_type", "storage_class", "engine", "kind")


def family_of(config: Mapping[str, Any]) -> str:
    """What decides a resource's price beside its size, as its offers have it.

    The platform, line, disk type, storage class or engine; for a server with a share of a
    core ``platform/20``; for one that may be taken away ``platform/preemptible``.
    """
    words = [""]
    for name in _FAMILIES:
        if value := config.get(name):
            words = [str(value)]
            break
    fraction = config.get("core_fraction")
    if fraction not in (None, 100):
        words.append(str(fraction))
    if config.get("preemptible"):
        words.append("preemptible")
    return "/".join(words)
