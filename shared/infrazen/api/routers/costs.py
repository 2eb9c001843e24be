"""What everything costs: the dashboard's figures, and costs by day."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from infrazen.api.answers.money import Amount, Cost, Currency, Money, Percent
from infrazen.api.answers.resources import DailyCost
from infrazen.api.caller import Caller
from infrazen.api.paging import Cursor, LongLimit, Page, Place, page_of
from infrazen.api.permissions import needs
from infrazen.api.schemas import Answer
from infrazen.db.queries.cost_trend import DailyCost as DayOfConnection
from infrazen.domain.roles import Permission
from infrazen.services import costs
from infrazen.services.connection_views import ConnectionCard, ConnectionState
from infrazen.services.costs import PERIODS, Dashboard, Expenses

router = APIRouter(prefix="/costs", tags=["costs"])

PeriodDays = Annotated[
    int,
    Query(
        description="One of 7, 30, 90 and 365, today included.",
        json_schema_extra={"enum": list(PERIODS)},
    ),
]
_reads = needs(Permission.COST_READ)


class Period(Answer):
    """The days from `since` until before `until`."""

    since: date
    until: date


class Day(Answer):
    """What one day cost; null where nothing was recorded."""

    day: date
    amount: Amount | None


class ConnectionExpenses(Answer):
    """What one connection cost over the period."""

    connection_id: UUID
    amount: Amount


class CurrencyExpenses(Answer):
    """What was spent in one currency over the period.

    `billed` is how much of it providers' own bills say; the rest follows from prices.
    `trend_percent` compares its average day with that of the period before, null where
    either has no recorded day.
    """

    currency: Currency
    total: Amount
    billed: Amount
    recorded_days: int
    trend_percent: Percent | None
    daily: list[Day]
    by_connection: list[ConnectionExpenses]


class ConnectionCosts(Answer):
    """A connection as the dashboard shows it."""

    id: UUID
    name: str
    display_name: str
    provider: str
    state: ConnectionState
    resources: int
    costs: list[Cost]


class Use(Answer):
    """How much of what is available active resources use of one metric.

    `percent` is `used` of `available`, or the weighted average of percentages where resources
    have no capacity.
    """

    metric: Annotated[str, Field(examples=["cpu"])]
    unit: str
    resources: int
    used: float | None
    available: float | None
    percent: float


class Balance(Answer):
    """What is left on a prepaid account, and for how many days."""

    connection_id: UUID
    name: str
    balance: Money
    days_to_block: int | None
    is_urgent: bool


class Savings(Answer):
    """Open recommendations, and what they save a month."""

    count: int
    monthly: list[Money]


class CostDashboard(Answer):
    """The first screen's figures; one entry a currency, the organization's own first."""

    days: Period
    today: date
    expenses: list[CurrencyExpenses]
    running: Annotated[list[Cost], Field(description="What all connections come to now.")]
    savings: Savings
    resources: int
    connections: list[ConnectionCosts]
    utilisation: list[Use]
    balances: list[Balance]


class _Spent(Place):
    day: date
    connection_id: UUID
    currency: str


@router.get("/dashboard", openapi_extra=_reads)
def get_cost_dashboard(caller: Caller, days: PeriodDays = 30) -> CostDashboard:
    """Expenses and their trend, running costs, use, balances and providers."""
    return _dashboard(costs.get_dashboard(caller.actor, days=days))


@router.get("/daily", openapi_extra=_reads)
def list_daily_costs(
    caller: Caller,
    *,
    days: Annotated[int, Query(ge=1, le=400, description="The last days, today included.")] = 30,
    connection_id: Annotated[
        list[UUID] | None, Query(max_length=100, description="Of these connections only.")
    ] = None,
    cursor: Cursor = None,
    limit: LongLimit = 1000,
) -> Page[DailyCost]:
    """What each connection cost on each day that has a record, in order of days."""
    found = costs.list_daily_costs(caller.actor, days=days, connections=tuple(connection_id or ()))
    items, following = page_of(found, _place_of_day, _Spent, cursor=cursor, limit=limit)
    return Page(items=[DailyCost.model_validate(one) for one in items], next_cursor=following)


def _place_of_day(cost: DayOfConnection) -> _Spent:
    return _Spent(day=cost.day, connection_id=cost.connection_id, currency=cost.currency)


def _dashboard(found: Dashboard) -> CostDashboard:
    shown: dict[str, Any] = {
        "expenses": [_expenses(one) for one in found.expenses],
        "connections": [connection_costs(card) for card in found.connections],
    }
    rest = CostDashboard.model_fields.keys() - shown.keys()
    return CostDashboard.model_validate({**{n: getattr(found, n) for n in rest}, **shown})


def _expenses(found: Expenses) -> CurrencyExpenses:
    return CurrencyExpenses(
        currency=found.currency,
        total=found.total,
        billed=found.billed,
        recorded_days=found.recorded_days,
        trend_percent=found.trend_percent,
        daily=[Day.model_validate(one) for one in found.daily],
        by_connection=[
            ConnectionExpenses(connection_id=id_, amount=spent)
            for id_, spent in found.by_connection
        ],
    )


def connection_costs(card: ConnectionCard) -> ConnectionCosts:
    """A connection without anything of its account."""
    return ConnectionCosts(
        id=card.connection.id,
        name=card.connection.name,
        display_name=card.connection.display_name,
        provider=card.connection.provider,
        state=card.state,
        resources=card.resources,
        costs=[Cost.model_validate(one) for one in card.reconciliations],
    )
