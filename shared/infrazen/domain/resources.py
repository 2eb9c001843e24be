"""What every cloud has in common: a thing with an owner, a state and perhaps a price.

The structs that a sync makes by the ten thousand are msgspec's: they cost a third of
what a frozen dataclass does to build, and encode the same way every time, which is
what a fingerprint needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from infrazen.domain.money import CostSource, Period

MOST_OPERATION = 64
"""How long the word for an operation may be."""


class ResourceStatus(StrEnum):
    """What state a resource is in, whatever its provider calls it."""

    RUNNING = "running"
    STOPPED = "stopped"
    ACTIVE = "active"
    INACTIVE = "inactive"
    PENDING = "pending"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DELETED = "deleted"


class ServiceCategory(StrEnum):
    """FOCUS 1.4 ServiceCategory."""

    AI = "AI and Machine Learning"
    ANALYTICS = "Analytics"
    BUSINESS = "Business Applications"
    COMPUTE = "Compute"
    DATABASES = "Databases"
    DEVELOPER_TOOLS = "Developer Tools"
    MULTICLOUD = "Multicloud"
    IDENTITY = "Identity"
    INTEGRATION = "Integration"
    IOT = "Internet of Things"
    MANAGEMENT = "Management and Governance"
    MEDIA = "Media"
    MIGRATION = "Migration"
    MOBILE = "Mobile"
    NETWORKING = "Networking"
    SECURITY = "Security"
    STORAGE = "Storage"
    WEB = "Web"
    OTHER = "Other"


class SeenComponent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Software, a service or a dependency inside a resource.

    ``listing`` is the endpoint that told of it, which may be another one than the
    resource's own; ``resource`` is the resource's key, None for the account itself.
    """

    listing: str
    resource: str | None
    kind: str
    name: str
    version: str | None = None
    status: str | None = None
    address: str | None = None
    details: dict[str, Any] = {}


class HandedSecret(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A secret that the provider's API hands out with a resource (``resource``: its key).

    It goes to the vault and nowhere else: it is no part of a fingerprint, a snapshot
    or a log. ``label`` is what people see instead.
    """

    resource: str
    field: str
    label: str
    value: str

    def __repr__(self) -> str:
        return f"HandedSecret(field={self.field!r}, value=<hidden>)"


class StatedPrice(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A resource's price in millionths of ``currency`` (see ``money.Price``).

    ``in_account_rate`` says that the provider's account charge already contains it.
    """

    amount: Decimal
    period: Period
    currency: str
    daily_micro: int
    monthly_micro: int
    source: CostSource = CostSource.PRICED
    in_account_rate: bool = False


class SeenResource(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One resource as one sync saw it; equal facts have equal fingerprints.

    ``listing`` is the endpoint that lists it: only where that endpoint ended well can
    the resource's absence mean that it is gone. ``config`` holds facts that change when
    somebody changes something; what moves by itself (used bytes, load) is a usage reading.
    ``unknown`` names fields that could not be read this time, because another endpoint
    failed that tells of them: what is stored of those stays (see ``with_known``).
    """

    listing: str
    external_id: str
    type: str
    name: str
    service: str
    category: ServiceCategory
    status: ResourceStatus
    provider_status: str
    region: str = ""
    zone: str = ""
    sub_account: str = ""
    price: StatedPrice | None = None
    sku: str | None = None
    tags: dict[str, str] = {}
    config: dict[str, Any] = {}
    created_at: datetime | None = None
    unknown: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The resource's identity within its connection."""
        return f"{self.type}/{self.external_id}"


def with_known(seen: SeenResource, stored: Mapping[str, Any]) -> SeenResource:
    """``seen`` with its ``unknown`` fields filled from ``stored`` (field name → value).

    A field that is not stored either keeps what ``seen`` has of it: nothing.
    """
    filled = {name: stored[name] for name in seen.unknown if name in stored}
    return msgspec.structs.replace(seen, **filled, unknown=())


class LogEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was done to a resource (``resource``: its key) at the provider, and when (UTC).

    ``operation`` is the provider's own word.
    """

    resource: str
    at: datetime
    operation: str
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedOperation:
    """An entry of a resource's log, as it is kept."""

    at: datetime
    operation: str
    failed: bool


class MetricPoint(msgspec.Struct, frozen=True, gc=False):
    """One reading: when (UTC) and how much, in the series' unit."""

    at: datetime
    value: float


class UsageSeries(msgspec.Struct, frozen=True, kw_only=True):
    """A resource's readings (``resource``: its key) of one metric over a window.

    ``capacity`` is what 100 % means, in ``unit``; None where the unit is a percentage
    or nothing bounds the metric. ``weight`` is what the resource counts for when
    percentages of several are averaged, such as its cores.
    """

    resource: str
    metric: str
    unit: str
    points: tuple[MetricPoint, ...]
    capacity: float | None = None
    weight: float = 1.0
