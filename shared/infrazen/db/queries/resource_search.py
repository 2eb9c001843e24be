"""A page of the resource table together with what the whole filter comes to, in one look."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, null, select, type_coerce, union_all
from sqlmodel import Session, col

from infrazen.db.columns import Micro
from infrazen.db.queries import resource_counts, resource_filter, resource_lines, resource_list
from infrazen.db.queries.resource_counts import Summary
from infrazen.db.queries.resource_filter import ResourceFilter, SortKey
from infrazen.db.queries.resource_lines import ResourceLine
from infrazen.db.tables.resources import ResourceRow

_MONEY = ("currency", "in_account_rate", "daily_cost", "monthly_cost")


def search(
    session: Session,
    organization_id: UUID,
    wanted: ResourceFilter,
    *,
    sort: SortKey = SortKey.COST,
    descending: bool = True,
    offset: int = 0,
    limit: int = 50,
) -> tuple[list[ResourceLine], Summary]:
    """The rows of one page, and the count and sums of all that the filter finds.

    Looking for words and tags takes most of the time, so both come from what one look finds.
    """
    if not wanted.needs_rows:
        lines = resource_list.page(
            session,
            organization_id,
            wanted,
            sort=sort,
            descending=descending,
            offset=offset,
            limit=limit,
        )
        return lines, resource_counts.summary(session, organization_id, wanted)
    currencies = resource_counts.known_currencies(session, organization_id)
    found, ids = _found(organization_id, wanted, sort)
    key, tie = ids.selected_columns
    order = (key.desc(), tie.desc()) if descending else (key.asc(), tie.asc())
    page = ids.order_by(*order).offset(offset).limit(limit)
    both = _together(found, page, currencies, descending=descending)
    *rows, (_, _, *sums) = session.execute(both)
    lines = resource_lines.lines(session, [row[1] for row in rows])
    return lines, resource_counts.summary_of(currencies, sums)


def _found(organization_id: UUID, wanted: ResourceFilter, sort: SortKey) -> tuple[Any, Select[Any]]:
    """What is found, and its keys and ids; names are read for what is found alone."""
    id_, key = col(ResourceRow.id), col(resource_list.SORTED_BY[sort])
    money = [col(getattr(ResourceRow, name)) for name in _MONEY]
    if sort is SortKey.NAME:
        found = resource_filter.found(organization_id, wanted, id_, *money).cte("found")
        return found, select(key.label("key"), found.c.id).join(found, found.c.id == id_)
    columns = [id_, key.label("key"), *money]
    found = resource_filter.found(organization_id, wanted, *columns).cte("found")
    return found, select(found.c.key, found.c.id)


def _together(
    found: Any, page: Select[Any], currencies: Sequence[str], *, descending: bool
) -> Select[Any]:
    """The keys and ids of the page in order, and count and sums as the last row."""
    sums = list(resource_counts.summed(currencies, lambda name: found.c[name]))
    names = [f"sum_{n}" for n, _ in enumerate(sums)]
    nothing = [type_coerce(null(), Micro).label(name) for name in names]
    ids = page.subquery("page")
    lines = select(ids.c.key, ids.c.id, null().label("count"), *nothing)
    total = select(null(), null(), func.count(), *sums).select_from(found)
    both = union_all(lines, total).subquery("lines")
    key, id_, *_ = both.c
    order = (key.desc(), id_.desc()) if descending else (key.asc(), id_.asc())
    return select(*both.c).order_by(id_.is_(None), *order)
