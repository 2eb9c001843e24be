"""What a sync reads of Compute Cloud."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from infrazen.domain.resources import ResourceStatus, SeenResource
from infrazen.errors import ProviderError
from infrazen.provider_kit.contract import Endpoint, Sink, Text
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.providers.yandex import notes
from infrazen.providers.yandex.api import Api
from infrazen.providers.yandex.billing import SKUS, Billing
from infrazen.providers.yandex.folders import FOLDERS, Folders
from infrazen.providers.yandex.mapper import compute as mapper
from infrazen.providers.yandex.mapper.common import BYTES_A_MB, Place
from infrazen.providers.yandex.wire import resources as wire

INSTANCES = "compute.instances"
DISKS = "compute.disks"
SNAPSHOTS = "compute.snapshots"
IMAGES = "compute.images"

TITLES = {
    INSTANCES: Text("Виртуальные машины", "Virtual machines"),
    DISKS: Text("Диски", "Disks"),
    SNAPSHOTS: Text("Снимки дисков", "Disk snapshots"),
    IMAGES: Text("Образы дисков", "Disk images"),
}
"""What people call the endpoints."""

W = TypeVar("W")

_SERVICE = "compute"
_DISK = msgspec.json.Decoder(wire.Disk, strict=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A virtual machine that runs, as Monitoring knows it."""

    key: str
    id: str
    name: str
    hostname: str
    cores: int
    memory_mb: int
    daily_micro: int


class _Disks:
    """The disks of a folder as they came, or why they did not."""

    def __init__(self, raws: list[msgspec.Raw], failure: ProviderError | None) -> None:
        self.raws = raws
        self.failure = failure


class Compute:
    """The endpoints of Compute Cloud, each on its own.

    Disks are asked for with the machines, whose prices contain their boot disks, and told
    of once the machines are known, because a boot disk does not say that it is one.
    ``machines`` are those that run, by folder; ``owners`` are machines by public address;
    ``keys`` are machines' keys by their own ids and those of their boot disks.
    """

    def __init__(self, api: Api, folders: Folders, billing: Billing, *, redactor: Redactor) -> None:
        self._api = api
        self._folders = folders
        self._billing = billing
        self._disks_of: dict[str, _Disks] = {}
        self._boot_disks: dict[str, dict[str, str]] = {}
        self.machines: dict[str, list[Machine]] = {}
        self.owners: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        self._instances = _records(wire.Instance, INSTANCES, "instance", redactor)
        self._disks = _records(wire.Disk, DISKS, "disk", redactor)
        self._snapshots = _records(wire.Snapshot, SNAPSHOTS, "snapshot", redactor)
        self._images = _records(wire.Image, IMAGES, "image", redactor)

    def endpoints(self) -> Sequence[Endpoint]:
        """In the order in which they can be read."""
        return (
            Endpoint(
                name=INSTANCES,
                read=self._read_instances,
                after=(FOLDERS, SKUS),
            ),
            Endpoint(
                name=DISKS,
                read=self._read_disks,
                after=(INSTANCES,),
            ),
            Endpoint(
                name=SNAPSHOTS,
                read=self._read_snapshots,
                after=(FOLDERS, SKUS),
            ),
            Endpoint(
                name=IMAGES,
                read=self._read_images,
                after=(FOLDERS, SKUS),
            ),
        )

    def knows_machines_of(self, place: Place) -> bool:
        """Whether every machine of a folder could be read."""
        return place.id in self._boot_disks

    async def _read_instances(self, sink: Sink) -> None:
        prices = self._billing.prices
        unpriced = 0

        async def read_of(place: Place, sink: Sink) -> None:
            disks = self._disks_of[place.id] = await self._fetch_disks(place)
            known = dict(_by_id(disks.raws))
            boots: dict[str, str] = {}

            def put(source: wire.Instance) -> None:
                nonlocal unpriced
                found = self._put_machine(
                    source, place=place, disks=None if disks.failure else known, sink=sink
                )
                unpriced += bool(prices) and found.price is None and not found.unknown
                if source.boot_disk:
                    boots[source.boot_disk.disk_id] = found.key

            missed = 0
            async for raws in self._pages("instances", place):
                missed += self._instances.each(raws, sink, put)
            if not missed:
                self._boot_disks[place.id] = boots

        await self._folders.each(sink, read_of)
        if unpriced:
            sink.note(notes.unpriced(unpriced))

    def _put_machine(
        self,
        source: wire.Instance,
        *,
        place: Place,
        disks: Mapping[str, wire.Disk] | None,
        sink: Sink,
    ) -> SeenResource:
        boot_id = source.boot_disk.disk_id if source.boot_disk else ""
        boot = (disks or {}).get(boot_id)
        found = mapper.machine(
            source,
            listing=INSTANCES,
            place=place,
            prices=self._billing.prices,
            boot=boot,
            boot_is_known=disks is not None and (boot is not None or not boot_id),
        )
        sink.resource(found)
        self.keys[source.id] = found.key
        if boot_id:
            self.keys[boot_id] = found.key
        for address in mapper.public_addresses(source):
            self.owners[address] = source.id
        if found.status is ResourceStatus.RUNNING:
            self.machines.setdefault(place.id, []).append(_machine(source, found))
        return found

    async def _fetch_disks(self, place: Place) -> _Disks:
        raws: list[msgspec.Raw] = []
        try:
            async for page in self._pages("disks", place):
                raws += page
        except ProviderError as error:
            return _Disks([], error)
        return _Disks(raws, None)

    async def _read_disks(self, sink: Sink) -> None:
        async def read_of(place: Place, sink: Sink) -> None:
            disks = self._disks_of.get(place.id) or await self._fetch_disks(place)
            if disks.failure is not None:
                raise disks.failure
            boots = self._boot_disks.get(place.id)
            if boots is None:
                sink.incomplete(notes.disks_unsure(place.sub_account))
            self._disks.each(disks.raws, sink, self._disk_putter(place, boots, sink))

        await self._folders.each(sink, read_of)

    def _disk_putter(
        self, place: Place, boots: Mapping[str, str] | None, sink: Sink
    ) -> Callable[[wire.Disk], None]:
        def put(source: wire.Disk) -> None:
            owner = (boots or {}).get(source.id)
            if owner is not None:
                sink.component(mapper.boot_disk(source, listing=DISKS, key=owner))
            elif boots is not None or not source.instance_ids:
                prices = self._billing.prices
                sink.resource(mapper.disk(source, listing=DISKS, place=place, prices=prices))

        return put

    async def _read_snapshots(self, sink: Sink) -> None:
        await self._read(sink, SNAPSHOTS, self._snapshots, mapper.snapshot)

    async def _read_images(self, sink: Sink) -> None:
        await self._read(sink, IMAGES, self._images, mapper.image)

    async def _read(
        self, sink: Sink, listing: str, records: Records[W], made: Callable[..., SeenResource]
    ) -> None:
        prices = self._billing.prices

        async def read_of(place: Place, sink: Sink) -> None:
            def put(source: W) -> None:
                sink.resource(made(source, listing=listing, place=place, prices=prices))

            async for raws in self._pages(listing.partition(".")[2], place):
                records.each(raws, sink, put)

        await self._folders.each(sink, read_of)

    def _pages(self, key: str, place: Place) -> AsyncIterator[Sequence[msgspec.Raw]]:
        return self._api.pages(_SERVICE, f"/compute/v1/{key}", key, {"folderId": place.id})


def _records(kind: type[W], endpoint: str, type_: str, redactor: Redactor) -> Records[W]:
    def key(record: Mapping[str, Any]) -> str:
        if not isinstance(record["id"], str):
            raise TypeError("an id is a text")
        return f"{type_}/{record['id']}"

    return Records(kind, endpoint=endpoint, redactor=redactor, key=key)


def _by_id(raws: Iterable[msgspec.Raw]) -> Iterable[tuple[str, wire.Disk]]:
    """The disks that can be read; of the others their own endpoint tells."""
    for raw in raws:
        try:
            disk = _DISK.decode(raw)
        except msgspec.DecodeError:
            continue
        yield disk.id, disk


def _machine(source: wire.Instance, found: SeenResource) -> Machine:
    return Machine(
        key=found.key,
        id=source.id,
        name=source.name or source.id,
        hostname=source.fqdn.partition(".")[0],
        cores=source.resources.cores,
        memory_mb=source.resources.memory // BYTES_A_MB,
        daily_micro=found.price.daily_micro if found.price else 0,
    )
