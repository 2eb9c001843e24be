"""Records as the API serves them: int64 as strings, what is empty or zero left out."""

from datetime import date
from typing import Any

from infrazen.provider_kit.simulation.collection import Record

GIB = 1024**3
GROWS_SINCE = date(2025, 1, 1)


def proto(**fields: Any) -> Record:
    """A message: names in camelCase, whole numbers as strings, defaults left out."""
    return {_camel(name): _value(value) for name, value in fields.items() if value or value is True}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _value(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def instance(
    id_: str,
    name: str,
    *,
    folder: str,
    zone: str,
    platform: str,
    size: tuple[int, int],
    boot_disk: str,
    core_fraction: int = 100,
    preemptible: bool = False,
    status: str = "RUNNING",
    created: str,
    labels: dict[str, str] | None = None,
    public_address: str | None = None,
    number: int = 1,
) -> Record:
    """A virtual machine; ``size`` is its cores and its memory in GiB."""
    inner = proto(address=f"10.128.{number // 250}.{number % 250 + 3}", one_to_one_nat=None)
    if public_address:
        inner["oneToOneNat"] = {"address": public_address, "ipVersion": "IPV4"}
    return proto(
        id=id_,
        folder_id=folder,
        created_at=created,
        name=name,
        labels=labels,
        zone_id=zone,
        platform_id=platform,
        resources=proto(memory=size[1] * GIB, cores=size[0], core_fraction=core_fraction),
        status=status,
        boot_disk=_attached(boot_disk, auto_delete=True),
        network_interfaces=[
            {"index": "0", "macAddress": "d0:0d:12:34:56:78"}
            | proto(subnet_id=f"e9b{id_[3:]}", primary_v4_address=inner)
        ],
        fqdn=f"{name}.{zone[:-2]}.internal",
        network_settings={"type": "STANDARD"},
    ) | {"schedulingPolicy": proto(preemptible=preemptible)}


def _attached(disk: str, *, auto_delete: bool = False) -> Record:
    return proto(mode="READ_WRITE", device_name=disk, auto_delete=auto_delete, disk_id=disk)


def disk(
    id_: str,
    name: str,
    *,
    folder: str,
    zone: str,
    size_gib: int,
    type_: str = "network-ssd",
    created: str,
    labels: dict[str, str] | None = None,
    instances: tuple[str, ...] = (),
    image: str | None = None,
) -> Record:
    """A disk."""
    return proto(
        id=id_,
        folder_id=folder,
        created_at=created,
        name=name,
        labels=labels,
        type_id=type_,
        zone_id=zone,
        size=size_gib * GIB,
        block_size=4096,
        status="READY",
        source_image_id=image,
        instance_ids=list(instances),
    )


def snapshot(
    id_: str, name: str, *, folder: str, size_bytes: int, disk_gib: int, disk_id: str, created: str
) -> Record:
    """A snapshot of a disk."""
    return proto(
        id=id_,
        folder_id=folder,
        created_at=created,
        name=name,
        storage_size=size_bytes,
        disk_size=disk_gib * GIB,
        status="READY",
        source_disk_id=disk_id,
    )


def image(id_: str, name: str, *, folder: str, size_bytes: int, created: str) -> Record:
    """An image of one's own."""
    return proto(
        id=id_,
        folder_id=folder,
        created_at=created,
        name=name,
        family="base",
        storage_size=size_bytes,
        min_disk_size=20 * GIB,
        status="READY",
    )


def address(
    id_: str,
    name: str,
    *,
    folder: str,
    zone: str,
    ip: str,
    created: str,
    reserved: bool = True,
    used: bool = True,
) -> Record:
    """A public address."""
    return proto(
        id=id_,
        folder_id=folder,
        created_at=created,
        name=name,
        external_ipv4_address=proto(address=ip, zone_id=zone),
        reserved=reserved,
        used=used,
        type="EXTERNAL",
        ip_version="IPV4",
    )


def bucket(
    name: str,
    *,
    folder: str,
    created: str,
    storage_class: str = "STANDARD",
    max_size_gib: int = 0,
    tags: dict[str, str] | None = None,
    lifecycle_rules: list[Record] | None = None,
) -> Record:
    """A bucket as its full view shows it."""
    return proto(
        id=name,
        name=name,
        folder_id=folder,
        default_storage_class=storage_class,
        max_size=max_size_gib * GIB,
        versioning="VERSIONING_DISABLED",
        anonymous_access_flags={"read": False, "list": False},
        created_at=created,
        lifecycle_rules=lifecycle_rules,
        tags=[{"key": key, "value": value} for key, value in (tags or {}).items()],
    )


def growth(**classes: tuple[float, float]) -> Record:
    """How full a bucket is: for each class GiB at the start of 2025, and GiB more each day."""
    return {
        name: {"start_gib": start, "daily_gib": daily} for name, (start, daily) in classes.items()
    }


def stored_gib(growth: Record, day: date) -> dict[str, float]:
    """How much a bucket that grows like this holds on ``day``, by class."""
    days = (day - GROWS_SINCE).days
    return {
        name: max(0, one["start_gib"] + one["daily_gib"] * days) for name, one in growth.items()
    }


def period(since: date | str, until: date | str | None = None, **changes: Any) -> Record:
    """Days on which a thing is there, and in what it differs then; for its ``history``."""
    record: Record = {"from": str(since)}
    if until:
        record["to"] = str(until)
    return record | ({"is": changes} if changes else {})


def extra_charge(
    sku: str, quantity: float, since: date | str, until: date | str | None = None, **facts: Any
) -> Record:
    """Something billed beside things, ``quantity`` of it a day.

    ``facts`` are how it moves (``daily``, ``weekend``, ``noise``), ``credit`` (the share that
    is discounted), whose it is (``id`` of a resource, ``folderId``, ``labels``), and for what
    the price list does not have ``name``, ``service``, ``unit`` and ``price``.
    """
    return period(since, until) | {"sku": sku, "quantity": quantity} | facts


def growth_to(day: date, **classes: tuple[int, int]) -> Record:
    """What ``growth`` makes, told by the GiB that there are on ``day``."""
    days = (day - GROWS_SINCE).days
    return growth(**{name: (full - daily * days, daily) for name, (full, daily) in classes.items()})
