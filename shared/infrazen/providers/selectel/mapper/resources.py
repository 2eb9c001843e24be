"""OpenStack's records to resources, with what they cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from infrazen.domain.resources import (
    ResourceStatus,
    SeenResource,
    ServiceCategory,
    StatedPrice,
)
from infrazen.provider_kit.openstack import wire
from infrazen.provider_kit.openstack.facts import facts, moment, server_status, state, tags_of
from infrazen.providers.selectel.mapper.lines import line_of
from infrazen.providers.selectel.mapper.prices import (
    ADDRESS,
    BYTES_A_GIB,
    IMAGE,
    PriceList,
    day_price,
    disk_type,
    disk_unit,
    size_of,
)

SERVERS = "Cloud servers"
DISKS = "Network volumes"
IMAGES = "Images"
ADDRESSES = "Public IP addresses"
BUCKETS = "Object storage"
FREED = "SHELVED_OFFLOADED"
"""The only state in which a server's processors and memory are not charged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Where a record was listed, and the prices there; None where they could not be read."""

    listing: str
    project_id: str
    project: str
    region: str
    prices: PriceList | None

    def price(self, amounts: Mapping[str, Decimal], zone: str = "") -> StatedPrice | None:
        """What ``amounts`` of units cost here."""
        if self.prices is None:
            return None
        return self.prices.of(amounts, zone=zone, region=self.region)

    @property
    def unknown(self) -> tuple[str, ...]:
        """What of a resource can't be told without prices."""
        return ("price",) if self.prices is None else ()


def server(source: wire.Server, flavor: wire.Flavor, where: Where) -> SeenResource:
    """A server. Switched off it costs what it costs running; only shelved it is free of that."""
    line = line_of(flavor)
    zone = source.zone or ""
    units = size_of(flavor, line)
    if source.status.upper() == FREED:
        units = {}
    ips = [one for port in source.addresses.values() for one in port]
    image = source.image.get("id") if isinstance(source.image, dict) else None
    return SeenResource(
        listing=where.listing,
        external_id=source.id,
        type="server",
        name=source.name or source.id,
        service=SERVERS,
        category=ServiceCategory.COMPUTE,
        status=server_status(source.status),
        provider_status=source.status,
        region=where.region,
        zone=zone,
        sub_account=where.project,
        price=where.price(units, zone),
        sku=flavor.title or None,
        tags=tags_of(source.metadata),
        config=facts(
            cpu=flavor.vcpus,
            memory_mb=flavor.ram,
            disk_mb=flavor.disk * 1024 or None,
            flavor=flavor.title,
            platform=line.name,
            core_fraction=line.fraction,
            preemptible=line.preemptible,
            image_id=image,
            volumes=sorted(volume.id for volume in source.volumes),
            addresses=sorted(one.addr for one in ips if one.kind == "fixed"),
            public_addresses=sorted(one.addr for one in ips if one.kind == "floating"),
        ),
        created_at=moment(source.created),
        unknown=where.unknown,
    )


def volume(source: wire.Volume, where: Where) -> SeenResource:
    """A network volume; with nobody attached it costs the same."""
    zone = source.availability_zone or ""
    config = facts(
        disk_mb=source.size * 1024,
        disk_type=disk_type(source.volume_type),
        volume_type=source.volume_type,
        bootable=source.bootable.lower() == "true",
        source_snapshot_id=source.snapshot_id,
    )
    return SeenResource(
        listing=where.listing,
        external_id=source.id,
        type="volume",
        name=source.name or source.id,
        service=DISKS,
        category=ServiceCategory.STORAGE,
        status=state(source.status),
        provider_status=source.status,
        region=where.region,
        zone=zone,
        sub_account=where.project,
        price=where.price({disk_unit(source.volume_type): Decimal(source.size)}, zone),
        sku=source.volume_type,
        tags=tags_of(source.metadata),
        config={**config, "attached_to": sorted(one.server_id for one in source.attachments)},
        created_at=moment(source.created_at),
        unknown=where.unknown,
    )


def snapshot(source: wire.Snapshot, where: Where, types: Mapping[str, str]) -> SeenResource:
    """A snapshot of a volume, priced by its volume's type (``types``: volume id → type).

    Its size is the volume's, so the price is the most that it can cost.
    """
    unit = f"snapshot_gigabytes_{types.get(source.volume_id, 'basic')}"
    return SeenResource(
        listing=where.listing,
        external_id=source.id,
        type="snapshot",
        name=source.name or source.id,
        service=DISKS,
        category=ServiceCategory.STORAGE,
        status=state(source.status),
        provider_status=source.status,
        region=where.region,
        sub_account=where.project,
        price=where.price({unit: Decimal(source.size)}),
        tags=tags_of(source.metadata),
        config=facts(source_disk_id=source.volume_id, size_bytes=source.size * 1024**3),
        created_at=moment(source.created_at),
        unknown=where.unknown,
    )


def image(source: wire.Image, where: Where) -> SeenResource:
    """An image of the project's own."""
    gigabytes = Decimal(source.size or 0) / BYTES_A_GIB
    return SeenResource(
        listing=where.listing,
        external_id=source.id,
        type="image",
        name=source.name or source.id,
        service=IMAGES,
        category=ServiceCategory.STORAGE,
        status=ResourceStatus.ACTIVE if source.status == "active" else state(source.status),
        provider_status=source.status,
        region=where.region,
        sub_account=where.project,
        price=where.price({IMAGE: gigabytes}),
        config=facts(
            size_bytes=source.size, disk_format=source.disk_format, os_type=source.os_type
        ),
        created_at=moment(source.created_at),
        unknown=where.unknown,
    )


def floating_ip(source: wire.FloatingIp, where: Where) -> SeenResource:
    """A public address; without a port it is idle and costs the same."""
    status = state("active" if source.status == "ACTIVE" else source.status)
    config = facts(
        address=source.floating_ip_address,
        fixed_address=source.fixed_ip_address,
        description=source.description,
    )
    return SeenResource(
        listing=where.listing,
        external_id=source.id,
        type="floating_ip",
        name=source.floating_ip_address,
        service=ADDRESSES,
        category=ServiceCategory.NETWORKING,
        status=status,
        provider_status=source.status,
        region=where.region,
        sub_account=where.project,
        price=where.price({ADDRESS: Decimal(1)}),
        config={**config, "attached_to": [source.port_id] if source.port_id else []},
        created_at=moment(source.created_at),
        unknown=where.unknown,
    )


def bucket_id(*, project_id: str, region: str, name: str) -> str:
    """The identity of a bucket, which has no id of its own."""
    return f"{project_id}/{region}/{name}"


def bucket(source: wire.Container, where: Where, *, billed: Decimal | None) -> SeenResource:
    """A bucket. Selectel states no price for it: it costs what its last whole day did."""
    return SeenResource(
        listing=where.listing,
        external_id=bucket_id(project_id=where.project_id, region=where.region, name=source.name),
        type="bucket",
        name=source.name,
        service=BUCKETS,
        category=ServiceCategory.STORAGE,
        status=ResourceStatus.ACTIVE,
        provider_status="",
        region=where.region,
        sub_account=where.project,
        price=None if billed is None else day_price(billed),
    )
