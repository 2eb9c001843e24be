"""Consumption and balances: kopecks to rubles, Selectel's words to services."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from infrazen.domain.accounts import AccountInfo, AccountStatus
from infrazen.domain.billing import BilledCharge, BilledLine
from infrazen.domain.resources import ServiceCategory
from infrazen.providers.selectel.mapper import CURRENCY
from infrazen.providers.selectel.mapper.resources import (
    ADDRESSES,
    BUCKETS,
    DISKS,
    IMAGES,
    SERVERS,
    bucket_id,
)
from infrazen.providers.selectel.wire import Balance, Consumption

PROVIDER_KEYS = (
    "vpc",
    "serverless",
    "mks",
    "dbaas",
    "storage",
    "cdn",
    "vmware",
    "craas",
    "ones",
    "mobfarm",
    "ses",
)
"""Every product whose consumption the statistics know."""

COVERED = ("server", "volume", "snapshot", "image", "floating_ip", "bucket")
"""Types of resources whose whole cost the statistics state."""

_C = ServiceCategory
_PRODUCTS = {
    "serverless": ("Serverless", _C.COMPUTE),
    "mks": ("Managed Kubernetes", _C.COMPUTE),
    "dbaas": ("Managed databases", _C.DATABASES),
    "storage": (BUCKETS, _C.STORAGE),
    "cdn": ("CDN", _C.NETWORKING),
    "vmware": ("VMware cloud", _C.COMPUTE),
    "craas": ("Container registry", _C.DEVELOPER_TOOLS),
    "mobfarm": ("Mobile farm", _C.MOBILE),
}
_MEASURED = (
    ("compute_", (SERVERS, _C.COMPUTE)),
    ("volume_", (DISKS, _C.STORAGE)),
    ("snapshot_", (DISKS, _C.STORAGE)),
    ("image_", (IMAGES, _C.STORAGE)),
    ("network_floatingips", (ADDRESSES, _C.NETWORKING)),
    ("network_", ("Networks", _C.NETWORKING)),
    ("load_balancer", ("Load balancers", _C.NETWORKING)),
    ("license_", ("Licenses", _C.OTHER)),
)
_TYPES = {
    "cloud_vm": "server",
    "volume": "volume",
    "floating_ip": "floating_ip",
    "snapshot": "snapshot",
    "image": "image",
}
_BUCKETS = frozenset({"bucket", "container"})
_KOPECKS = -2


def charge(source: Consumption) -> BilledCharge:
    """A row of the statistics. Raises ``ValueError`` where its period is no time."""
    service, category = _service(source)
    project, thing, metric = source.project, source.object, source.metric
    return BilledCharge(
        line=BilledLine(
            currency=CURRENCY,
            service=service,
            category=category,
            resource=_key(source),
            resource_name=thing.name if thing else "",
            description=_described(source),
            sku=metric.id if metric else None,
            unit=metric.unit if metric else "",
            region=(metric.region or "") if metric else "",
            sub_account=project.name if project else "",
        ),
        day=_day(source.period),
        amount=source.value.scaleb(_KOPECKS),
        quantity=metric.quantity if metric else None,
    )


def _service(source: Consumption) -> tuple[str, ServiceCategory]:
    if source.provider_key in _PRODUCTS:
        return _PRODUCTS[source.provider_key]
    measured = source.metric.id if source.metric else ""
    known = (service for prefix, service in _MEASURED if measured.startswith(prefix))
    return next(known, (source.provider_key, ServiceCategory.OTHER))


def _key(source: Consumption) -> str | None:
    thing = source.object
    if thing is None:
        return None
    region = source.metric.region if source.metric else None
    if thing.type in _BUCKETS and source.project is not None and region:
        named = bucket_id(project_id=source.project.id, region=region, name=thing.name or thing.id)
        return f"bucket/{named}"
    kind = _TYPES.get(thing.type)
    return None if kind is None else f"{kind}/{thing.id}"


def _described(source: Consumption) -> str:
    words = (source.object and source.object.name, source.metric and source.metric.name)
    return ": ".join(word for word in words if word)


def _day(period: str) -> date:
    return datetime.fromisoformat(period).date()


def account(
    source: Balance, *, account_id: str, days: Mapping[date, Decimal], today: date
) -> AccountInfo:
    """The account; ``days`` are what whole days were billed, from which the rest is told."""
    data = source.data
    balance = sum((one.final_sum for one in data.billings), Decimal(0)).scaleb(_KOPECKS)
    prepaid = data.settings.mode in {"", "prepay"}
    in_debt = data.debt_status != "no" or balance < 0
    return AccountInfo(
        account_id=account_id,
        status=AccountStatus.WARNING if in_debt else AccountStatus.ACTIVE,
        balance=balance,
        currency=data.settings.currency.upper(),
        days_to_block=_days_left(balance, days, today) if prepaid else None,
    )


def _days_left(balance: Decimal, days: Mapping[date, Decimal], today: date) -> int | None:
    """For how many days the balance lasts at what a day of the last week cost."""
    spent = [days[day] for day in sorted(days, reverse=True) if day < today][:7]
    average = sum(spent, Decimal(0)) / len(spent) if spent else Decimal(0)
    return int(max(Decimal(0), balance) / average) if average > 0 else None
