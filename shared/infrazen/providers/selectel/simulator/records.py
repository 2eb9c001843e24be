"""Records of a simulated account, as OpenStack and Selectel send them."""

from typing import Any

from infrazen.provider_kit.simulation.collection import Record
from infrazen.providers.selectel.simulator import tariffs

CREATED = "2025-06-02T08:15:00Z"


def project(id: str, name: str) -> Record:
    """A project."""
    return {
        "id": id,
        "name": name,
        "url": f"https://{id[:6]}.selvpc.ru",
        "enabled": True,
        "custom_url": None,
        "theme": {"color": "", "logo": ""},
    }


def flavor(  # noqa: PLR0917
    id: str,
    line: str,
    cores: int,
    memory: int,
    disk: int,
    *,
    megabits: int = tariffs.MEGABITS,
) -> Record:
    """A flavor of a line, whose ports let so many megabits a second through."""
    kilobytes = megabits * 1000 // 8
    return {
        "id": id,
        "name": tariffs.flavor_name(line, cores, memory, disk),
        "vcpus": cores,
        "ram": memory,
        "disk": disk,
        "swap": "",
        "OS-FLV-EXT-DATA:ephemeral": 0,
        "OS-FLV-DISABLED:disabled": False,
        "os-flavor-access:is_public": True,
        "rxtx_factor": 1.0,
        "extra_specs": {
            "quota:vif_inbound_average": str(kilobytes),
            "quota:vif_outbound_average": str(kilobytes),
        },
    }


def server(id: str, name: str, size: Record, **facts: Any) -> Record:
    """A server of a flavor; ``facts``: project, zone, status, created, metadata, volumes."""
    octets = int(id[-6:], 16)
    address = f"192.168.{octets >> 8 & 255}.{octets & 255}"
    return {
        "id": id,
        "name": name,
        "status": facts.get("status", "ACTIVE"),
        "tenant_id": facts["project"],
        "user_id": "c0ffee00c0ffee00c0ffee00c0ffee00",
        "created": facts.get("created", CREATED),
        "updated": facts.get("created", CREATED),
        "hostId": "",
        "key_name": None,
        "metadata": facts.get("metadata", {}),
        "tags": [],
        "flavor": {"id": size["id"]},
        "image": "",
        "addresses": {
            "private": [
                {"addr": address, "version": 4, "OS-EXT-IPS:type": "fixed"},
            ]
        },
        "os-extended-volumes:volumes_attached": [
            {"id": volume, "delete_on_termination": False} for volume in facts.get("volumes", ())
        ],
        "OS-EXT-AZ:availability_zone": facts["zone"],
        "OS-EXT-STS:vm_state": "active",
        "OS-EXT-STS:power_state": 1,
        "OS-EXT-STS:task_state": None,
    }


def volume(id: str, name: str, size: int, **facts: Any) -> Record:
    """A volume of ``size`` GiB; ``facts``: project, zone, kind, server, created, metadata."""
    attached_to = facts.get("server")
    attachments = [
        {
            "server_id": attached_to,
            "attachment_id": id,
            "device": "/dev/vdb",
            "attached_at": "2025-06-02T08:20:00.000000",
            "volume_id": id,
        }
    ]
    return {
        "id": id,
        "name": name,
        "size": size,
        "status": "in-use" if attached_to else "available",
        "volume_type": f"{facts.get('kind', 'fast')}.{facts['zone']}",
        "bootable": "false",
        "attachments": attachments if attached_to else [],
        "availability_zone": facts["zone"],
        "created_at": facts.get("created", CREATED).removesuffix("Z") + ".000000",
        "updated_at": None,
        "metadata": facts.get("metadata", {}),
        "snapshot_id": None,
        "source_volid": None,
        "multiattach": False,
        "encrypted": False,
        "os-vol-tenant-attr:tenant_id": facts["project"],
    }


def snapshot(id: str, name: str, source: Record) -> Record:
    """A snapshot of a volume."""
    return {
        "id": id,
        "name": name,
        "volume_id": source["id"],
        "size": source["size"],
        "status": "available",
        "created_at": "2026-02-11T03:00:00.000000",
        "metadata": {},
    }


def image(id: str, name: str, size: int, *, owner: str) -> Record:
    """A private image of ``size`` bytes."""
    return {
        "id": id,
        "name": name,
        "status": "active",
        "size": size,
        "min_disk": 5,
        "owner": owner,
        "visibility": "private",
        "created_at": "2026-01-20T11:00:00Z",
        "updated_at": "2026-01-20T11:05:00Z",
        "os_type": "linux",
        "disk_format": "raw",
    }


def floating_ip(id: str, address: str, *, project: str, port: str | None) -> Record:
    """A public address; idle without a port."""
    return {
        "id": id,
        "floating_ip_address": address,
        "fixed_ip_address": "192.168.0.10" if port else None,
        "port_id": port,
        "router_id": "router" if port else None,
        "status": "ACTIVE" if port else "DOWN",
        "floating_network_id": "external-network",
        "project_id": project,
        "tenant_id": project,
        "created_at": "2025-07-01T09:00:00Z",
        "description": "",
        "tags": [],
    }


def container(name: str, *, gigabytes: int) -> Record:
    """A bucket that holds so much now."""
    return {
        "name": name,
        "count": gigabytes * 37,
        "bytes": gigabytes * 1024**3,
        "last_modified": "2026-05-01T00:00:00.000000",
    }
