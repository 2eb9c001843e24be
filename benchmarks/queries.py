"""What the screens ask of 100,000 resources and ten million cost records.

Each question goes through the use case that a screen calls, and stands beside the same
question put to the raw facts, where they can answer it.
"""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Date, bindparam, text
from sqlmodel import Session

from benchmarks import dataset
from benchmarks.dataset import Dataset
from benchmarks.figures import Figure, figure, percentile
from benchmarks.stores import filled_stores
from infrazen.db.columns import Id
from infrazen.db.queries.resource_filter import ResourceFilter, SortKey
from infrazen.db.queries.resource_list import place_of
from infrazen.db.session import Database, using
from infrazen.domain.resources import ResourceStatus
from infrazen.security.access import Actor, system_actor
from infrazen.services import connections, costs, resources, shared_answers

RESOURCES, SMALL = 100_000, 200
RUNS, FEWEST, SECONDS = 40, 5, 6.0
"""How often a question is asked: forty times, or fewer where that takes too long."""
MOST_MS = 50
FOLDER = Path(__file__).parents[1] / ".data" / "bench"
Ask = Callable[[Actor], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a screen asks, and the same in SQL over raw facts."""

    name: str
    ask: Ask
    facts: str | None = None
    days: int = 1


def measure(*, small: bool) -> Iterator[Figure]:
    """Every question on every database."""
    size = SMALL if small else RESOURCES
    fill = partial(dataset.make, resources=size)
    keep_in = None if small else FOLDER
    for title, store in filled_stores(dataset.name(size), fill, keep_in=keep_in):
        data = dataset.found(store)
        yield figure(f"cost records, {title}", data.records, "rows")
        yield figure(f"resources, {title}", size, "rows")
        yield from _answered(title, store, data, runs=FEWEST if small else RUNS)


def _answered(title: str, store: Database, data: Dataset, *, runs: int) -> Iterator[Figure]:
    actor = system_actor(data.organization_id)
    gc.collect()
    gc.freeze()  # as the server does once it has loaded: the collector passes over what stays
    with using(store), _nothing_shared():
        for question in _questions(actor):
            ours = list(_times(lambda ask=question.ask: ask(actor), runs))
            floor = None
            if question.facts is not None:
                with store.reading() as session:
                    raw = _raw(session, question, data)
                    floor = percentile(list(_times(raw, runs, fewest=2)), 0.95)
            yield figure(
                f"{question.name}, {title}, p95",
                percentile(ours, 0.95),
                "ms",
                floor=floor,
                most=MOST_MS,
            )


@contextmanager
def _nothing_shared() -> Iterator[None]:
    """Every question is asked of the database, even where somebody asked the same just now."""
    usual, shared_answers.SECONDS = shared_answers.SECONDS, 0.0
    try:
        yield
    finally:
        shared_answers.SECONDS = usual


def _times(ask: Callable[[], Any], runs: int, *, fewest: int = FEWEST) -> Iterator[float]:
    """Milliseconds of each run, after one that warms up; of that alone where it is long."""
    warming = _took(ask)
    if warming > SECONDS * 1000:
        yield warming
        return
    until = time.monotonic() + SECONDS
    for turn in range(runs):
        if turn >= fewest and time.monotonic() > until:
            return
        yield _took(ask)


def _took(ask: Callable[[], Any]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


def _raw(session: Session, question: Question, data: Dataset) -> Callable[[], Any]:
    since = data.today - timedelta(days=question.days - 1)
    values: dict[str, UUID | date] = {
        "organization": data.organization_id,
        "since": since,
        "today": data.today,
    }
    kinds = {"organization": Id(), "since": Date(), "today": Date()}
    sql = question.facts or ""
    used = [bindparam(name, type_=kinds[name]) for name in values if f":{name}" in sql]
    statement = text(sql).bindparams(*used)
    return lambda: session.execute(statement, {one.key: values[one.key] for one in used}).all()


_EXPENSES = """
SELECT r.connection_id, c.billing_currency, r.day, sum(r.effective_cost)
 FROM cost_record r JOIN charge c ON c.id = r.charge_id
 WHERE r.organization_id = :organization AND r.day BETWEEN :since AND :today
 AND r.connection_id IN (SELECT id FROM cloud_connection WHERE organization_id = :organization)
 GROUP BY 1, 2, 3
"""
_TODAY = """
 FROM cost_record r JOIN charge c ON c.id = r.charge_id
 WHERE r.organization_id = :organization AND r.day = :today
 AND r.connection_id IN (SELECT id FROM cloud_connection WHERE organization_id = :organization)
"""
_DEAREST = f"SELECT c.resource_ref, r.effective_cost {_TODAY} ORDER BY 2 DESC LIMIT 50"
_OF_A_KIND = _DEAREST.replace("ORDER", "AND c.resource_type = 'vps' AND c.region_id = 'ru1' ORDER")
_NAMED = _DEAREST.replace("ORDER", "AND c.resource_name LIKE '%postgresql-0001%' ORDER")
_FACETS = f"SELECT c.resource_type, c.service_name, c.region_id, count(*) {_TODAY} GROUP BY 1, 2, 3"


def _questions(actor: Actor) -> Iterator[Question]:
    for days in costs.PERIODS:
        yield Question(
            name=f"dashboard, {days} days",
            ask=lambda actor, days=days: costs.get_dashboard(actor, days=days),
            facts=_EXPENSES,
            days=2 * days,
        )
    yield Question(name="connections", ask=connections.list_connections)
    yield from _tables(actor)
    yield from _details(actor)


def _tables(actor: Actor) -> Iterator[Question]:
    yield _table("table, dearest first", facts=_DEAREST)
    for sort in (SortKey.NAME, SortKey.TYPE, SortKey.STATUS, SortKey.REGION, SortKey.CHANGED):
        yield _table(f"table by {sort}", sort=sort, descending=False)
    vps = ResourceFilter(types=("vps",), regions=("ru1",))
    yield _table("table of a type and region", wanted=vps, facts=_OF_A_KIND)
    stopped = ResourceFilter(statuses=(ResourceStatus.STOPPED,))
    yield _table("table of what is stopped, by name", wanted=stopped, sort=SortKey.NAME)
    yield _table("search, few", wanted=ResourceFilter(text="postgresql-0001"), facts=_NAMED)
    yield _table("search, many", wanted=ResourceFilter(text="shop"))
    yield _table("search, none", wanted=ResourceFilter(text="no such thing"))
    yield _table("table of a tag", wanted=ResourceFilter(tags={"project": "lab"}))
    yield _table("table, a page far down", offset=90_000)
    yield _table("table of what is gone", wanted=ResourceFilter(presence="deleted"))
    after = place_of(resources.list_resources(actor, wanted=ResourceFilter())[-1], SortKey.COST)
    yield Question(
        name="table, right after a place",
        ask=lambda actor: resources.list_resources(actor, wanted=ResourceFilter(), after=after),
    )
    yield Question(name="facets", ask=resources.list_facets, facts=_FACETS)
    searched = ResourceFilter(text="shop")
    yield Question(
        name="facets of a search",
        ask=lambda actor: resources.list_facets(actor, wanted=searched),
    )


def _table(
    name: str, *, wanted: ResourceFilter | None = None, facts: str | None = None, **how: Any
) -> Question:
    chosen = wanted or ResourceFilter()
    return Question(
        name=name,
        ask=lambda actor: resources.search_resources(actor, wanted=chosen, **how),
        facts=facts,
    )


def _details(actor: Actor) -> Iterator[Question]:
    """Of many resources in turn, so that it is not one warm row that answers."""
    lines = [
        line
        for page in range(3)
        for line in resources.search_resources(
            actor, wanted=ResourceFilter(), sort=SortKey.NAME, offset=page * 777, limit=50
        ).lines
    ]
    turns = {name: iter(lines * 10) for name in ("one", "costs", "history")}

    def of_next(name: str, use: Callable[..., Any], **how: Any) -> Ask:
        return lambda actor: use(actor, resource_id=next(turns[name]).id, **how)

    yield Question(name="a resource", ask=of_next("one", resources.get_resource))
    yield Question(
        name="a resource's costs, 365 days",
        ask=of_next("costs", resources.list_resource_costs, days=365),
    )
    yield Question(
        name="a resource's history", ask=of_next("history", resources.list_resource_history)
    )
