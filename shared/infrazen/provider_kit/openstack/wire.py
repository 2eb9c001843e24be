"""The JSON of Nova, Cinder, Glance, Neutron, Swift and Gnocchi, as far as it is read."""

from typing import Any

import msgspec


class Flavor(msgspec.Struct):
    """A size: MiB of memory, GiB of local disk. Embedded in servers it has no id."""

    vcpus: int
    ram: int
    disk: int = 0
    id: str = ""
    name: str = ""
    original_name: str = ""
    extra_specs: dict[str, str] = {}

    @property
    def title(self) -> str:
        """Its name, wherever it stands."""
        return self.original_name or self.name


class Address(msgspec.Struct):
    """An address of a server's port."""

    addr: str
    kind: str = msgspec.field(name="OS-EXT-IPS:type", default="fixed")


class Attached(msgspec.Struct):
    """A volume that is attached to a server."""

    id: str


class Server(msgspec.Struct):
    """A Nova server."""

    id: str
    name: str
    status: str
    flavor: dict[str, Any]
    created: str | None = None
    metadata: dict[str, str] = {}
    addresses: dict[str, list[Address]] = {}
    image: dict[str, Any] | str = ""
    volumes: list[Attached] = msgspec.field(
        name="os-extended-volumes:volumes_attached", default_factory=list
    )
    zone: str | None = msgspec.field(name="OS-EXT-AZ:availability_zone", default=None)


class Attachment(msgspec.Struct):
    """A server that a volume is attached to."""

    server_id: str


class Volume(msgspec.Struct):
    """A Cinder volume; ``size`` in GiB, ``bootable`` as text."""

    id: str
    size: int
    status: str
    name: str | None = None
    volume_type: str | None = None
    bootable: str = "false"
    attachments: list[Attachment] = []
    availability_zone: str | None = None
    created_at: str | None = None
    metadata: dict[str, str] = {}
    snapshot_id: str | None = None


class Snapshot(msgspec.Struct):
    """A Cinder snapshot; ``size`` is its volume's, in GiB, not what it takes."""

    id: str
    volume_id: str
    size: int
    status: str
    name: str | None = None
    created_at: str | None = None
    metadata: dict[str, str] = {}


class Image(msgspec.Struct):
    """A Glance image; ``size`` in bytes."""

    id: str
    status: str
    name: str | None = None
    size: int | None = None
    disk_format: str | None = None
    os_type: str | None = None
    created_at: str | None = None
    owner: str | None = None


class FloatingIp(msgspec.Struct):
    """A Neutron floating address; without a port it is idle."""

    id: str
    floating_ip_address: str
    status: str
    port_id: str | None = None
    fixed_ip_address: str | None = None
    created_at: str | None = None
    description: str = ""
    tags: list[str] = []


class Container(msgspec.Struct):
    """A Swift container: objects and bytes."""

    name: str
    count: int
    bytes: int


Measures = list[tuple[str, float, float | None]]
"""Gnocchi's readings: moment, granularity in seconds, value."""
