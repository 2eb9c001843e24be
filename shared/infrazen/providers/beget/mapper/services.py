"""Managed services: databases, buckets, CDN, and those of tomorrow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from infrazen.domain.resources import (
    HandedSecret,
    SeenResource,
    ServiceCategory,
    StatedPrice,
)
from infrazen.providers.beget.mapper.common import day_price, facts, moment, usage_price
from infrazen.providers.beget.mapper.found import (
    Found,
    disk_usage,
    optional_text,
    project_place,
    status,
)
from infrazen.providers.beget.wire import cloud as wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrichment:
    """What other endpoints tell of services; None where they could not be read."""

    projects: Mapping[str, str] | None = None
    buckets: Mapping[str, wire.BucketCharge] | None = None
    cdns: Mapping[str, wire.CdnCharge] | None = None


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
    project = project_place(source.project_id, enrichment.projects)
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
        project_id=optional_text(source.project_id),
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
