"""Virtual machines, disks, snapshots, images."""

from collections.abc import Iterator
from typing import Any

from infrazen.domain.resources import SeenComponent, SeenResource, ServiceCategory
from infrazen.providers.yandex.mapper import REGION
from infrazen.providers.yandex.mapper.common import (
    BYTES_A_MB,
    Place,
    facts,
    region,
    status,
    tags_of,
)
from infrazen.providers.yandex.mapper.prices import PriceList
from infrazen.providers.yandex.mapper.skus import Meter, Thing
from infrazen.providers.yandex.wire import resources as wire

SERVICE = "Compute Cloud"
_UNPRICED = ("price",)


def machine(
    source: wire.Instance,
    *,
    listing: str,
    place: Place,
    prices: PriceList | None,
    boot: wire.Disk | None,
    boot_is_known: bool,
) -> SeenResource:
    """A virtual machine with its boot disk, which lives and is billed with it.

    ``boot_is_known`` is False where the disks of the folder could not be read.
    """
    is_priced = prices is not None and boot_is_known
    return SeenResource(
        listing=listing,
        external_id=source.id,
        type="instance",
        name=source.name or source.id,
        service=SERVICE,
        category=ServiceCategory.COMPUTE,
        status=status(source.status),
        provider_status=source.status,
        region=region(source.zone_id),
        zone=source.zone_id,
        sub_account=place.sub_account,
        price=prices.machine(source, boot) if prices and is_priced else None,
        sku=_sku(prices, source),
        tags=tags_of(source.labels),
        config=_machine_config(source, place, boot),
        created_at=source.created_at,
        unknown=() if is_priced else _UNPRICED if boot_is_known else ("price", "config"),
    )


def _sku(prices: PriceList | None, source: wire.Instance) -> str | None:
    preemptible = source.scheduling_policy.preemptible
    what = Meter(Thing.CPU, source.platform_id, source.resources.core_fraction, preemptible)
    rate = prices.rate(what) if prices else None
    return rate.sku if rate else None


def _machine_config(source: wire.Instance, place: Place, boot: wire.Disk | None) -> dict[str, Any]:
    size = source.resources
    return facts(
        cpu=size.cores,
        memory_mb=size.memory // BYTES_A_MB,
        disk_mb=boot.size // BYTES_A_MB if boot else None,
        disk_type=boot.type_id if boot else None,
        platform=source.platform_id,
        core_fraction=size.core_fraction,
        preemptible=source.scheduling_policy.preemptible,
        gpus=size.gpus or None,
        ip_address=list(internal_addresses(source)),
        public_addresses=list(public_addresses(source)),
        hostname=source.fqdn,
        subnets=[interface.subnet_id for interface in source.network_interfaces],
        disks=[disk.disk_id for disk in source.secondary_disks],
        boot_disk_id=source.boot_disk.disk_id if source.boot_disk else None,
        description=source.description,
        service_account_id=source.service_account_id,
        folder_id=place.id,
        cloud_id=place.cloud_id,
    )


def internal_addresses(source: wire.Instance) -> Iterator[str]:
    """The addresses inside the network."""
    for interface in source.network_interfaces:
        if interface.primary_v4_address and interface.primary_v4_address.address:
            yield interface.primary_v4_address.address


def public_addresses(source: wire.Instance) -> Iterator[str]:
    """The addresses that are reached from outside."""
    for interface in source.network_interfaces:
        inner = interface.primary_v4_address
        if inner and inner.one_to_one_nat and inner.one_to_one_nat.address:
            yield inner.one_to_one_nat.address


def boot_disk(source: wire.Disk, *, listing: str, key: str) -> SeenComponent:
    """A boot disk, inside the machine with the key ``key``."""
    return SeenComponent(
        listing=listing,
        resource=key,
        kind="boot_disk",
        name=source.name or source.id,
        status=source.status.lower(),
        details=facts(
            id=source.id,
            disk_type=source.type_id,
            disk_mb=source.size // BYTES_A_MB,
            image_id=source.source_image_id,
        ),
    )


def disk(
    source: wire.Disk, *, listing: str, place: Place, prices: PriceList | None
) -> SeenResource:
    """A disk of its own: attached beside a boot disk, or to nothing."""
    what = Meter(Thing.DISK, source.type_id)
    return SeenResource(
        listing=listing,
        external_id=source.id,
        type="disk",
        name=source.name or source.id,
        service=SERVICE,
        category=ServiceCategory.STORAGE,
        status=status(source.status),
        provider_status=source.status,
        region=region(source.zone_id),
        zone=source.zone_id,
        sub_account=place.sub_account,
        price=prices.sized(what, source.size) if prices else None,
        sku=_rated(prices, what),
        tags=tags_of(source.labels),
        config=facts(
            disk_mb=source.size // BYTES_A_MB,
            disk_type=source.type_id,
            image_id=source.source_image_id,
            snapshot_id=source.source_snapshot_id,
            description=source.description,
            folder_id=place.id,
            cloud_id=place.cloud_id,
        )
        | {"attached_to": list(source.instance_ids)},
        created_at=source.created_at,
        unknown=() if prices else _UNPRICED,
    )


def snapshot(
    source: wire.Snapshot, *, listing: str, place: Place, prices: PriceList | None
) -> SeenResource:
    """A snapshot; its size is what it takes beside the one before it."""
    what = Meter(Thing.SNAPSHOT)
    return SeenResource(
        listing=listing,
        external_id=source.id,
        type="snapshot",
        name=source.name or source.id,
        service=SERVICE,
        category=ServiceCategory.STORAGE,
        status=status(source.status),
        provider_status=source.status,
        region=REGION,
        sub_account=place.sub_account,
        price=prices.sized(what, source.storage_size) if prices else None,
        sku=_rated(prices, what),
        tags=tags_of(source.labels),
        config=facts(
            size_bytes=source.storage_size,
            disk_mb=source.disk_size // BYTES_A_MB,
            source_disk_id=source.source_disk_id,
            description=source.description,
            folder_id=place.id,
            cloud_id=place.cloud_id,
        ),
        created_at=source.created_at,
        unknown=() if prices else _UNPRICED,
    )


def image(
    source: wire.Image, *, listing: str, place: Place, prices: PriceList | None
) -> SeenResource:
    """An image of one's own."""
    what = Meter(Thing.IMAGE)
    return SeenResource(
        listing=listing,
        external_id=source.id,
        type="image",
        name=source.name or source.id,
        service=SERVICE,
        category=ServiceCategory.STORAGE,
        status=status(source.status),
        provider_status=source.status,
        region=REGION,
        sub_account=place.sub_account,
        price=prices.sized(what, source.storage_size) if prices else None,
        sku=_rated(prices, what),
        tags=tags_of(source.labels),
        config=facts(
            size_bytes=source.storage_size,
            family=source.family,
            description=source.description,
            folder_id=place.id,
            cloud_id=place.cloud_id,
        ),
        created_at=source.created_at,
        unknown=() if prices else _UNPRICED,
    )


def _rated(prices: PriceList | None, what: Meter) -> str | None:
    rate = prices.rate(what) if prices else None
    return rate.sku if rate else None
