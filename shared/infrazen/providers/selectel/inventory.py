"""What there is: servers, volumes, snapshots, images, addresses, buckets."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import msgspec

from infrazen.domain.resources import ResourceStatus, SeenResource
from infrazen.errors import UnexpectedPayload
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, Sink, Text
from infrazen.provider_kit.openstack import wire
from infrazen.provider_kit.openstack.facts import GONE
from infrazen.provider_kit.openstack.session import joined
from infrazen.provider_kit.paging import cursor_pages
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.providers.selectel.account import CONSUMPTION, PRICES, PROJECTS, Account
from infrazen.providers.selectel.credentials import SelectelSettings
from infrazen.providers.selectel.mapper import resources, utilisation
from infrazen.providers.selectel.mapper.prices import PriceList, disk_type, size_offer, unit_offers
from infrazen.providers.selectel.mapper.resources import Where
from infrazen.providers.selectel.mapper.utilisation import Machine
from infrazen.providers.selectel.places import Place, Places

T = TypeVar("T")

FLAVORS = "compute.flavors"
SERVERS = "compute.servers"
VOLUMES = "block_storage.volumes"
SNAPSHOTS = "block_storage.snapshots"
IMAGES = "image.images"
ADDRESSES = "network.floating_ips"
BUCKETS = "object_storage.buckets"

TITLES = {
    FLAVORS: Text("Конфигурации серверов и их цены", "Server flavors and prices"),
    SERVERS: Text("Облачные серверы", "Cloud servers"),
    VOLUMES: Text("Сетевые диски", "Network volumes"),
    SNAPSHOTS: Text("Снимки дисков", "Volume snapshots"),
    IMAGES: Text("Образы", "Images"),
    ADDRESSES: Text("Публичные IP-адреса", "Public IP addresses"),
    BUCKETS: Text("Бакеты", "Buckets"),
}
"""What people call the endpoints."""

MICROVERSION = {"OpenStack-API-Version": "compute 2.79"}
"""From 2.47 on, servers carry their flavor."""

CONTAINERS_A_PAGE = 10_000
_VOLUME = ("volumev3", "block-storage", "volume")
_BANDWIDTH = "quota:vif_outbound_average"
_CONTAINERS = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """A listing: of which service types, at which path, with its records under which key."""

    endpoint: str
    types: tuple[str, ...]
    version: str
    path: str
    key: str
    params: Mapping[str, str] = field(default_factory=dict)


_VOLUME_LIST = _Listing(
    endpoint=VOLUMES, types=_VOLUME, version="/v3", path="/volumes/detail", key="volumes"
)
_SNAPSHOT_LIST = _Listing(
    endpoint=SNAPSHOTS, types=_VOLUME, version="/v3", path="/snapshots/detail", key="snapshots"
)
_IMAGE_LIST = _Listing(
    endpoint=IMAGES,
    types=("image",),
    version="/v2",
    path="/images",
    key="images",
    params={"visibility": "private"},
)
_ADDRESS_LIST = _Listing(
    endpoint=ADDRESSES, types=("network",), version="/v2.0", path="/floatingips", key="floatingips"
)


class Inventory:
    """The endpoints of OpenStack, each over every project and region.

    ``machines`` are the servers that run, as far as they could be read.
    """

    def __init__(
        self,
        places: Places,
        account: Account,
        *,
        settings: SelectelSettings,
        redactor: Redactor,
        clock: Clock,
    ) -> None:
        self._places = places
        self._account = account
        self._settings = settings
        self._clock = clock
        self.machines: dict[str, tuple[Machine, Place]] = {}
        self._flavors: dict[str, wire.Flavor] = {}
        self._disk_types: dict[str, str] = {}
        self._disk_types_known = False

        def records(struct: type[T], endpoint: str, kind: str) -> Records[T]:
            return Records(
                struct,
                endpoint=endpoint,
                redactor=redactor,
                key=lambda record: f"{kind}/{_word(record, 'id')}",
            )

        self._flavor_records = Records(wire.Flavor, endpoint=FLAVORS, redactor=redactor)
        self._servers = records(wire.Server, SERVERS, "server")
        self._volumes = records(wire.Volume, VOLUMES, "volume")
        self._snapshots = records(wire.Snapshot, SNAPSHOTS, "snapshot")
        self._images = records(wire.Image, IMAGES, "image")
        self._addresses = records(wire.FloatingIp, ADDRESSES, "floating_ip")
        self._containers = Records(wire.Container, endpoint=BUCKETS, redactor=redactor)

    def endpoints(self) -> Sequence[Endpoint]:
        """In the order in which they can be read."""
        return (
            Endpoint(name=FLAVORS, read=self._read_flavors, after=(PROJECTS, PRICES)),
            Endpoint(name=SERVERS, read=self._read_servers, after=(FLAVORS,)),
            Endpoint(name=VOLUMES, read=self._read_volumes, after=(PROJECTS, PRICES)),
            Endpoint(name=SNAPSHOTS, read=self._read_snapshots, after=(VOLUMES,)),
            Endpoint(name=IMAGES, read=self._read_images, after=(PROJECTS, PRICES)),
            Endpoint(name=ADDRESSES, read=self._read_addresses, after=(PROJECTS, PRICES)),
            Endpoint(name=BUCKETS, read=self._read_buckets, after=(PROJECTS, CONSUMPTION)),
        )

    def _where(self, place: Place, listing: str) -> Where:
        return Where(
            listing=listing,
            project_id=place.project.id,
            project=place.project.name,
            region=place.service.region,
            prices=self._account.prices,
        )

    async def _read_flavors(self, sink: Sink) -> None:
        prices = self._account.prices or PriceList(())

        async def read(place: Place) -> None:
            region = place.service.region
            for unit in unit_offers(prices, listing=FLAVORS, region=region):
                sink.offer(unit)

            def put(flavor: wire.Flavor) -> None:
                self._flavors[flavor.id] = flavor
                offer = size_offer(flavor, listing=FLAVORS, region=region, prices=prices)
                if offer is not None:
                    sink.offer(offer)

            url = f"{place.service.url}/flavors/detail"
            async for raws in place.session.pages(url, "flavors", headers=MICROVERSION):
                self._flavor_records.each(raws, sink, put)

        await self._places.each("compute", read=read)
        if self._account.prices is None:
            sink.incomplete(
                Text(
                    "Цены за единицы не прочитаны, поэтому у конфигураций нет цен.",
                    "Unit prices could not be read, so sizes have no price.",
                )
            )

    async def _read_servers(self, sink: Sink) -> None:
        async def read(place: Place) -> None:
            where = self._where(place, SERVERS)

            def put(source: wire.Server) -> None:
                if source.status.upper() not in GONE:
                    flavor = self._flavor_of(source)
                    seen = resources.server(source, flavor, where)
                    sink.resource(seen)
                    self._measure(seen, flavor, place)

            url = f"{place.service.url}/servers/detail"
            async for raws in place.session.pages(url, "servers", headers=MICROVERSION):
                self._servers.each(raws, sink, put)

        await self._places.each("compute", read=read)

    def _flavor_of(self, source: wire.Server) -> wire.Flavor:
        """The flavor in the record, or the one it names."""
        if "vcpus" in source.flavor:
            return msgspec.convert(source.flavor, wire.Flavor)
        return self._flavors[_word(source.flavor, "id")]

    def _measure(self, seen: SeenResource, flavor: wire.Flavor, place: Place) -> None:
        if seen.status is ResourceStatus.RUNNING and self._settings.collect_statistics:
            self.machines[seen.key] = (
                Machine(
                    key=seen.key,
                    id=seen.external_id,
                    cores=flavor.vcpus,
                    memory_mb=flavor.ram,
                    bandwidth_mbps=_megabits(flavor.extra_specs.get(_BANDWIDTH)),
                    daily_micro=seen.price.daily_micro if seen.price else 0,
                ),
                place,
            )

    async def _read_volumes(self, sink: Sink) -> None:
        def put(source: wire.Volume, where: Where) -> None:
            self._disk_types[source.id] = disk_type(source.volume_type)
            sink.resource(resources.volume(source, where))

        await self._read_listing(sink, _VOLUME_LIST, self._volumes, put)
        self._disk_types_known = True

    async def _read_snapshots(self, sink: Sink) -> None:
        def put(source: wire.Snapshot, where: Where) -> None:
            known = self._disk_types_known or source.volume_id in self._disk_types
            there = where if known else replace(where, prices=None)
            sink.resource(resources.snapshot(source, there, self._disk_types))

        await self._read_listing(sink, _SNAPSHOT_LIST, self._snapshots, put)

    async def _read_images(self, sink: Sink) -> None:
        def put(source: wire.Image, where: Where) -> None:
            if source.owner in (None, where.project_id):
                sink.resource(resources.image(source, where))

        await self._read_listing(sink, _IMAGE_LIST, self._images, put)

    async def _read_addresses(self, sink: Sink) -> None:
        def put(source: wire.FloatingIp, where: Where) -> None:
            sink.resource(resources.floating_ip(source, where))

        await self._read_listing(sink, _ADDRESS_LIST, self._addresses, put)

    async def _read_listing(
        self, sink: Sink, listing: _Listing, records: Records[T], put: Callable[[T, Where], None]
    ) -> None:
        """Read one listing in every place, page by page."""

        async def read(place: Place) -> None:
            where = self._where(place, listing.endpoint)
            url = joined(place.service, listing.version, listing.path)
            async for raws in place.session.pages(url, listing.key, params=listing.params):
                records.each(raws, sink, lambda source: put(source, where))

        await self._places.each(*listing.types, read=read)

    async def _read_buckets(self, sink: Sink) -> None:
        async def read(place: Place) -> None:
            where = self._where(place, BUCKETS)
            at = self._clock.now()

            def put(source: wire.Container) -> None:
                seen = self._bucket(source, where)
                sink.resource(seen)
                sink.usage(utilisation.stored(seen.key, source, at=at))

            async for raws in _container_pages(place):
                self._containers.each(raws, sink, put)

        await self._places.each("object-store", read=read)

    def _bucket(self, source: wire.Container, where: Where) -> SeenResource:
        billed = self._account.billed
        if billed is None:
            unpriced = resources.bucket(source, where, billed=None)
            return msgspec.structs.replace(unpriced, unknown=("price",))
        key = resources.bucket(source, where, billed=None).key
        return resources.bucket(source, where, billed=billed.get(key))


async def _container_pages(place: Place) -> AsyncIterator[Sequence[msgspec.Raw]]:
    """Swift's pages: after the last name of the one before, until one is empty."""

    async def fetch(marker: str | None) -> tuple[Sequence[msgspec.Raw], str | None]:
        asked: dict[str, str | int] = {"format": "json", "limit": CONTAINERS_A_PAGE}
        if marker:
            asked["marker"] = marker
        raws = await place.session.get(place.service.url, _CONTAINERS, params=asked) or []
        if len(raws) < CONTAINERS_A_PAGE:
            return raws, None
        return raws, _last_name(raws[-1])

    async for raws in cursor_pages(fetch, what="object storage"):
        yield raws


def _last_name(raw: msgspec.Raw) -> str:
    try:
        return msgspec.json.decode(raw, type=wire.Container).name
    except msgspec.DecodeError as error:
        raise UnexpectedPayload(f"the last bucket of a page cannot be read: {error}") from None


def _word(record: Mapping[str, Any], name: str) -> str:
    value = record[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is a text")
    return value


def _megabits(kilobytes: str | None) -> float | None:
    """Nova states a port's bandwidth in kilobytes a second."""
    return float(kilobytes) * 8 / 1000 if kilobytes else None
