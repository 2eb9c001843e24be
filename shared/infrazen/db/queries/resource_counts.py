"""How many resources a filter finds, what they cost, and what could be chosen among them.

All of that is known from totals, but where words or tags are asked for: those the resources
themselves answer, in the covering index of the list.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Integer, Select, and_, func, select
from sqlmodel import Session, col

from infrazen.db.columns import Micro
from infrazen.db.queries.resource_filter import ResourceFilter, found
from infrazen.db.queries.resource_totals import WRITTEN
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.resources import ResourceRow, ResourceTotalRow
from infrazen.domain.costs import Rate
from infrazen.domain.money import Money
from infrazen.domain.resources import ResourceStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """What resources cost in one currency, and how much of it an account's charge contains."""

    currency: str
    stated: Rate
    in_account_rate: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """How many resources a filter finds, and what they cost, by currency."""

    count: int
    sums: tuple[Sum, ...]

    @property
    def daily(self) -> tuple[Money, ...]:
        """What they cost a day."""
        return tuple(Money(one.stated.daily, one.currency) for one in self.sums)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCount:
    """How many active resources of one provider are of one type."""

    provider: str
    type: str
    count: int


class FacetCount(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """How many resources share these facts.

    There are thousands, which the collector need not look through.
    """

    connection_id: UUID
    type: str
    service: str
    status: ResourceStatus
    region: str
    owner: str
    environment: str
    project: str
    count: int


_FACTS = ("connection_id", "type", "service", "status", "region", *WRITTEN)


def summary(session: Session, organization_id: UUID, wanted: ResourceFilter) -> Summary:
    """Count and add up what a filter finds."""
    source = source_of(wanted)
    currencies = known_currencies(session, organization_id)
    sums = summed(currencies, source.column)
    row = session.execute(source.select(organization_id, source.count, *sums)).one()
    return summary_of(currencies, row)


def known_currencies(session: Session, organization_id: UUID) -> list[str]:
    """The currencies of any resource, deleted ones too."""
    currency = col(ResourceTotalRow.currency)
    statement = select(currency).distinct().order_by(currency)
    here = col(ResourceTotalRow.organization_id) == organization_id
    return list(session.scalars(statement.where(here, currency != "")))


def summed(currencies: Sequence[str], column: Callable[[str], Any]) -> Iterator[Any]:
    """Sums of what ``column`` names, currency by currency: no row has to be sorted for them."""
    for currency in currencies:
        theirs = column("currency") == currency
        for condition in (theirs, and_(theirs, column("in_account_rate"))):
            for name in ("daily_cost", "monthly_cost"):
                yield func.sum(column(name), type_=Micro).filter(condition)


def summary_of(currencies: Sequence[str], row: Sequence[Any]) -> Summary:
    """A count, and the sums that ``summed`` asked for."""
    count, *amounts = row
    sums = []
    for n, currency in enumerate(currencies):
        daily, monthly, contained_daily, contained_monthly = amounts[4 * n : 4 * n + 4]
        if daily is not None:
            contained = Rate(contained_daily or Decimal(0), contained_monthly or Decimal(0))
            stated = Rate(daily, monthly)
            sums.append(Sum(currency=currency, stated=stated, in_account_rate=contained))
    return Summary(count=count or 0, sums=tuple(sums))


def counts(session: Session, organization_id: UUID) -> dict[UUID, int]:
    """How many active resources each connection has."""
    source = source_of(ResourceFilter())
    connection = source.column("connection_id")
    rows = session.execute(
        source.select(organization_id, connection, source.count).group_by(connection)
    )
    return dict(rows.all())


def type_counts(session: Session, organization_id: UUID) -> list[TypeCount]:
    """How many active resources there are of each type, the most frequent first."""
    source = source_of(ResourceFilter())
    type_, provider = source.column("type"), col(CloudConnectionRow.provider)
    rows = session.execute(
        source.select(organization_id, provider, type_, source.count)
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == source.column("connection_id"))
        .group_by(provider, type_)
        .order_by(source.count.desc(), type_, provider)
    )
    return [TypeCount(provider=slug, type=name, count=n) for slug, name, n in rows]


def facets(
    session: Session, organization_id: UUID, wanted: ResourceFilter | None = None
) -> list[FacetCount]:
    """How many resources there are of each combination of facts.

    Of ``wanted`` (active ones where None) only text, tags and presence count: what is chosen
    among the facts themselves leaves the other choices open.
    """
    source = source_of(around(wanted or ResourceFilter()))
    facts = [source.fact(name) for name in _FACTS]
    rows = session.execute(source.select(organization_id, *facts, source.count).group_by(*facts))
    return [
        FacetCount(
            connection_id=connection,
            type=type_,
            service=service,
            status=status,
            region=region,
            owner=owner,
            environment=environment,
            project=project,
            count=count,
        )
        for (
            connection,
            type_,
            service,
            status,
            region,
            owner,
            environment,
            project,
            count,
        ) in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where counts and sums come from: the resources themselves, or their totals."""

    row: type[ResourceRow] | type[ResourceTotalRow]
    count: Any
    wanted: ResourceFilter

    def column(self, name: str) -> Any:
        """A column of it."""
        return col(getattr(self.row, name))

    def fact(self, name: str) -> Any:
        """A column; empty where nobody has written anything."""
        column = self.column(name)
        maybe = self.row is ResourceRow and name in WRITTEN
        return func.coalesce(column, "") if maybe else column

    def select(self, organization_id: UUID, *columns: Any) -> Select[Any]:
        """``columns`` of what is wanted."""
        return found(organization_id, self.wanted, *columns, row=self.row)


def source_of(wanted: ResourceFilter) -> Source:
    """Where ``wanted`` is counted: totals know all facts but texts and tags."""
    if wanted.needs_rows:
        return Source(row=ResourceRow, count=func.count(), wanted=wanted)
    count = func.sum(col(ResourceTotalRow.resources), type_=Integer)
    return Source(row=ResourceTotalRow, count=count, wanted=wanted)


def around(wanted: ResourceFilter) -> ResourceFilter:
    """``wanted`` without what is chosen among facts."""
    return ResourceFilter(text=wanted.text, tags=wanted.tags, presence=wanted.presence)
