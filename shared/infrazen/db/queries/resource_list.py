"""The pages of the resource table, in any order.

Which rows are on a page is found in one covering index, or in the order of another one; only
the rows of the page itself are read.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, tuple_
from sqlmodel import Session, col

from infrazen.db.queries.resource_counts import Source, around, source_of
from infrazen.db.queries.resource_filter import ResourceFilter, SortKey, found
from infrazen.db.queries.resource_lines import ResourceLine, lines
from infrazen.db.tables.resources import NO_COST, ResourceRow
from infrazen.domain.money import to_micro


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a page ends: what its last line is sorted by, and that line's id."""

    value: int | str | datetime
    id: UUID


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
    source = source_of(wanted)
    every = Source(row=source.row, count=source.count, wanted=around(wanted))
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
