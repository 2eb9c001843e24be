"""Resources, windows and prices made up for rules."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from infrazen.domain.facts import Facts, Window
from infrazen.domain.kinds import Kind
from infrazen.domain.money import Period
from infrazen.domain.prices import Measure, PriceOffer
from infrazen.domain.resources import ResourceStatus, StatedPrice
from infrazen.finops.market import Market
from infrazen.finops.rule import Sight, Verdict
from infrazen.finops.rules import rules

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAYS = 14


def resource(kind: Kind = Kind.SERVER, *, monthly: str | None = "660", **facts: Any) -> Facts:
    """A running machine of 2 processors and 2 GB that costs ``monthly`` rubles."""
    micro = None if monthly is None else round(float(monthly) * 10**6)
    known: dict[str, Any] = {
        "id": UUID(int=1),
        "kind": kind,
        "type": kind.value,
        "name": "one",
        "status": ResourceStatus.RUNNING,
        "region": "ru1",
        "family": "normal",
        "sku": "cfg",
        "currency": "RUB",
        "daily_micro": None if micro is None else micro // 30,
        "monthly_micro": micro,
        "created_at": NOW - timedelta(days=400),
        "changed_at": NOW - timedelta(days=200),
        "config": {},
        "cpu": 2,
        "memory_mb": 2048,
        "disk_mb": 30720,
    }
    return Facts(**{**known, **facts})


def window(
    *,
    average: float = 5,
    maximum: float = 20,
    peak: float | None = None,
    hours: int = DAYS * 24,
    points: int = 5000,
    unit: str = "%",
    capacity: float | None = None,
) -> Window:
    """A metric over two weeks, seen in ``hours`` of them."""
    return Window(
        unit=unit,
        capacity=capacity,
        points=points,
        hours=hours,
        average=average,
        maximum=maximum,
        peak=maximum if peak is None else peak,
        since=date(2026, 11, 11),
        until=date(2026, 11, 24),
    )


def offer(
    cpu: int | None,
    memory_mb: int | None,
    *,
    monthly: str,
    disk_mb: int | None = 30720,
    measure: Measure = Measure.SIZE,
    kind: Kind = Kind.SERVER,
    **facts: Any,
) -> PriceOffer:
    """A size that costs ``monthly`` rubles."""
    micro = round(float(monthly) * 10**6)
    known: dict[str, Any] = {
        "listing": "prices",
        "key": f"{measure}-{cpu}-{memory_mb}-{facts}",
        "kind": kind,
        "measure": measure,
        "family": "normal",
        "region": "ru1",
        "cpu": cpu,
        "memory_mb": memory_mb,
        "disk_mb": disk_mb,
        "price": StatedPrice(
            amount=micro,  # type: ignore[arg-type]
            period=Period.MONTH,
            currency="RUB",
            daily_micro=micro // 30,
            monthly_micro=micro,
        ),
    }
    return PriceOffer(**{**known, **facts})


def verdict(
    rule: str,
    facts: Facts,
    *offers: PriceOffer,
    is_open: bool = False,
    parameters: dict[str, Any] | None = None,
    **windows: Window,
) -> Verdict:
    """What a rule says of one resource."""
    known = rules()[rule]
    sight = Sight(now=NOW, market=Market(offers), windows=windows, is_open=is_open)
    return known.verdict(facts, known.parameters(**(parameters or {})), sight)
