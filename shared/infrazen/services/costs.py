"""What the dashboard shows: expenses and their trend, use, balances, providers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from infrazen.db.queries import (
    billed_days,
    cost_trend,
    recommendation_sums,
    resource_counts,
    resource_list,
    usage,
)
from infrazen.db.queries import connections as connection_rows
from infrazen.db.queries.cost_trend import DailyCost
from infrazen.db.queries.resource_counts import TypeCount
from infrazen.db.queries.resource_filter import ResourceFilter
from infrazen.db.queries.resource_lines import ResourceLine
from infrazen.db.queries.usage import Utilisation
from infrazen.domain.costs import DayCost
from infrazen.domain.money import Money
from infrazen.domain.periods import Days, last_days, local_day
from infrazen.domain.roles import Permission
from infrazen.errors import Invalid
from infrazen.finops.steps import known_sum
from infrazen.finops.trend import change_percent
from infrazen.services import news
from infrazen.services.connection_views import ConnectionCard, ConnectionState, cards
from infrazen.services.ledgers import Ledger, ledgers
from infrazen.services.news import News
from infrazen.services.organizations import organization_of
from infrazen.services.running_costs import RunningCost, running_costs
from infrazen.services.shared_answers import shared
from infrazen.services.use_case import Work, use_case

PERIODS = (7, 30, 90, 365)
SOON_BLOCKED_DAYS = 30
STALE_AFTER = timedelta(hours=24)
MOST_LINES = 50
"""How many resources the dashboard lists, the dearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionExpenses:
    """What one connection cost over the period; ``daily`` has every day, None for a gap."""

    connection_id: UUID
    name: str
    total: Decimal
    daily: tuple[Decimal | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expenses:
    """What was spent in one currency over the period.

    ``billed`` is how much of it providers' own bills say; the rest follows from prices.
    ``trend_percent`` compares the average day with the period before, None where either
    has no recorded day. ``daily`` has every day, its amount None where nothing was
    recorded; ``connections`` has the dearest one first.
    """

    currency: str
    total: Decimal
    billed: Decimal
    recorded_days: int
    trend_percent: Decimal | None
    daily: tuple[DayCost, ...]
    connections: tuple[ConnectionExpenses, ...]

    @property
    def by_connection(self) -> tuple[tuple[UUID, Decimal], ...]:
        """The total of each connection."""
        return tuple((one.connection_id, one.total) for one in self.connections)

    def beyond(self, most: int) -> tuple[Decimal | None, ...]:
        """What all connections after the ``most`` dearest cost each day; empty without any."""
        others = [one.daily for one in self.connections[most:]]
        return tuple(known_sum(day) for day in zip(*others, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A prepaid account: what is left on it, and for how many days."""

    connection_id: UUID
    name: str
    balance: Money
    days_to_block: int | None

    @property
    def is_urgent(self) -> bool:
        """Whether it runs out within thirty days."""
        return self.days_to_block is not None and self.days_to_block < SOON_BLOCKED_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Savings:
    """Open recommendations: how many, and what they save a month, by currency."""

    count: int
    monthly: tuple[Money, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """The first screen. Expenses and running costs have one entry a currency, ours first.

    ``lines`` are the dearest resources; ``types`` counts all of them. ``time_zone`` is the
    organization's own.
    """

    days: Days
    today: date
    at: datetime
    time_zone: str
    expenses: tuple[Expenses, ...]
    running: tuple[RunningCost, ...]
    savings: Savings
    types: tuple[TypeCount, ...]
    lines: tuple[ResourceLine, ...]
    ledgers: tuple[Ledger, ...]
    connections: tuple[ConnectionCard, ...]
    utilisation: tuple[Utilisation, ...]
    balances: tuple[Balance, ...]
    news: tuple[News, ...]

    @property
    def resources(self) -> int:
        """How many resources are active."""
        return sum(one.count for one in self.types)

    @property
    def stale(self) -> tuple[ConnectionCard, ...]:
        """Connections that were read once, but not within a day, though they should be."""
        return tuple(
            card
            for card in self.connections
            if card.connection.last_success_at is not None
            and card.state is not ConnectionState.SUSPENDED
            and self.at - card.connection.last_success_at > STALE_AFTER
        )


@use_case(Permission.COST_READ)
def get_dashboard(work: Work, *, days: int = 30) -> Dashboard:
    """The dashboard over the last ``days`` (one of ``PERIODS``), today included."""
    if days not in PERIODS:
        raise Invalid(f"the period is one of {', '.join(map(str, PERIODS))} days", field="days")
    return shared(work, ("dashboard", days), lambda: _dashboard(work, days))


def _dashboard(work: Work, days: int) -> Dashboard:
    organization = organization_of(work)
    today = local_day(work.now, organization.time_zone)
    period = last_days(days, today=today)
    known = cards(work)
    session, organization_id = work.session, work.organization_id
    lines = resource_list.page(session, organization_id, ResourceFilter(), limit=MOST_LINES)
    return Dashboard(
        days=period,
        today=today,
        at=work.now,
        time_zone=organization.time_zone,
        expenses=_expenses(work, period, main=organization.currency),
        running=running_costs(
            (one for card in known for one in card.reconciliations), main=organization.currency
        ),
        savings=_savings(work),
        types=tuple(resource_counts.type_counts(session, organization_id)),
        lines=tuple(lines),
        ledgers=ledgers(known, lines),
        connections=tuple(known),
        utilisation=tuple(usage.utilisation(session, organization_id)),
        balances=_balances(known),
        news=news.latest(work),
    )


@use_case(Permission.COST_READ)
def list_daily_costs(
    work: Work, *, days: int = 30, connections: tuple[UUID, ...] = ()
) -> list[DailyCost]:
    """What each connection cost on each of the last ``days`` that have a record."""
    return recorded_costs(work, days=days, connections=connections)


def recorded_costs(work: Work, *, days: int, connections: tuple[UUID, ...] = ()) -> list[DailyCost]:
    """What the last ``days`` have on record, 400 at most."""
    today = local_day(work.now, organization_of(work).time_zone)
    period = last_days(max(1, min(days, 400)), today=today)
    return cost_trend.daily_costs(
        work.session, work.organization_id, period, connections=connections
    )


def _expenses(work: Work, period: Days, *, main: str) -> tuple[Expenses, ...]:
    both = Days(period.previous().since, period.until)
    costs = cost_trend.daily_costs(work.session, work.organization_id, both)
    currencies = {cost.currency for cost in costs if cost.day in period} or {main}
    names = connection_rows.names(work.session, organization_id=work.organization_id)
    billed = billed_days.billed_totals(
        work.session, organization_id=work.organization_id, days=period
    )
    found = (
        _in_currency([cost for cost in costs if cost.currency == currency], period, currency, names)
        for currency in _main_first(currencies, main)
    )
    return tuple(replace(one, billed=billed.get(one.currency, Decimal(0))) for one in found)


def _in_currency(
    costs: list[DailyCost], period: Days, currency: str, names: dict[UUID, str]
) -> Expenses:
    per_day: dict[date, Decimal] = defaultdict(Decimal)
    per_connection: dict[UUID, dict[date, Decimal]] = defaultdict(dict)
    for cost in costs:
        per_day[cost.day] += cost.amount
        if cost.day in period:
            per_connection[cost.connection_id][cost.day] = cost.amount
    daily = tuple(DayCost(day, per_day.get(day)) for day in period)
    before = [per_day[day] for day in period.previous() if day in per_day]
    now = [cost.amount for cost in daily if cost.amount is not None]
    return Expenses(
        currency=currency,
        total=sum(now, Decimal(0)),
        billed=Decimal(0),
        recorded_days=len(now),
        trend_percent=change_percent(before=before, now=now),
        daily=daily,
        connections=_by_connection(per_connection, period, names),
    )


def _by_connection(
    costs: dict[UUID, dict[date, Decimal]], period: Days, names: dict[UUID, str]
) -> tuple[ConnectionExpenses, ...]:
    found = [
        ConnectionExpenses(
            connection_id=id_,
            name=names.get(id_, ""),
            total=sum(days.values(), Decimal(0)),
            daily=tuple(days.get(day) for day in period),
        )
        for id_, days in costs.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.total, one.name)))


def _balances(known: Iterable[ConnectionCard]) -> tuple[Balance, ...]:
    """Prepaid accounts, the one that runs out first at the head."""
    found = [
        Balance(
            connection_id=card.connection.id,
            name=card.connection.display_name,
            balance=Money(card.account.balance, card.account.currency),
            days_to_block=card.account.days_to_block,
        )
        for card in known
        if card.account is not None and card.account.balance is not None
    ]
    never = 10**6
    return tuple(sorted(found, key=lambda b: never if b.days_to_block is None else b.days_to_block))


def _savings(work: Work) -> Savings:
    found = recommendation_sums.open_savings(work.session, work.organization_id)
    return Savings(count=found.count, monthly=found.monthly)


def _main_first(currencies: Iterable[str], main: str) -> list[str]:
    return sorted(currencies, key=lambda currency: (currency != main, currency))
