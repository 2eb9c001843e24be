"""The demo's figures for anybody: the same answers as under `/api/v1`, and a summary."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from infrazen.api.answers.money import Amount, Percent
from infrazen.api.answers.recommendations import Recommendation
from infrazen.api.answers.resources import DailyCost, Resource
from infrazen.api.client import client_address
from infrazen.api.paging import Cursor, Limit, LongLimit, Page, Since, moment_of, page_of
from infrazen.api.problems import documented
from infrazen.api.recommendation_query import RecommendationPageQuery
from infrazen.api.resource_query import PageQuery
from infrazen.api.routers import costs as v1_costs
from infrazen.api.routers import recommendations as v1_recommendations
from infrazen.api.routers import resources as v1_resources
from infrazen.api.routers.costs import ConnectionCosts, connection_costs
from infrazen.api.routers.resources import LastDays
from infrazen.api.schemas import Answer
from infrazen.db.queries.usage import Utilisation
from infrazen.domain.money import Money
from infrazen.services import connections, costs
from infrazen.services.costs import Dashboard
from infrazen.services.demo import reader_of_demo
from infrazen.services.sign_in import Principal

router = APIRouter(prefix="/api/demo", tags=["demo"], responses=documented(400, 404, 422, 429, 503))

PERIOD = 30


def _reader(request: Request) -> Principal:
    return reader_of_demo(address=client_address(request))


Reader = Annotated[Principal, Depends(_reader)]
"""Whoever asks: anybody, who may read the published demo and nothing else."""


class DemoUtilisation(Answer):
    """How many percent of what is available is used, whole; null where nothing was measured."""

    cpu: int | None
    ram: int | None
    storage: int | None
    network: Annotated[int | None, Field(description="Of the busier direction.")]


class DemoSummary(Answer):
    """The demo in a few figures, of the last 30 days; money is in its currency, rubles."""

    total: Annotated[Amount, Field(description="What was spent.", examples=["117150.00"])]
    trend_percent: Annotated[
        Percent | None, Field(description="Against the 30 days before.", examples=[-12.5])
    ]
    savings: Annotated[
        Amount, Field(description="What recommendations save a month.", examples=["10400.00"])
    ]
    recommendations: Annotated[int, Field(description="Open ones.", examples=[3])]
    resources: Annotated[int, Field(description="Active ones.", examples=[8])]
    providers: Annotated[int, Field(description="Connected ones.", examples=[2])]
    utilisation: DemoUtilisation


@router.get("/summary")
def get_demo_summary(reader: Reader) -> DemoSummary:
    """The demo in a few figures: expenses, savings, resources, use."""
    return _summary(costs.get_dashboard(reader.actor, days=PERIOD), main=reader.currency)


@router.get("/connections")
def list_demo_connections(
    reader: Reader, cursor: Cursor = None, limit: Limit = 50
) -> Page[ConnectionCosts]:
    """The demo's connections with their state and cost, oldest first."""
    found = connections.list_connections(reader.actor)
    items, following = page_of(
        found,
        lambda card: Since(moment_of(card.connection.created_at), card.connection.id),
        Since,
        cursor=cursor,
        limit=limit,
    )
    return Page(items=[connection_costs(card) for card in items], next_cursor=following)


@router.get("/resources")
def list_demo_resources(reader: Reader, query: Annotated[PageQuery, Query()]) -> Page[Resource]:
    """The demo's resources that a filter finds. The same as `GET /api/v1/resources`."""
    return v1_resources.list_resources(reader, query)


@router.get("/recommendations")
def list_demo_recommendations(
    reader: Reader, query: Annotated[RecommendationPageQuery, Query()]
) -> Page[Recommendation]:
    """The demo's recommendations. The same as `GET /api/v1/recommendations`."""
    return v1_recommendations.list_recommendations(reader, query)


@router.get("/costs")
def list_demo_costs(
    reader: Reader, *, days: LastDays = PERIOD, cursor: Cursor = None, limit: LongLimit = 1000
) -> Page[DailyCost]:
    """What the demo's connections cost day by day. The same as `GET /api/v1/costs/daily`."""
    return v1_costs.list_daily_costs(reader, days=days, cursor=cursor, limit=limit)


def _summary(found: Dashboard, *, main: str) -> DemoSummary:
    spent = next((one for one in found.expenses if one.currency == main), None)
    return DemoSummary(
        total=spent.total if spent else Decimal(0),
        trend_percent=spent.trend_percent if spent else None,
        savings=_of_currency(found.savings.monthly, main),
        recommendations=found.savings.count,
        resources=found.resources,
        providers=len({card.connection.provider for card in found.connections}),
        utilisation=DemoUtilisation(
            cpu=used_percent(found.utilisation, "cpu"),
            ram=used_percent(found.utilisation, "memory"),
            storage=used_percent(found.utilisation, "disk"),
            network=used_percent(found.utilisation, "network_in", "network_out"),
        ),
    )


def _of_currency(amounts: Iterable[Money], currency: str) -> Decimal:
    return next((one.amount for one in amounts if one.currency == currency), Decimal(0))


def used_percent(measured: Iterable[Utilisation], *metrics: str) -> int | None:
    """The most that is used of any of ``metrics``, None where nothing was measured."""
    known = [one.percent for one in measured if one.metric in metrics]
    return round(max(known)) if known else None
