"""What a sync reads of the cloud API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from infrazen.domain.resources import ResourceStatus
from infrazen.provider_kit.clock import Clock
from infrazen.provider_kit.contract import Endpoint, NothingToRead, Sink, Text
from infrazen.provider_kit.paging import Page, offset_pages
from infrazen.provider_kit.records import Records
from infrazen.provider_kit.redaction import Redactor
from infrazen.providers.beget.credentials import BegetSettings
from infrazen.providers.beget.mapper import servers, services
from infrazen.providers.beget.mapper.found import GONE, Found
from infrazen.providers.beget.modern_api import ModernApi
from infrazen.providers.beget.wire import cloud as wire

AUTH = "modern.auth"
PROJECTS = "modern.projects"
VPS = "modern.vps"
NETWORK = "modern.network"
SNAPSHOTS = "modern.snapshots"
S3_PRICES = "modern.s3_prices"
CDN_PRICES = "modern.cdn_prices"
SERVICES = "modern.cloud"

TITLES = {
    AUTH: Text("Вход в облачный API", "Cloud API sign-in"),
    PROJECTS: Text("Проекты", "Projects"),
    VPS: Text("Виртуальные серверы", "Virtual servers"),
    NETWORK: Text("Дополнительные адреса", "Additional addresses"),
    SNAPSHOTS: Text("Снимки серверов", "Server snapshots"),
    S3_PRICES: Text("Стоимость S3", "S3 charges"),
    CDN_PRICES: Text("Стоимость CDN", "CDN charges"),
    SERVICES: Text("Облачные сервисы", "Cloud services"),
}
"""What people call the endpoints."""

_SERVERS = msgspec.json.Decoder(wire.Servers, strict=False)
_NETWORK = msgspec.json.Decoder(wire.Network, strict=False)
_SNAPSHOTS = msgspec.json.Decoder(wire.Snapshots, strict=False)
_SERVICES = msgspec.json.Decoder(wire.Services, strict=False)
_PROJECTS = msgspec.json.Decoder(wire.Projects, strict=False)
_BUCKETS = msgspec.json.Decoder(wire.BucketCharges, strict=False)
_CDNS = msgspec.json.Decoder(wire.CdnCharges, strict=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Something that runs and has utilisation series; ``kind`` as ``SeenResource.type``.

    ``sku`` is its configuration's id, ``group`` the line of configurations that it is of.
    """

    key: str
    kind: str
    id: str
    daily_micro: int
    cores: int = 0
    memory_mb: int = 0
    disk_mb: int = 0
    bandwidth_mbps: int | None = None
    sku: str = ""
    group: str = ""
    region: str = ""


class Cloud:
    """The endpoints of the cloud API, each on its own.

    ``machines`` are those that run, by key, as far as they could be read; ``read`` are the
    endpoints among those that tell of them that came to their end. ``carriers`` are buckets
    and CDNs, of which only traffic is known; ``servers`` are the ids of all servers by key,
    running or not.
    """

    def __init__(
        self, api: ModernApi, *, settings: BegetSettings, redactor: Redactor, clock: Clock
    ) -> None:
        self._api = api
        self._settings = settings
        self._clock = clock
        self.machines: dict[str, Machine] = {}
        self.carriers: dict[str, Machine] = {}
        self.read: set[str] = set()
        self.servers: dict[str, str] = {}
        self._projects: dict[str, str] | None = None
        self._buckets: dict[str, wire.BucketCharge] | None = None
        self._cdns: dict[str, wire.CdnCharge] | None = None
        self._servers = Records(
            wire.Server, endpoint=VPS, redactor=redactor, key=lambda r: f"vps/{_id(r)}"
        )
        self._services = Records(
            wire.Service,
            endpoint=SERVICES,
            redactor=redactor,
            key=lambda r: services.service_key(_word(r, "type"), _id(r)),
        )
        self._snapshots = Records(
            wire.Snapshot, endpoint=SNAPSHOTS, redactor=redactor, key=lambda r: f"snapshot/{_id(r)}"
        )
        self._addresses = Records(
            wire.AdditionalAddress,
            endpoint=NETWORK,
            redactor=redactor,
            key=lambda r: f"ip_address/{_word(r, 'ip')}",
        )
        self._networks = Records(wire.PrivateNetwork, endpoint=NETWORK, redactor=redactor)
        self._project_records = Records(wire.Project, endpoint=PROJECTS, redactor=redactor)
        self._bucket_charges = Records(wire.BucketCharge, endpoint=S3_PRICES, redactor=redactor)
        self._cdn_charges = Records(wire.CdnCharge, endpoint=CDN_PRICES, redactor=redactor)

    def endpoints(self) -> Sequence[Endpoint]:
        """In the order in which they can be read."""
        return (
            Endpoint(
                name=AUTH,
                read=self._sign_in,
                lists=False,
            ),
            Endpoint(
                name=PROJECTS,
                read=self._read_projects,
                lists=False,
                after=(AUTH,),
            ),
            Endpoint(
                name=VPS,
                read=self._read_servers,
                after=(PROJECTS,),
            ),
            Endpoint(
                name=NETWORK,
                read=self._read_network,
                after=(AUTH,),
            ),
            Endpoint(
                name=SNAPSHOTS,
                read=self._read_snapshots,
                after=(AUTH,),
            ),
            Endpoint(
                name=S3_PRICES,
                read=self._read_bucket_charges,
                lists=False,
                after=(AUTH,),
            ),
            Endpoint(
                name=CDN_PRICES,
                read=self._read_cdn_charges,
                lists=False,
                after=(AUTH,),
            ),
            Endpoint(
                name=SERVICES,
                read=self._read_services,
                after=(PROJECTS, S3_PRICES, CDN_PRICES),
            ),
        )

    async def _sign_in(self, _sink: Sink) -> None:
        await self._api.sign_in()

    def _check_signed_in(self) -> None:
        if self._api.failure is not None:
            raise NothingToRead("not asked: Beget did not let us into the cloud API")

    async def _read_projects(self, sink: Sink) -> None:
        self._check_signed_in()
        names: dict[str, str] = {}

        def put(source: wire.Project) -> None:
            names[str(source.id)] = source.name

        async def fetch(offset: int, limit: int) -> Page[msgspec.Raw]:
            params = {"offset": offset, "limit": limit}
            reply = await self._api.get("/v1/cloud/projects/list", _PROJECTS, params)
            return Page(reply.page.projects or (), reply.page.total_count)

        missed = 0
        async for raws in offset_pages(fetch, what=PROJECTS):
            missed += self._project_records.each(raws, sink, put)
        self._projects = None if missed else names

    async def _read_servers(self, sink: Sink) -> None:
        self._check_signed_in()
        at = self._clock.now()

        def put(source: wire.Server) -> None:
            if source.status in GONE:
                return
            found = servers.server(source, listing=VPS, projects=self._projects, at=at)
            self._put(found, sink)
            self.servers[found.resource.key] = source.id
            if self._is_measured(found):
                self.machines[found.resource.key] = _server_machine(source, found)

        async def fetch(offset: int, limit: int) -> Page[msgspec.Raw]:
            params = {"offset": offset, "limit": limit}
            reply = await self._api.get("/v1/vps/server/list", _SERVERS, params)
            return Page(reply.vps or (), reply.total_count)

        async for raws in offset_pages(fetch, what=VPS):
            self._servers.each(raws, sink, put)
        self.read.add(VPS)

    async def _read_network(self, sink: Sink) -> None:
        self._check_signed_in()
        reply = await self._api.get("/v1/vps/network", _NETWORK)
        self._addresses.each(
            reply.additional_ip or (),
            sink,
            lambda source: sink.resource(servers.additional_address(source, listing=NETWORK)),
        )
        self._networks.each(
            reply.private_network or (),
            sink,
            lambda source: sink.component(servers.private_network(source, listing=NETWORK)),
        )

    async def _read_snapshots(self, sink: Sink) -> None:
        self._check_signed_in()

        def put(source: wire.Snapshot) -> None:
            if source.status not in GONE:
                sink.resource(servers.snapshot(source, listing=SNAPSHOTS))

        reply = await self._api.get("/v1/vps/snapshot", _SNAPSHOTS)
        self._snapshots.each(reply.snapshot or (), sink, put)

    async def _read_bucket_charges(self, sink: Sink) -> None:
        self._check_signed_in()
        charges: dict[str, wire.BucketCharge] = {}

        def put(source: wire.BucketCharge) -> None:
            charges[source.name] = source
            if source.display_name:
                charges.setdefault(source.display_name, source)

        reply = await self._api.get("/v1/cloud/s3/price", _BUCKETS)
        missed = self._bucket_charges.each(reply.bucket or (), sink, put)
        self._buckets = None if missed else charges

    async def _read_cdn_charges(self, sink: Sink) -> None:
        self._check_signed_in()
        charges: dict[str, wire.CdnCharge] = {}

        def put(source: wire.CdnCharge) -> None:
            charges[source.cdn_service_id] = source

        reply = await self._api.get("/v1/cloud/cdn/price", _CDNS)
        missed = self._cdn_charges.each(reply.cdn or (), sink, put)
        self._cdns = None if missed else charges

    async def _read_services(self, sink: Sink) -> None:
        self._check_signed_in()
        at = self._clock.now()
        enrichment = services.Enrichment(
            projects=self._projects, buckets=self._buckets, cdns=self._cdns
        )

        def put(source: wire.Service) -> None:
            found = services.service(source, listing=SERVICES, enrichment=enrichment, at=at)
            self._put(found, sink)
            if self._is_measured(found):
                self._add_service(source, found)

        async def fetch(offset: int, limit: int) -> Page[msgspec.Raw]:
            view = "SERVICE_VIEW_FULL"
            reply = await self._api.get(
                "/v1/cloud", _SERVICES, {"offset": offset, "limit": limit, "view": view}
            )
            return Page(reply.service or (), reply.total_count)

        async for raws in offset_pages(fetch, what=SERVICES):
            self._services.each(raws, sink, put)
        self.read.add(SERVICES)

    def _add_service(self, source: wire.Service, found: Found) -> None:
        key, kind, database = found.resource.key, found.resource.type, source.database
        if database is not None and kind in {"mysql", "postgresql"}:
            self.machines[key] = Machine(
                key=key,
                kind=kind,
                id=source.id,
                cores=database.configuration.cpu_count,
                memory_mb=database.configuration.memory,
                disk_mb=database.configuration.disk_size,
                daily_micro=_daily(found),
            )
        elif kind in {"s3", "cdn"}:
            self.carriers[key] = Machine(
                key=key, kind=kind, id=source.id, daily_micro=_daily(found)
            )

    def _is_measured(self, found: Found) -> bool:
        running = found.resource.status is ResourceStatus.RUNNING
        return running and self._settings.collect_statistics

    def _put(self, found: Found, sink: Sink) -> None:
        sink.resource(found.resource)
        for component in found.components:
            sink.component(component)
        for secret in found.secrets:
            sink.secret(secret)
        if self._settings.collect_statistics:
            for series in found.usage:
                sink.usage(series)


def _server_machine(source: wire.Server, found: Found) -> Machine:
    return Machine(
        key=found.resource.key,
        kind=found.resource.type,
        id=source.id,
        cores=source.configuration.cpu_count,
        memory_mb=source.configuration.memory,
        disk_mb=source.configuration.disk_size,
        bandwidth_mbps=source.configuration.bandwidth_public,
        daily_micro=_daily(found),
        sku=found.resource.sku or "",
        group=source.configuration.group or "",
        region=found.resource.region,
    )


def _daily(found: Found) -> int:
    return found.resource.price.daily_micro if found.resource.price else 0


def _word(record: Mapping[str, Any], name: str) -> str:
    value = record[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is a text")
    return value


def _id(record: Mapping[str, Any]) -> str:
    return _word(record, "id")
