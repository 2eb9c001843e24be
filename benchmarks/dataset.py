"""A large organization: made as a sync would write it, its past costs by SQL.

Ten accounts. Each resource was charged for the last month, one in five for the last year:
a hundred days on average, so that 100,000 resources make ten million cost records.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, bindparam, text
from sqlmodel import Session

from infrazen.db.columns import Id
from infrazen.db.queries import cost_slices
from infrazen.db.queries.cost_slices import Slice
from infrazen.db.session import Database
from infrazen.domain.money import Period
from infrazen.domain.periods import Days, last_days, local_day, months_of, utc_now
from infrazen.domain.resources import (
    MetricPoint,
    ResourceStatus,
    SeenResource,
    ServiceCategory,
    StatedPrice,
    UsageSeries,
)
from tests.sync.made_up import DOMAINS, SERVERS, MadeUp
from tests.world import add_connection, add_organization

CONNECTIONS = 10
LONG, SHORT = 365, 34
"""Days that a resource was charged: one in five, the others."""
SERVICES = (
    ("vps", "VPS", ServiceCategory.COMPUTE),
    ("volume", "Volumes", ServiceCategory.STORAGE),
    ("postgresql", "PostgreSQL", ServiceCategory.DATABASES),
    ("bucket", "S3", ServiceCategory.STORAGE),
    ("snapshot", "Snapshots", ServiceCategory.STORAGE),
    ("ip_address", "Addresses", ServiceCategory.NETWORKING),
)
REGIONS = ("ru1", "ru2", "kz1", "lv1")
PROJECTS = ("shop", "search", "billing", "mobile", "data", "crm", "ops", "lab")
METRICS = ("cpu", "memory", "disk")
FORMAT = 1
"""To be raised where what is made here changes: kept databases are made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The organization, the day its costs end with, and how many records there are."""

    organization_id: UUID
    today: date
    records: int


def name(resources: int) -> str:
    """What kept databases with this dataset are called."""
    return f"resources-{resources}-{FORMAT}"


def make(store: Database, *, resources: int) -> Dataset:
    """Fill ``store`` with ``resources`` resources and a hundred cost records of each."""
    today = local_day(utc_now(), "Europe/Moscow")
    with store.writing() as session:
        organization_id = add_organization(session, "large")
        accounts = [
            MadeUp(store, organization_id, add_connection(session, organization_id, f"acc-{n}"))
            for n in range(CONNECTIONS)
        ]
    for number, account in enumerate(accounts):
        account.day = today
        _sync(account, first=number * resources // CONNECTIONS, count=resources // CONNECTIONS)
        with store.writing() as session:
            _run(session, _CONTEXT, {"connection": account.connection_id})
    period = last_days(LONG, today=today)
    for month in months_of(period):
        with store.writing() as session:
            cost_slices.ensure_partition(session, month)
    for account in accounts:
        with store.writing() as session:
            _past_costs(session, account, period)
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as autovacuum does within minutes
    return found(store)


def found(store: Database) -> Dataset:
    """The organization that ``make`` made."""
    with store.reading() as session:
        organization_id = session.execute(
            text("SELECT id FROM organization WHERE slug = 'large'").columns(id=Id())
        ).scalar_one()
        records, last = session.execute(text("SELECT count(*), max(day) FROM cost_record")).one()
    today = last if isinstance(last, date) else date.fromisoformat(last)
    return Dataset(organization_id=organization_id, today=today, records=records)


def _sync(account: MadeUp, *, first: int, count: int) -> None:
    """Three syncs: all resources, then one in a hundred changed, twice."""
    for turn in range(3):
        seen = [_resource(first + n, turn=turn if n % 100 == 0 else 0) for n in range(count)]
        account.sync(*seen, usage=tuple(_usage(seen)) if turn == 2 else ())


def _resource(n: int, *, turn: int) -> SeenResource:
    type_, service, category = SERVICES[n % len(SERVICES)]
    project = PROJECTS[n // 7 % len(PROJECTS)]
    daily = (n % 997 * 130_000 + 1_000_000) * (turn + 1)
    return SeenResource(
        listing=SERVERS if type_ == "vps" else DOMAINS,
        external_id=f"{type_}-{n:08}",
        type=type_,
        name=f"{project}-{type_}-{n:06}",
        service=service,
        category=category,
        status=ResourceStatus.STOPPED if n % 14 == 13 else ResourceStatus.RUNNING,
        provider_status="RUNNING",
        region=REGIONS[n // 5 % len(REGIONS)],
        sub_account=project,
        price=StatedPrice(
            amount=Decimal(daily).scaleb(-6),
            period=Period.DAY,
            currency="RUB",
            daily_micro=daily,
            monthly_micro=daily * 30,
            in_account_rate=True,
        ),
        tags={"project": project, "env": "prod" if n % 2 else "dev"},
        config={"cpu": 1 + n % 8, "memory_mb": 2048, "disk_mb": 20480, "turn": turn},
    )


def _usage(seen: list[SeenResource]) -> Iterator[UsageSeries]:
    """Three metrics of each machine: a third of the resources."""
    now = utc_now()
    for n, resource in enumerate(seen):
        if resource.type in {"vps", "postgresql"}:
            for metric in METRICS:
                is_cpu = metric == "cpu"
                yield UsageSeries(
                    resource=resource.key,
                    metric=metric,
                    unit="%" if is_cpu else "MB",
                    points=(MetricPoint(now, float(n % 89) if is_cpu else float(n % 2048)),),
                    capacity=None if is_cpu else 2048.0,
                )


def _past_costs(session: Session, account: MadeUp, period: Days) -> None:
    """Repeat today's costs into the past, and keep the pre-aggregates in step."""
    here = {"connection": account.connection_id, "organization": account.organization_id}
    _run(session, "CREATE TEMPORARY TABLE bench_charge AS" + _CHARGES, here)
    _run(session, "CREATE INDEX ix_bench_charge ON bench_charge (charge_id, days)", {})
    for day in period:
        if day == account.day:
            continue
        age = (account.day - day).days
        _run(session, _PAST_DAY, {**here, "today": account.day, "day": day, "age": age})
        where = Slice(
            organization_id=account.organization_id,
            connection_id=account.connection_id,
            day=day,
        )
        cost_slices.refresh_trend(session, where)
    _run(session, "DROP TABLE bench_charge", {})


def _run(session: Session, sql: str, values: dict[str, Any]) -> None:
    kinds = {UUID: Id(), date: Date(), int: Integer()}
    known = [bindparam(name, type_=kinds[type(value)]) for name, value in values.items()]
    used = [one for one in known if f":{one.key}" in sql]
    session.execute(text(sql).bindparams(*used), {one.key: values[one.key] for one in used})


_CONTEXT = """
UPDATE resource SET owner = sub_account || '@bench.example', environment = (SELECT value
 FROM resource_tag t WHERE t.resource_id = resource.id AND t.key = 'env')
 WHERE connection_id = :connection
"""
_CHARGES = f"""
 SELECT charge_id, CASE WHEN row_number() OVER (ORDER BY external_id) % 5 = 0
 THEN {LONG} ELSE {SHORT} END AS days FROM resource WHERE connection_id = :connection
"""
_PAST_DAY = """
INSERT INTO cost_record (organization_id, connection_id, day, charge_id, billed_cost,
 effective_cost, list_cost, contracted_cost, pricing_quantity, consumed_quantity)
 SELECT r.organization_id, r.connection_id, :day, r.charge_id, r.billed_cost,
 r.effective_cost, r.list_cost, r.contracted_cost, r.pricing_quantity, r.consumed_quantity
 FROM cost_record r JOIN bench_charge b ON b.charge_id = r.charge_id
 WHERE r.connection_id = :connection AND r.organization_id = :organization
 AND r.day = :today AND b.days > :age ORDER BY r.charge_id
"""
