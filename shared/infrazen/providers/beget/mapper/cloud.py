"""The cloud API: servers, addresses, snapshots, managed services."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from infrazen.domain.resources import (
    HandedSecret,
    MetricPoint,
    ResourceStatus,
    SeenComponent,
    SeenResource,
    ServiceCategory,
    StatedPrice,
    UsageSeries,
)
from infrazen.provider_kit.redaction import is_safe_text, is_secret_name
from infrazen.providers.beget.mapper.common import (
    BYTES_A_MB,
    day_price,
    facts,
    moment,
    usage_price,
)
from infrazen.providers.beget.wire import cloud as wire

_STATUS = {
    "RUNNING": ResourceStatus.RUNNING,
    "STOPPED": ResourceStatus.STOPPED,
    "SUSPENDED": ResourceStatus.INACTIVE,
    **dict.fromkeys(
        (
            "CREATING",
            "STARTING",
            "STOPPING",
            "RESTARTING",
            "RECONFIGURING",
            "REINSTALLING",
            "RESTORING",
            "REMOVING",
        ),
        ResourceStatus.PENDING,
    ),
    "DONE": ResourceStatus.ACTIVE,
}
_PUBLIC_FIELDS = frozenset({"DOMAIN", "EMAIL", "TEXT"})
GONE = frozenset({"REMOVED", "DELETED"})
"""Statuses of records that the API still lists although the thing is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """What other endpoints tell of services; None where they could not be read."""

    projects: Mapping[str, str] | None = None
    buckets: Mapping[str, wire.BucketCharge] | None = None
    cdns: Mapping[str, wire.CdnCharge] | None = None


class Found(msgspec.Struct, kw_only=True):
    """A resource with all that came with it."""

    resource: SeenResource
    components: list[SeenComponent] = []
    secrets: list[HandedSecret] = []
    usage: list[UsageSeries] = []


def status(word: str | None) -> ResourceStatus:
    """Beget's word as ours; a new one is unknown."""
    return _STATUS.get(word or "", ResourceStatus.UNKNOWN)


def server(
    source: wire.Server, *, listing: str, projects: Mapping[str, str] | None, at: datetime
) -> Found:
    """A virtual server with its software, and how full its disk is ``at`` this moment."""
    size = source.configuration
    project = _project(source.project_id, projects)
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
        project_id=_optional(source.project_id),
        rescue_mode=source.rescue_mode or None,
        archived=source.archived or None,
        support_may_log_in=source.beget_ssh_access_allowed or None,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """A project as sub-account and tag, or the news that it could not be read."""

    name: str = ""
    tags: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()


_NO_PROJECT = _Place()
_UNREAD_PROJECT = _Place(unknown=("sub_account", "tags"))


def _project(project_id: int | str | None, projects: Mapping[str, str] | None) -> _Place:
    if projects is None:
        return _UNREAD_PROJECT
    name = projects.get(str(project_id)) if project_id else None
    return _place(name) if name else _NO_PROJECT


@lru_cache(maxsize=1024)
def _place(name: str) -> _Place:
    return _Place(name, {"project": name})


def _optional(value: int | str | None) -> str | None:
    return str(value) if value else None


def disk_usage(
    key: str, used_bytes: int | None, *, capacity_mb: int, at: datetime
) -> UsageSeries | None:
    """One reading of how full a disk is, in MB."""
    if used_bytes is None:
        return None
    return UsageSeries(
        resource=key,
        metric="disk",
        unit="MB",
        points=(MetricPoint(at, round(used_bytes / BYTES_A_MB, 2)),),
        capacity=float(capacity_mb),
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


@dataclass(frozen=True, slots=True)
class _Kind:
    type: str
    service: str
    category: ServiceCategory


_KINDS = (
    ("MYSQL", _Kind("mysql", "Cloud MySQL", ServiceCategory.DATABASES)),
    ("POSTGRESQL", _Kind("postgresql", "Cloud PostgreSQL", ServiceCategory.DATABASES)),
    ("S_3", _Kind("s3", "Cloud S3", ServiceCategory.STORAGE)),
    ("S3", _Kind("s3", "Cloud S3", ServiceCategory.STORAGE)),
    ("CDN", _Kind("cdn", "CDN", ServiceCategory.NETWORKING)),
)
_NEW_KIND = _Kind("cloud_service", "Cloud services", ServiceCategory.OTHER)


def _kind(word: str) -> _Kind:
    return next((kind for prefix, kind in _KINDS if word.startswith(prefix)), _NEW_KIND)


def service_key(service_type: str, service_id: str) -> str:
    """A managed service's key."""
    return f"{_kind(service_type).type}/{service_id}"


def service(source: wire.Service, *, listing: str, enrichment: Enrichment, at: datetime) -> Found:
    """A managed service of any kind; of a kind not known here, what all have in common."""
    kind = _kind(source.type)
    project = _project(source.project_id, enrichment.projects)
    cost, unknown = _service_price(source, kind, enrichment)
    resource = SeenResource(
        listing=listing,
        external_id=source.id,
        type=kind.type,
        name=source.display_name or source.slug or source.id,
        service=kind.service,
        category=kind.category,
        status=status(source.status),
        provider_status=source.status or "",
        region=source.region or "",
        sub_account=project.name,
        price=cost,
        sku=source.configuration_id or None,
        tags=project.tags,
        config=_service_config(source),
        created_at=moment(source.created_at),
        unknown=project.unknown + unknown,
    )
    database = source.database
    disk = None
    if database is not None:
        capacity = database.configuration.disk_size
        disk = disk_usage(resource.key, database.disk_used, capacity_mb=capacity, at=at)
    return Found(
        resource=resource,
        secrets=list(_service_secrets(source, resource.key)),
        usage=[disk] if disk else [],
    )


def _service_price(
    source: wire.Service, kind: _Kind, enrichment: Enrichment
) -> tuple[StatedPrice | None, tuple[str, ...]]:
    """The stated price; for S3 and CDN with what is charged for use on top."""
    stated = day_price(source.price_day, source.price_month)
    match kind.type:
        case "s3" if enrichment.buckets is None:
            return None, ("price",)
        case "cdn" if enrichment.cdns is None:
            return None, ("price",)
        case "s3":
            charge = _bucket_charge(source, enrichment.buckets or {})
        case "cdn":
            charge = _used((enrichment.cdns or {}).get(source.id))
        case _:
            charge = Decimal(0)
    if not charge:
        return stated, ()
    base = source.price_month if source.price_month is not None else source.price_day or 0
    return usage_price(charge + base), ()


def _bucket_charge(source: wire.Service, buckets: Mapping[str, wire.BucketCharge]) -> Decimal:
    """A bucket goes by the first label of its address, else by its slug or shown name."""
    address = (source.s3.fqdn if source.s3 else None) or ""
    names = (address.partition(".")[0], source.slug, source.display_name)
    return _used(next((buckets[name] for name in names if name and name in buckets), None))


def _used(charge: wire.BucketCharge | wire.CdnCharge | None) -> Decimal:
    match charge:
        case None:
            return Decimal(0)
        case wire.BucketCharge():
            return (charge.storage_rate or Decimal(0)) + (charge.traffic_rate or Decimal(0))
        case wire.CdnCharge():
            return charge.traffic_rate or Decimal(0)


def _service_config(source: wire.Service) -> dict[str, Any]:
    details = None if source.status_details == "_" else source.status_details
    common = facts(
        kind=source.type,
        description=source.description,
        status_details=details,
        project_id=_optional(source.project_id),
    )
    return common | _database_config(source) | _bucket_config(source) | _cdn_config(source)


def _database_config(source: wire.Service) -> dict[str, Any]:
    database = source.database
    if database is None:
        return {}
    addresses = database.address_info or wire.Addresses()
    return facts(
        cpu=database.configuration.cpu_count,
        memory_mb=database.configuration.memory,
        disk_mb=database.configuration.disk_size,
        version=database.configuration.version or database.configuration.display_version,
        host=database.host,
        port=database.port,
        public_addresses=[address.ip for address in addresses.public or ()],
        private_addresses=[address.ip for address in addresses.private or ()],
        read_only=database.read_only or None,
    )


def _bucket_config(source: wire.Service) -> dict[str, Any]:
    bucket = source.s3
    if bucket is None:
        return {}
    return facts(
        public=bucket.public,
        address=bucket.fqdn,
        cors=[_cors(rule) for rule in bucket.cors or ()],
        ftp=_access(bucket.ftp),
        sftp=_access(bucket.sftp),
        cdn_id=bucket.attached_cdn.service_id if bucket.attached_cdn else None,
    )


def _cors(rule: wire.CorsRule) -> dict[str, Any]:
    return facts(origin=rule.fqdn, methods=rule.http_method)


def _access(access: wire.Access | None) -> dict[str, Any] | None:
    if access is None:
        return None
    return facts(host=access.host, port=access.port, login=access.login, status=access.status)


def _cdn_config(source: wire.Service) -> dict[str, Any]:
    cdn = source.cdn
    if cdn is None:
        return {}
    origin = cdn.source_domain or wire.SourceDomain()
    return facts(
        domains=[domain.domain for domain in cdn.resource_domain or ()],
        origin=origin.domain,
        origin_service_id=origin.source_service_id,
        tls=cdn.ssl_enabled,
    )


def _service_secrets(source: wire.Service, key: str) -> Iterable[HandedSecret]:
    handed: list[tuple[str, str, str | None]] = []
    if bucket := source.s3:
        handed.append(("s3.access_key", "S3 access key", bucket.access_key))
        handed.append(("s3.secret_key", "S3 secret key", bucket.secret_key))
        for name, access in (("ftp", bucket.ftp), ("sftp", bucket.sftp)):
            if access is not None:
                handed.append((f"s3.{name}_password", f"{name.upper()} password", access.password))
    if source.cdn and source.cdn.settings and source.cdn.settings.tokenized_url_secure_key:
        signing = source.cdn.settings.tokenized_url_secure_key
        handed.append(("cdn.url_key", "Key of signed links", signing.key))
    for name, label, value in handed:
        if value:
            yield HandedSecret(resource=key, field=name, label=label, value=value)
