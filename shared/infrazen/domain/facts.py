"""What rules know of a resource: the one place that reads providers' configuration."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from infrazen.domain.kinds import Kind
from infrazen.domain.resources import ResourceStatus

HOURS_A_DAY = 24


class Window(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One metric over the days that a rule looks at, in ``unit``.

    ``peak`` is the highest 95th percentile of any day, so never below that of the whole
    window; ``hours`` counts the hours that have a reading.
    """

    unit: str
    capacity: float | None
    points: int
    hours: int
    average: float
    maximum: float
    peak: float
    since: date
    until: date

    def percent(self, value: float) -> float | None:
        """``value`` in percent of the capacity; None where nothing bounds the metric."""
        if self.unit == "%":
            return value
        return 100.0 * value / self.capacity if self.capacity else None

    def coverage(self, days: int) -> float:
        """What part of ``days`` days has readings, from 0 to 1."""
        return min(1.0, self.hours / (days * HOURS_A_DAY))


class Facts(msgspec.Struct, gc=False, kw_only=True):
    """A resource as rules see it; money in millionths of ``currency``.

    ``attached`` and ``source_exists`` are None where the provider does not tell.
    """

    id: UUID
    kind: Kind
    type: str
    name: str
    status: ResourceStatus
    region: str
    family: str
    sku: str | None
    currency: str
    daily_micro: int | None
    monthly_micro: int | None
    created_at: datetime | None
    changed_at: datetime
    config: Mapping[str, Any]
    cpu: int | None = None
    memory_mb: int | None = None
    disk_mb: int | None = None
    attached: bool | None = None
    source_exists: bool | None = None


class Sort(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """What many resources have in common, and all that rules of readings see without any."""

    type: str
    kind: Kind
    status: ResourceStatus
    cpu: int | None
    memory_mb: int | None


class AccountFacts(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """An account as rules see it; amounts in ``currency``."""

    known: bool
    currency: str = ""
    balance: Decimal | None = None
    daily: Decimal | None = None
    monthly: Decimal | None = None
    yearly: Decimal | None = None
    is_yearly: bool = False
    days_to_block: int | None = None
    payable_daily: Decimal | None = None
    payable_monthly: Decimal | None = None


def is_attached(kind: Kind, status: ResourceStatus, config: Mapping[str, Any]) -> bool | None:
    """Whether something uses the resource; None where that is not known."""
    if "attached_to" in config:
        return bool(config["attached_to"])
    if config.get("server_id"):
        return True
    if kind is Kind.ADDRESS and status in {ResourceStatus.ACTIVE, ResourceStatus.INACTIVE}:
        return status is ResourceStatus.ACTIVE
    return None


def source_exists(config: Mapping[str, Any], disks: AbstractSet[str]) -> bool | None:
    """Whether what a snapshot was made of is still there; None where that is not known."""
    if "server_exists" in config:
        return bool(config["server_exists"])
    source = config.get("source_disk_id")
    return None if source is None else source in disks


def expires_on(config: Mapping[str, Any]) -> date | None:
    """The last day of what was paid for; None where the provider does not tell."""
    text = config.get("expires_on") or config.get("expires")
    return date.fromisoformat(str(text)[:10]) if text else None


def whole(value: Any) -> int | None:
    """A size that is a whole number, else None: what providers send is not trusted."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
