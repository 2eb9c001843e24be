"""Virtual servers and what comes with them: software, snapshots, addresses, networks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infrazen.domain.resources import (
    HandedSecret,
    ResourceStatus,
    SeenComponent,
    SeenResource,
    ServiceCategory,
)
from infrazen.provider_kit.redaction import is_safe_text, is_secret_name
from infrazen.providers.beget.mapper.common import day_price, facts, moment
from infrazen.providers.beget.mapper.found import (
    Found,
    disk_usage,
    optional_text,
    project_place,
    status,
)
from infrazen.providers.beget.wire import cloud as wire

_PUBLIC_FIELDS = frozenset({"DOMAIN", "EMAIL", "TEXT"})


def server(
    source: wire.Server, *, listing: str, projects: Mapping[str, str] | None, at: datetime
) -> Found:
    """A virtual server with its software, and how full its disk is ``at`` this moment."""
    size = source.configuration
    project = project_place(source.project_id, projects)
    resource = SeenResource(
        listing=listing,
        external_id=source.id,
        type="vps",
        name=source.display_name or source.slug or source.id,
        service="VPS",
        category=ServiceCategory.COMPUTE,
        status=ResourceStatus.STOPPED if source.archived else status(source.status),
        provider_status=source.status or "",
        region=source.region or size.region or "",
        sub_account=project.name,
        price=day_price(size.price_day, size.price_month),
        sku=size.id,
        tags=project.tags,
        config=_server_config(source),
        created_at=moment(source.date_create),
        unknown=project.unknown,
    )
    found = Found(resource=resource)
    disk = disk_usage(resource.key, source.disk_used, capacity_mb=size.disk_size, at=at)
    if disk is not None:
        found.usage.append(disk)
    if source.software is not None:
        component, secrets = _software(source.software, listing=listing, key=resource.key)
        found.components.append(component)
        found.secrets.extend(secrets)
    return found


def _server_config(source: wire.Server) -> dict[str, Any]:
    size = source.configuration
    return facts(
        cpu=size.cpu_count,
        memory_mb=size.memory,
        disk_mb=size.disk_size,
        bandwidth_mbps=size.bandwidth_public,
        configuration=size.name,
        group=size.group,
        hostname=source.hostname,
        ip_address=source.ip_address,
        additional_addresses=source.additional_ip_address,
        private_networks=[
            f"{place.network.subnet}/{place.network.mask}" for place in source.private_network or ()
        ],
        technical_domain=source.technical_domain,
        software_domain=source.software_domain,
        description=source.description,
        ssh_keys=[key.name for key in source.ssh_keys or ()],
        project_id=optional_text(source.project_id),
        rescue_mode=source.rescue_mode or None,
        archived=source.archived or None,
        support_may_log_in=source.beget_ssh_access_allowed or None,
    )


def _software(
    source: wire.Software, *, listing: str, key: str
) -> tuple[SeenComponent, list[HandedSecret]]:
    name = source.display_name or source.name or source.slug or "software"
    shown: dict[str, str] = {}
    secrets = []
    for entry in source.field_value or ():
        variable, value = entry.variable or entry.label_en or "value", entry.value
        if value in (None, ""):
            continue
        label = entry.label_en or variable
        if _is_public(entry.type, variable, label, str(value)):
            shown[label] = str(value)
        else:
            secrets.append(
                HandedSecret(
                    resource=key,
                    field=f"software.{variable}",
                    label=f"{name}: {label}",
                    value=str(value),
                )
            )
    component = SeenComponent(
        listing=listing,
        resource=key,
        kind="software",
        name=name,
        version=source.version,
        status=source.status,
        address=_address(source.address),
        details=facts(
            slug=source.slug,
            licenses=[licence.display_name or licence.plan for licence in source.license or ()],
            fields=shown,
        ),
    )
    return component, secrets


def _is_public(kind: str | None, variable: str, label: str, value: str) -> bool:
    """Whether a field of installed software may be seen; what is not known to be is a secret."""
    named_secret = is_secret_name(variable) or is_secret_name(label)
    return kind in _PUBLIC_FIELDS and not named_secret and is_safe_text(value)


def _address(text: str | None) -> str | None:
    """An address without credentials and query."""
    if not text:
        return None
    scheme, separator, rest = text.partition("?")[0].rpartition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"


def snapshot(source: wire.Snapshot, *, listing: str) -> SeenResource:
    """A snapshot of a server. Its size does not change once it is made."""
    size = source.configuration or wire.SnapshotSize()
    return SeenResource(
        listing=listing,
        external_id=source.id,
        type="snapshot",
        name=source.description or source.vps_name or source.id,
        service="VPS snapshots",
        category=ServiceCategory.STORAGE,
        status=status(source.status),
        provider_status=source.status or "",
        region=source.region or "",
        price=day_price(source.price_day, None),
        config=facts(
            server_id=source.vps_id,
            server_name=source.vps_name,
            server_exists=source.vps_exists,
            size_bytes=source.size,
            cpu=size.cpu_count,
            memory_mb=size.memory,
            disk_mb=size.disk_size,
        ),
        created_at=moment(source.date_create),
    )


def additional_address(source: wire.AdditionalAddress, *, listing: str) -> SeenResource:
    """An address paid for apart from a server; the API tells no price."""
    return SeenResource(
        listing=listing,
        external_id=source.ip,
        type="ip_address",
        name=source.ip,
        service="Additional IP addresses",
        category=ServiceCategory.NETWORKING,
        status=ResourceStatus.ACTIVE if source.vps_id else ResourceStatus.INACTIVE,
        provider_status="attached" if source.vps_id else "idle",
        region=source.region or "",
        config=facts(server_id=source.vps_id),
    )


def private_network(source: wire.PrivateNetwork, *, listing: str) -> SeenComponent:
    """A private network, which belongs to the account."""
    return SeenComponent(
        listing=listing,
        resource=None,
        kind="private_network",
        name=f"{source.subnet}/{source.mask}",
        details=facts(id=str(source.id), region=source.region),
    )
