"""Organizations, clouds, folders, and what is in them."""

from datetime import datetime

import msgspec


class Organization(msgspec.Struct, frozen=True, rename="camel"):
    """An organization."""

    id: str
    name: str = ""
    title: str = ""


class Cloud(msgspec.Struct, frozen=True, rename="camel"):
    """A cloud."""

    id: str
    name: str = ""
    organization_id: str = ""


class Folder(msgspec.Struct, frozen=True, rename="camel"):
    """A folder of a cloud."""

    id: str
    name: str = ""
    cloud_id: str = ""
    status: str = ""


class Size(msgspec.Struct, frozen=True, rename="camel"):
    """What a machine has; memory in bytes."""

    memory: int = 0
    cores: int = 0
    core_fraction: int = 100
    gpus: int = 0


class AttachedDisk(msgspec.Struct, frozen=True, rename="camel"):
    """A disk of a machine."""

    disk_id: str = ""
    auto_delete: bool = False


class OneToOneNat(msgspec.Struct, frozen=True, rename="camel"):
    """A public address of an interface."""

    address: str = ""


class InternalAddress(msgspec.Struct, frozen=True, rename="camel"):
    """An address of an interface."""

    address: str = ""
    one_to_one_nat: OneToOneNat | None = None


class Interface(msgspec.Struct, frozen=True, rename="camel"):
    """A network interface."""

    subnet_id: str = ""
    primary_v4_address: InternalAddress | None = None


class SchedulingPolicy(msgspec.Struct, frozen=True, rename="camel"):
    """Whether a machine may be stopped at any time."""

    preemptible: bool = False


class Instance(msgspec.Struct, frozen=True, rename="camel"):
    """A virtual machine."""

    id: str
    folder_id: str = ""
    created_at: datetime | None = None
    name: str = ""
    description: str = ""
    labels: dict[str, str] = {}
    zone_id: str = ""
    platform_id: str = ""
    resources: Size = Size()
    status: str = ""
    boot_disk: AttachedDisk | None = None
    secondary_disks: list[AttachedDisk] = []
    network_interfaces: list[Interface] = []
    fqdn: str = ""
    scheduling_policy: SchedulingPolicy = SchedulingPolicy()
    service_account_id: str = ""


class Disk(msgspec.Struct, frozen=True, rename="camel"):
    """A disk; ``size`` in bytes."""

    id: str
    created_at: datetime | None = None
    name: str = ""
    description: str = ""
    labels: dict[str, str] = {}
    type_id: str = ""
    zone_id: str = ""
    size: int = 0
    status: str = ""
    source_image_id: str = ""
    source_snapshot_id: str = ""
    instance_ids: list[str] = []


class Snapshot(msgspec.Struct, frozen=True, rename="camel"):
    """A snapshot: ``storage_size`` is what it takes, ``disk_size`` what its disk had."""

    id: str
    created_at: datetime | None = None
    name: str = ""
    description: str = ""
    labels: dict[str, str] = {}
    storage_size: int = 0
    disk_size: int = 0
    status: str = ""
    source_disk_id: str = ""


class Image(msgspec.Struct, frozen=True, rename="camel"):
    """An image of one's own."""

    id: str
    created_at: datetime | None = None
    name: str = ""
    description: str = ""
    labels: dict[str, str] = {}
    family: str = ""
    storage_size: int = 0
    min_disk_size: int = 0
    status: str = ""


class ExternalAddress(msgspec.Struct, frozen=True, rename="camel"):
    """The address itself."""

    address: str = ""
    zone_id: str = ""


class PublicAddress(msgspec.Struct, frozen=True, rename="camel"):
    """An address of the VPC."""

    id: str
    created_at: datetime | None = None
    name: str = ""
    description: str = ""
    labels: dict[str, str] = {}
    external_ipv4_address: ExternalAddress | None = None
    reserved: bool = False
    used: bool = False
    type: str = ""
    deletion_protection: bool = False


class Bucket(msgspec.Struct, frozen=True, rename="camel"):
    """A bucket as the listing has it."""

    name: str
    folder_id: str = ""
    created_at: datetime | None = None
    default_storage_class: str = ""
    max_size: int = 0
    versioning: str = ""


class BucketTag(msgspec.Struct, frozen=True, rename="camel"):
    """A tag of a bucket."""

    key: str
    value: str = ""


class Flags(msgspec.Struct, frozen=True, rename="camel"):
    """What anybody may do with a bucket."""

    read: bool = False
    list: bool = False


class BucketDetails(msgspec.Struct, frozen=True, rename="camel"):
    """What only the full view of a bucket has."""

    lifecycle_rules: list[msgspec.Raw] = []
    tags: list[BucketTag] = []
    anonymous_access_flags: Flags = Flags()


class ClassSize(msgspec.Struct, frozen=True, rename="camel"):
    """Bytes in one storage class."""

    storage_class: str = ""
    class_size: int = 0


class BucketStats(msgspec.Struct, frozen=True, rename="camel"):
    """How much is in a bucket, in bytes."""

    used_size: int = 0
    storage_class_used_sizes: list[ClassSize] = []
