"""The resource table: filter, search, sort, page, count, sum.

Which rows are on a page is found in one covering index, or in the order of another one; only
the rows of the page itself are read. How many there are and what they cost is known from
totals, and found in the same index where words or tags are asked for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, func, or_, select, tuple_
from sqlmodel import Session, col

from infrazen.db.columns import Micro
from infrazen.db.queries.overrides import stated_of
from infrazen.db.queries.resource_totals import WRITTEN
from infrazen.db.tables.connections import CloudConnectionRow
from infrazen.db.tables.resources import (
    NO_COST,
    ResourceRow,
    ResourceTagRow,
    ResourceTotalRow,
)
from infrazen.db.words import Contains
from infrazen.domain.costs import Rate
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
    """Which resources; empty means any. ``tags`` are key → value, an empty value any.

    An empty text among owners, environments and projects means that nobody wrote one.
    """

    text: str = ""
    connections: tuple[UUID, ...] = ()
    providers: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    statuses: tuple[ResourceStatus, ...] = ()
    regions: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    tags: dict[str, str] = field(default_factory=dict)
    presence: Presence = Presence.ACTIVE

    @property
    def needs_rows(self) -> bool:
        """Whether it asks for texts or tags, which totals do not know."""
        return bool(self.text.split() or self.tags)


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
    owner: str
    environment: str
    project: str
    count: int


_FACTS = ("connection_id", "type", "service", "status", "region", *WRITTEN)
FEW, VERY_FEW = 10_000, 1_000
"""How many rows may be walked past (some 15 ms), and looked up one by one, in no order."""
SORTED_BY: dict[SortKey, Any] = {
    SortKey.COST: ResourceRow.cost_rank,
    SortKey.NAME: ResourceRow.name,
    SortKey.TYPE: ResourceRow.type,
    SortKey.STATUS: ResourceRow.status,
    SortKey.REGION: ResourceRow.region,
    SortKey.SERVICE: ResourceRow.service,
    SortKey.CHANGED: ResourceRow.changed_at,
}
_OWN_INDEX = (SortKey.COST, SortKey.NAME)


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
    in_order = sort in _OWN_INDEX and _skips_few(session, organization_id, wanted, sort)
    statement, key = _ids(organization_id, wanted, sort, in_order=in_order)
    tie = col(ResourceRow.id)
    order = (key.desc(), tie.desc()) if descending else (key.asc(), tie.asc())
    statement = statement.order_by(*order).offset(offset).limit(limit)
    if after is not None:
        both, here = tuple_(key, tie), (after.value, after.id)
        statement = statement.where(both < here if descending else both > here)
    return lines(session, list(session.scalars(statement)))


def _ids(
    organization_id: UUID, wanted: ResourceFilter, sort: SortKey, *, in_order: bool
) -> tuple[Select[Any], Any]:
    """What finds the ids, and what to sort them by.

    Costs and names have indexes of their own: walked ``in_order`` until the page is full, each
    row looked at. Else all are found in the list's index first, and then sorted: an expression
    has no index, so that no database walks the other one instead.
    """
    key, id_ = col(SORTED_BY[sort]), col(ResourceRow.id)
    if in_order or sort not in _OWN_INDEX:
        return found(organization_id, wanted, id_), key
    if sort is SortKey.COST:
        return found(organization_id, wanted, id_), key + 0
    these = found(organization_id, wanted, id_).cte("these").prefix_with("MATERIALIZED")
    return select(id_).join(these, these.c.id == id_), key.concat("")


def _skips_few(
    session: Session, organization_id: UUID, wanted: ResourceFilter, sort: SortKey
) -> bool:
    """Whether a walk in order passes few rows that are not wanted, wherever those stand.

    The cheapest kind of resource may come after all others. Names are not in the list's index,
    so that they are looked up for a few at most.
    """
    if wanted.needs_rows:
        return False
    if wanted == ResourceFilter(presence=wanted.presence):
        return True
    source = _source(wanted)
    every = _Source(row=source.row, count=source.count, wanted=_around(wanted))
    first, second = (one.select(organization_id, one.count) for one in (source, every))
    chosen, all_ = (session.scalar(one) or 0 for one in (first, second))
    return all_ - chosen <= FEW or (sort is SortKey.NAME and chosen > VERY_FEW)


def ids(
    session: Session, organization_id: UUID, wanted: ResourceFilter, *, limit: int
) -> list[UUID]:
    """The ids of what a filter finds, ``limit`` at most, in no order."""
    statement = found(organization_id, wanted, col(ResourceRow.id)).limit(limit)
    return list(session.scalars(statement))


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
    source = _source(_around(wanted or ResourceFilter()))
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


def _around(wanted: ResourceFilter) -> ResourceFilter:
    return ResourceFilter(text=wanted.text, tags=wanted.tags, presence=wanted.presence)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """Where counts and sums come from: the resources themselves, or their totals."""

    row: type[ResourceRow] | type[ResourceTotalRow]
    count: Any
    wanted: ResourceFilter

    def column(self, name: str) -> Any:
        return col(getattr(self.row, name))

    def fact(self, name: str) -> Any:
        """A column; empty where nobody has written anything."""
        column = self.column(name)
        maybe = self.row is ResourceRow and name in WRITTEN
        return func.coalesce(column, "") if maybe else column

    def select(self, organization_id: UUID, *columns: Any) -> Select[Any]:
        return found(organization_id, self.wanted, *columns, row=self.row)


def _source(wanted: ResourceFilter) -> _Source:
    """Totals know all facts but texts and tags."""
    if wanted.needs_rows:
        return _Source(row=ResourceRow, count=func.count(), wanted=wanted)
    count = func.sum(col(ResourceTotalRow.resources), type_=Integer)
    return _Source(row=ResourceTotalRow, count=count, wanted=wanted)


def found(
    organization_id: UUID,
    wanted: ResourceFilter,
    *columns: Any,
    row: type[ResourceRow] | type[ResourceTotalRow] = ResourceRow,
) -> Select[Any]:
    """``columns`` of what ``wanted`` finds."""
    statement = select(*columns).where(
        col(row.organization_id) == organization_id,
        *_facts(organization_id, wanted, row),
        *_texts(wanted),
    )
    return _tagged(statement, organization_id, wanted.tags) if wanted.tags else statement


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
    written = zip(WRITTEN, (wanted.owners, wanted.environments, wanted.projects), strict=True)
    yield from (_says(row, name, values) for name, values in written if values)
    if wanted.providers:
        theirs = select(col(CloudConnectionRow.id)).where(
            col(CloudConnectionRow.organization_id) == organization_id,
            col(CloudConnectionRow.provider).in_(wanted.providers),
        )
        yield col(row.connection_id).in_(theirs)


def _says(
    row: type[ResourceRow] | type[ResourceTotalRow], name: str, values: Sequence[str]
) -> ColumnElement[bool]:
    """Whether one of ``values`` is written there; totals have an empty text for nothing."""
    column = col(getattr(row, name))
    if row is ResourceTotalRow or "" not in values:
        return column.in_(values)
    return or_(column.in_(values), column.is_(None))


def _texts(wanted: ResourceFilter) -> Iterator[ColumnElement[bool]]:
    for word in wanted.text.lower().split():
        yield Contains(col(ResourceRow.search), word)


def _tagged(statement: Select[Any], organization_id: UUID, tags: Mapping[str, str]) -> Select[Any]:
    """``statement`` about the resources that have all of ``tags``.

    It begins with those that have the first one: each is then found by its id, which takes a
    third of the time of asking every resource whether it is among them.
    """
    (first, value), *others = tags.items()
    ids = (
        select(col(ResourceTagRow.resource_id))
        .distinct()
        .where(*_tag(organization_id, first, value))
    )
    these = ids.subquery("tagged")
    statement = statement.select_from(ResourceRow).join(
        these, these.c.resource_id == col(ResourceRow.id)
    )
    for key, value in others:
        more = select(col(ResourceTagRow.resource_id)).where(*_tag(organization_id, key, value))
        statement = statement.where(col(ResourceRow.id).in_(more))
    return statement


def _tag(organization_id: UUID, key: str, value: str) -> list[ColumnElement[bool]]:
    conditions = [
        col(ResourceTagRow.organization_id) == organization_id,
        col(ResourceTagRow.key) == key,
    ]
    if value:
        conditions.append(col(ResourceTagRow.value) == value)
    return conditions


def lines(session: Session, ids: Sequence[UUID]) -> list[ResourceLine]:
    """The rows with ``ids``, in their order."""
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
    known = {row[0]: _line(dict(zip(names, row, strict=True))) for row in rows}
    return [known[id_] for id_ in ids if id_ in known]


def _line(values: dict[str, Any]) -> ResourceLine:
    document = values.pop("stated")
    return ResourceLine(**values, stated=None if document is None else stated_of(document))
