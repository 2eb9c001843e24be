"""Buckets."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from infrazen.domain.resources import (
    MetricPoint,
    ResourceStatus,
    SeenResource,
    ServiceCategory,
    UsageSeries,
)
from infrazen.providers.yandex.mapper import REGION
from infrazen.providers.yandex.mapper.common import BYTES_A_MB, Place, facts, tags_of
from infrazen.providers.yandex.mapper.prices import PriceList, storage_class
from infrazen.providers.yandex.wire import resources as wire

SERVICE = "Object Storage"


def bucket_key(name: str) -> str:
    """A bucket's key; its name is its id."""
    return f"bucket/{name}"


def bucket(
    source: wire.Bucket,
    *,
    listing: str,
    place: Place,
    prices: PriceList | None,
    stats: wire.BucketStats | None,
    details: wire.BucketDetails | None,
) -> SeenResource:
    """A bucket; ``stats`` and ``details`` are None where they could not be read."""
    unknown: tuple[str, ...] = ()
    if stats is None or prices is None:
        unknown = (*unknown, "price")
    if details is None:
        unknown = (*unknown, "config", "tags")
    return SeenResource(
        listing=listing,
        external_id=source.name,
        type="bucket",
        name=source.name,
        service=SERVICE,
        category=ServiceCategory.STORAGE,
        status=ResourceStatus.ACTIVE,
        provider_status="",
        region=REGION,
        sub_account=place.sub_account,
        price=prices.bucket(stats) if stats and prices else None,
        tags=tags_of({tag.key: tag.value for tag in details.tags}) if details else {},
        config=_config(source, place, details),
        created_at=source.created_at,
        unknown=unknown,
    )


def _config(
    source: wire.Bucket, place: Place, details: wire.BucketDetails | None
) -> dict[str, Any]:
    return facts(
        storage_class=storage_class(source.default_storage_class),
        limit_bytes=source.max_size or None,
        versioning=source.versioning.removeprefix("VERSIONING_").lower(),
        lifecycle_rules=len(details.lifecycle_rules) if details else None,
        public=details.anonymous_access_flags.read if details else None,
        folder_id=place.id,
        cloud_id=place.cloud_id,
    )


def bucket_usage(
    source: wire.Bucket, stats: wire.BucketStats, *, at: datetime
) -> Iterator[UsageSeries]:
    """How much is in a bucket, in MB: in all, and in each class where not all is in its own."""
    key = bucket_key(source.name)
    capacity = source.max_size / BYTES_A_MB if source.max_size else None
    yield UsageSeries(
        resource=key,
        metric="disk",
        unit="MB",
        points=(_reading(at, stats.used_size),),
        capacity=capacity,
    )
    classes = stats.storage_class_used_sizes
    if [storage_class(one.storage_class) for one in classes] == [
        storage_class(source.default_storage_class)
    ]:
        return
    for one in classes:
        yield UsageSeries(
            resource=key,
            metric=f"stored_{storage_class(one.storage_class).lower()}",
            unit="MB",
            points=(_reading(at, one.class_size),),
        )


def _reading(at: datetime, size_bytes: int) -> MetricPoint:
    return MetricPoint(at, round(size_bytes / BYTES_A_MB, 2))
