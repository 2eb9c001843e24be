"""The resource table: filter, search, sort, page, count, sum.

Which rows are on a page, how many there are and what they cost is found in one covering
index; only the rows of the page itself are read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, func, select, tuple_
from sqlmodel import Session, col

from infrazen.db.columns import Micro
from infrazen.db.queries.overrides import stated_of
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.resources import (
    NO_COST,
    ResourceRow,
    ResourceTagRow,
    ResourceTotalRow,
)
from infrazen.domain.costs import ZERO_RATE, Rate
from infrazen.domain.money import CostSource, Money, to_micro
from infrazen.domain.overrides import Stated
from infrazen.domain.resources import ResourceStatus


class Presence(StrEnum):
    """Whether deleted resources are meant."""

    ACTIVE = "active"
    DELETED = "deleted"
    ALL = "all"


class SortKey(StrEnum):
    """What the table can be sorted by."""

    COST = "cost"
    NAME = "name"
    TYPE = "type"
    STATUS = "status"
    REGION = "region"
    SERVICE = "service"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceFilter:
    """Which resources; empty means any. ``tags`` are key → value, an empty value any."""

    text: str = ""
    connections: tuple[UUID, ...] = ()
    providers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: tuple[ResourceStatus, ...] = ()
    regions: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    presence: Presence = Presence.ACTIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceLine:
    """A row of the table. Costs are per day and per month as stated, in ``currency``.

    ``in_account_rate`` says that the account's own charge contains the cost already.
    ``stated`` is what the provider says where people say otherwise of name or price.
    """

    id: UUID
    connection_id: UUID
    connection: str
    provider: str
    external_id: str
    type: str
    name: str
    service: str
    region: str
    status: ResourceStatus
    daily_cost: Decimal | None
    monthly_cost: Decimal | None
    currency: str | None
    cost_source: CostSource | None
    environment: str | None
    owner: str | None
    changed_at: datetime
    is_active: bool
    in_account_rate: bool
    stated: Stated | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page ends: what its last line is sorted by, and that line's id."""

    value: int | str | datetime
    id: UUID


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    """How many resources share these facts."""

    connection_id: UUID
    type: str
    service: str
    status: ResourceStatus
    region: str
    count: int


_FACTS = ("connection_id", "type", "service", "status", "region")
_SORT: dict[SortKey, Any] = {
    SortKey.COST: ResourceRow.cost_rank,
    SortKey.NAME: ResourceRow.name,
    SortKey.TYPE: ResourceRow.type,
    SortKey.STATUS: ResourceRow.status,
    SortKey.REGION: ResourceRow.region,
    SortKey.SERVICE: ResourceRow.service,
    SortKey.CHANGED: ResourceRow.changed_at,
}


def page(
    session: Session,
    organization_id: UUID,
    wanted: ResourceFilter,
    *,
    sort: SortKey = SortKey.COST,
    descending: bool = True,
    offset: int = 0,
    after: Place | None = None,
    limit: int = 50,
) -> list[ResourceLine]:
    """The rows of one page, in order; ties by id, resources without a cost last.

    A page begins ``offset`` rows in, or right ``after`` a place: that finds a far page as
    fast as the first one, and rows that come and go meanwhile shift nothing.
    """
    key = col(_SORT[sort])
    tie = col(ResourceRow.id)
    # A sum has no index: where few rows have the words, SQLite would walk all by their cost.
    first = key + 0 if wanted.text and sort is SortKey.COST else key
    order = (first.desc(), tie.desc()) if descending else (first.asc(), tie.asc())
    ids = _found(organization_id, wanted, tie).order_by(*order).offset(offset).limit(limit)
    if after is not None:
        both, here = tuple_(key, tie), (after.value, after.id)
        ids = ids.where(both < here if descending else both > here)
    return _lines(session, list(session.scalars(ids)))


def place_of(line: ResourceLine, sort: SortKey) -> Place:
    """The place of ``line`` in a list sorted by ``sort``."""
    match sort:
        case SortKey.COST:
            rank = NO_COST if line.daily_cost is None else to_micro(line.daily_cost)
            return Place(value=rank, id=line.id)
        case SortKey.CHANGED:
            return Place(value=line.changed_at, id=line.id)
        case _:
            return Place(value=str(getattr(line, sort.value)), id=line.id)


def summary(session: Session, organization_id: UUID, wanted: ResourceFilter) -> Summary:
    """Count and add up what a filter finds."""
    source = _source(wanted)
    groups = (source.column("currency"), source.column("in_account_rate"))
    rows = session.execute(
        source.select(
            organization_id,
            *groups,
            source.count,
            func.sum(source.column("daily_cost"), type_=Micro),
            func.sum(source.column("monthly_cost"), type_=Micro),
        ).group_by(*groups)
    ).all()
    sums: dict[str, Sum] = {}
    for currency, is_contained, _, daily, monthly in rows:
        if currency:
            rate = Rate(daily or Decimal(0), monthly or Decimal(0))
            _add(sums, currency, rate, is_contained=is_contained)
    return Summary(
        count=sum(row[2] for row in rows), sums=tuple(sums[name] for name in sorted(sums))
    )


def _add(sums: dict[str, Sum], currency: str, rate: Rate, *, is_contained: bool) -> None:
    known = sums.get(currency) or Sum(
        currency=currency, stated=ZERO_RATE, in_account_rate=ZERO_RATE
    )
    sums[currency] = Sum(
        currency=currency,
        stated=known.stated + rate,
        in_account_rate=known.in_account_rate + (rate if is_contained else ZERO_RATE),
    )


def counts(session: Session, organization_id: UUID) -> dict[UUID, int]:
    """How many active resources each connection has."""
    source = _source(ResourceFilter())
    connection = source.column("connection_id")
    rows = session.execute(
        source.select(organization_id, connection, source.count).group_by(connection)
    )
    return dict(rows.all())


def type_counts(session: Session, organization_id: UUID) -> list[TypeCount]:
    """How many active resources there are of each type, the most frequent first."""
    source = _source(ResourceFilter())
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
    wanted = wanted or ResourceFilter()
    around = ResourceFilter(text=wanted.text, tags=wanted.tags, presence=wanted.presence)
    source = _source(around)
    facts = [source.column(name) for name in _FACTS]
    rows = session.execute(source.select(organization_id, *facts, source.count).group_by(*facts))
    return [
        FacetCount(
            connection_id=connection,
            type=type_,
            service=service,
            status=status,
            region=region,
            count=count,
        )
        for connection, type_, service, status, region, count in rows
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where counts and sums come from: the resources themselves, or their totals."""

    row: type[ResourceRow] | type[ResourceTotalRow]
    count: Any
    wanted: ResourceFilter

    def column(self, name: str) -> Any:
        return col(getattr(self.row, name))

    def select(self, organization_id: UUID, *columns: Any) -> Select[Any]:
        return _found(organization_id, self.wanted, *columns, row=self.row)


def _source(wanted: ResourceFilter) -> _Source:
    """Totals know all facts but texts and tags."""
    if wanted.text.split() or wanted.tags:
        return _Source(row=ResourceRow, count=func.count(), wanted=wanted)
    count = func.sum(col(ResourceTotalRow.resources), type_=Integer)
    return _Source(row=ResourceTotalRow, count=count, wanted=wanted)


def _found(
    organization_id: UUID,
    wanted: ResourceFilter,
    *columns: Any,
    row: type[ResourceRow] | type[ResourceTotalRow] = ResourceRow,
) -> Select[Any]:
    return select(*columns).where(
        col(row.organization_id) == organization_id,
        *_facts(organization_id, wanted, row),
        *_texts(organization_id, wanted),
    )


def _facts(
    organization_id: UUID,
    wanted: ResourceFilter,
    row: type[ResourceRow] | type[ResourceTotalRow],
) -> Iterator[ColumnElement[bool]]:
    match wanted.presence:
        case Presence.ACTIVE:
            yield col(row.is_active).is_(True)
        case Presence.DELETED:
            yield col(row.is_active).is_(False)
        case Presence.ALL:
            yield col(row.is_active).in_([True, False])
    choices: list[tuple[Any, Sequence[Any]]] = [
        (row.connection_id, wanted.connections),
        (row.type, wanted.types),
        (row.service, wanted.services),
        (row.status, wanted.statuses),
        (row.region, wanted.regions),
    ]
    yield from (col(column).in_(values) for column, values in choices if values)
    if wanted.providers:
        theirs = select(col(CloudConnectionRow.id)).where(
            col(CloudConnectionRow.organization_id) == organization_id,
            col(CloudConnectionRow.provider).in_(wanted.providers),
        )
        yield col(row.connection_id).in_(theirs)


def _texts(organization_id: UUID, wanted: ResourceFilter) -> Iterator[ColumnElement[bool]]:
    for word in wanted.text.lower().split():
        yield col(ResourceRow.search).contains(word, autoescape=True)
    for key, value in wanted.tags.items():
        yield _tagged(organization_id, key, value)


def _tagged(organization_id: UUID, key: str, value: str) -> ColumnElement[bool]:
    """Found once for all: asked of each resource, SQLite looks through every such tag."""
    conditions = [
        col(ResourceTagRow.organization_id) == organization_id,
        col(ResourceTagRow.key) == key,
    ]
    if value:
        conditions.append(col(ResourceTagRow.value) == value)
    return col(ResourceRow.id).in_(select(col(ResourceTagRow.resource_id)).where(*conditions))


def _lines(session: Session, ids: Sequence[UUID]) -> list[ResourceLine]:
    rows = session.execute(
        select(
            col(ResourceRow.id),
            col(ResourceRow.connection_id),
            col(CloudConnectionRow.display_name),
            col(ResourceRow.provider),
            col(ResourceRow.external_id),
            col(ResourceRow.type),
            col(ResourceRow.name),
            col(ResourceRow.service),
            col(ResourceRow.region),
            col(ResourceRow.status),
            col(ResourceRow.daily_cost),
            col(ResourceRow.monthly_cost),
            col(ResourceRow.currency),
            col(ResourceRow.cost_source),
            col(ResourceRow.environment),
            col(ResourceRow.owner),
            col(ResourceRow.changed_at),
            col(ResourceRow.is_active),
            col(ResourceRow.in_account_rate),
            col(ResourceRow.stated),
        )
        .join(CloudConnectionRow, col(CloudConnectionRow.id) == col(ResourceRow.connection_id))
        .where(col(ResourceRow.id).in_(ids))
    )
    names = [one.name for one in fields(ResourceLine)]
    found = {row[0]: _line(dict(zip(names, row, strict=True))) for row in rows}
    return [found[id_] for id_ in ids if id_ in found]


def _line(values: dict[str, Any]) -> ResourceLine:
    document = values.pop("stated")
    return ResourceLine(**values, stated=None if document is None else stated_of(document))
