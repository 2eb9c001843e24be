"""Every rule over 100,000 resources, beside one pass over the rows that they look at.

One account: machines with two weeks of load, snapshots, additional addresses.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID

from sqlalchemy import text

from benchmarks.figures import Figure, figure, pairs
from benchmarks.queries import FOLDER
from benchmarks.stores import filled_stores
from infrazen.db.columns import Id
from infrazen.db.queries import connections
from infrazen.db.queries.scope import Scope
from infrazen.db.session import Database
from infrazen.domain.periods import utc_now
from infrazen.domain.resources import MetricPoint, ResourceStatus, SeenResource, UsageSeries
from infrazen.providers import provider
from infrazen.sync.recommend import Evaluated, evaluate
from tests.sync.made_up import MadeUp, server
from tests.world import add_connection, add_organization

R = TypeVar("R")
RESOURCES, SMALL = 100_000, 300
DAYS = 14
RUNS, FEWEST = 5, 2
FORMAT = 1
"""To be raised where what is made here changes: kept databases are made anew."""

_RESOURCES = """
SELECT id, type, name, status, region, sku, currency, daily_cost, monthly_cost,
       provider_created_at, changed_at, provider_config
FROM resource WHERE connection_id = :connection AND is_active"""
_USAGE = """
SELECT resource_id, metric, day, unit, capacity, points, total, maximum, p95, hours
FROM usage_day WHERE connection_id = :connection"""


def measure(*, small: bool) -> Iterator[Figure]:
    """Evaluations on every database: the first one, and one that finds the same again."""
    size = SMALL if small else RESOURCES
    runs = FEWEST if small else RUNS
    name = f"rules-{size}-{FORMAT}"
    fill = partial(_fill, size=size)
    for title, store in filled_stores(name, fill, keep_in=None if small else FOLDER):
        connection_id = _connection(store)
        opening, found = _seconds(lambda: _evaluate(store, connection_id))  # noqa: B023
        yield figure(f"findings of all rules, {size:,} resources, {title}", found.found, "rows")
        yield figure("  first evaluation of a kept database", opening, "s")
        ours, floors = [], []
        for _ in range(runs):
            ours.append(_seconds(lambda: _evaluate(store, connection_id))[0])  # noqa: B023
            floors.append(_seconds(lambda: _pass(store, connection_id))[0])  # noqa: B023
        taken, floor, ratio = pairs(ours, floors)
        yield figure(f"all rules, {title}", taken, "s", floor=floor, ratio=ratio, most_times=2)


def _seconds(work: Callable[[], R]) -> tuple[float, R]:
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def _evaluate(store: Database, connection_id: UUID) -> Evaluated:
    with store.writing() as session:
        connection = connections.find(session, connection_id)
        assert connection is not None
        scope = Scope(
            organization_id=connection.organization_id,
            connection_id=connection_id,
            provider=connection.provider,
            snapshot_id=connection_id,
            now=utc_now(),
        )
        return evaluate(session, scope, connection=connection, spec=provider(connection.provider))


def _pass(store: Database, connection_id: UUID) -> int:
    """Read every row that the rules look at, once, and do nothing with it."""
    rows = 0
    with store.reading() as session:
        for statement in (_RESOURCES, _USAGE):
            bound = text(statement).bindparams(connection=_bound(store, connection_id))
            rows += len(session.execute(bound).all())
    return rows


def _bound(store: Database, connection_id: UUID) -> UUID | bytes:
    return connection_id.bytes if store.is_sqlite else connection_id


def _connection(store: Database) -> UUID:
    with store.reading() as session:
        statement = text("SELECT id FROM cloud_connection WHERE name = 'rules'")
        return session.execute(statement.columns(id=Id())).scalar_one()


def _fill(store: Database, *, size: int) -> None:
    with store.writing() as session:
        organization_id = add_organization(session, "large")
        account = MadeUp(store, organization_id, add_connection(session, organization_id, "rules"))
    seen = [_resource(number) for number in range(size)]
    account.sync(*seen, usage=tuple(_usage(seen)))


def _resource(number: int) -> SeenResource:
    """Of ten: six machines, one of them stopped, two snapshots, two addresses."""
    match number % 10:
        case 0 | 1:
            facts = {"type": "snapshot", "created_at": utc_now() - timedelta(days=number % 200)}
            return server(number, **facts, config={"server_exists": number % 3 > 0})
        case 2 | 3:
            is_used = number % 4 > 0
            status = ResourceStatus.ACTIVE if is_used else ResourceStatus.INACTIVE
            return server(number, type="ip_address", status=status, price=None, config={})
        case 4:
            return server(number, status=ResourceStatus.STOPPED)
        case _:
            return server(number)


def _usage(seen: list[SeenResource]) -> Iterator[UsageSeries]:
    """A reading a day of what runs, of its processor and its memory."""
    now = utc_now()
    days = [now - timedelta(days=day) for day in reversed(range(DAYS))]
    for number, one in enumerate(seen):
        if one.type == "vps" and one.status is ResourceStatus.RUNNING:
            for metric, unit, capacity in (("cpu", "%", None), ("memory", "MB", 2048.0)):
                level = float(number % 90 + 5) * (1 if capacity is None else 20)
                yield UsageSeries(
                    resource=one.key,
                    metric=metric,
                    unit=unit,
                    capacity=capacity,
                    points=tuple(MetricPoint(day, level) for day in days),
                )
