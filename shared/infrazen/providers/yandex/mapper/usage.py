"""Rows of the usage export as lines of a bill."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from infrazen.domain.billing import BilledLine
from infrazen.domain.resources import ServiceCategory
from infrazen.providers.yandex.mapper import REGION
from infrazen.providers.yandex.mapper.common import Place, tags_of
from infrazen.providers.yandex.mapper.skus import STORAGE_SERVICE, Thing, meter
from infrazen.providers.yandex.wire.usage import Item

Known = Callable[[str], str | None]
"""The key of what the inventory has under an id."""

_C = ServiceCategory
_TYPES = {
    Thing.CPU: "instance",
    Thing.MEMORY: "instance",
    Thing.GPU: "instance",
    Thing.DISK: "disk",
    Thing.SNAPSHOT: "snapshot",
    Thing.IMAGE: "image",
    Thing.ADDRESS: "address",
    Thing.IDLE_ADDRESS: "address",
    Thing.STORAGE: "bucket",
}
_STORED = frozenset({"disk", "snapshot", "image", "bucket"})
_CATEGORIES = (
    ("compute cloud", _C.COMPUTE),
    ("object storage", _C.STORAGE),
    ("virtual private cloud", _C.NETWORKING),
    ("load balancer", _C.NETWORKING),
    ("dns", _C.NETWORKING),
    ("cdn", _C.NETWORKING),
    ("interconnect", _C.NETWORKING),
    ("kubernetes", _C.COMPUTE),
    ("serverless containers", _C.COMPUTE),
    ("functions", _C.COMPUTE),
    ("baremetal", _C.COMPUTE),
    ("container registry", _C.DEVELOPER_TOOLS),
    ("gitlab", _C.DEVELOPER_TOOLS),
    ("data processing", _C.ANALYTICS),
    ("data proc", _C.ANALYTICS),
    ("datalens", _C.ANALYTICS),
    ("query", _C.ANALYTICS),
    ("message queue", _C.INTEGRATION),
    ("kafka", _C.INTEGRATION),
    ("managed service for", _C.DATABASES),
    ("managed databases", _C.DATABASES),
    ("key management", _C.SECURITY),
    ("lockbox", _C.SECURITY),
    ("certificate manager", _C.SECURITY),
    ("smartwebsecurity", _C.SECURITY),
    ("monitoring", _C.MANAGEMENT),
    ("cloud logging", _C.MANAGEMENT),
    ("backup", _C.STORAGE),
    ("speechkit", _C.AI),
    ("translate", _C.AI),
    ("vision", _C.AI),
    ("foundation models", _C.AI),
    ("datasphere", _C.AI),
    ("iot", _C.IOT),
)
"""Parts of services' names, the first that fits."""


class Lines:
    """Makes lines of items; the same line for the same item of every day."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._made: dict[tuple[Item, str | None], BilledLine] = {}

    def of(self, items: Iterable[Item]) -> Iterator[tuple[Item, BilledLine]]:
        """The line of a bill that each of a file's items belongs to.

        What the inventory has is told by its id (a boot disk belongs to its machine), what
        it has no more by what else the file measures of it: traffic of a machine that is
        gone is that machine's.
        """
        listed = list(items)
        measured = {
            item.resource_id: f"{kind}/{item.resource_id}"
            for item in listed
            if item.resource_id and (kind := _type(item))
        }
        for item in listed:
            key = self._known(item.resource_id) or measured.get(item.resource_id)
            line = self._made.get((item, key))
            if line is None:
                line = self._made[item, key] = _line(item, key)
            yield item, line


def _type(item: Item) -> str | None:
    """The type of resource that an item's SKU measures."""
    return _measured(item.sku_id, item.sku_name, item.service_id, item.pricing_unit)


@lru_cache(maxsize=4096)
def _measured(sku: str, name: str, service: str, unit: str) -> str | None:
    what = meter(sku, name=name, service=service, unit=unit)
    if what is not None:
        return _TYPES[what.thing]
    return "bucket" if service == STORAGE_SERVICE else None


def _line(item: Item, key: str | None) -> BilledLine:
    service = item.service_name or item.service_id
    return BilledLine(
        currency=item.currency,
        service=service,
        category=_category(service, key, item),
        resource=key,
        resource_name="" if key else item.resource_id,
        description=item.sku_name,
        sku=item.sku_id or None,
        unit=item.pricing_unit,
        region=REGION,
        sub_account=_place(item).sub_account if item.folder_id else item.cloud_name,
        tags=tuple(sorted(tags_of(dict(item.labels)).items())),
    )


def _place(item: Item) -> Place:
    return Place(
        id=item.folder_id,
        name=item.folder_name,
        cloud_id=item.cloud_id,
        cloud_name=item.cloud_name,
    )


def _category(service: str, key: str | None, item: Item) -> ServiceCategory:
    """A disk is storage, unless it is a machine's boot disk and so part of it."""
    if key is not None and key.partition("/")[0] in _STORED and _type(item) in _STORED:
        return _C.STORAGE
    name = service.lower()
    return next((category for part, category in _CATEGORIES if part in name), _C.OTHER)
